import { createHash } from 'node:crypto';
import { azureTimeAt } from './clock';
import type { State } from './state';

/** The simulated Azure as its operations see it: the state of the moment, the time, and where strange requests are reported. */
export interface World {
  readonly state: State;
  now(): Date;
  log(line: string): void;
}

/** The present in Azure milliseconds. */
export function azureNow(world: World): number {
  return azureTimeAt(world.state.clock, world.now().getTime());
}

/** The present as Azure writes it. */
export function timeStamp(world: World): string {
  return world.now().toISOString();
}

/** The next id: a GUID that depends only on the seed and on how many were given before, so that runs repeat. */
export function newId(state: State): string {
  state.idsGiven += 1;
  const digest = createHash('sha256').update(`${state.seed}:${state.idsGiven}`).digest('hex');
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `4${digest.slice(13, 16)}`,
    `8${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join('-');
}

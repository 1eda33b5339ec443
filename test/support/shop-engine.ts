import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Azure } from '../../src/azure/azure';
import { type RunningEngine, startEngine } from '../../src/engine/create-engine';
import { createDbos } from '../../src/engine/dbos-durable';
import type { Engine } from '../../src/engine/engine';
import type { Estate } from '../../src/engine/estate';
import { loadRunbooks } from '../../src/engine/load-runbooks';
import type { Entry, EventType } from '../../src/incidents/event';
import type { RunState } from '../../src/incidents/run-state';
import { createTimeline, type Timeline } from '../../src/incidents/timeline';
import type { Store } from '../../src/store/store';
import { alex } from './people';
import { estate } from './protected-app';

const thisMoment = (): Date => new Date();

/** The runbooks of the source. */
export const loadedRunbooks = () => loadRunbooks(join(__dirname, '..', '..', 'src', 'runbooks'));

/** Starts the real engine on a store and an Azure. One at a time in a process; waits are cut to 20 ms. */
export const startShop = (
  store: Pick<Store, 'pool' | 'url'>,
  azure: Azure,
  {
    now = thisMoment,
    ...more
  }: {
    readonly estate?: Estate;
    readonly timeline?: Timeline;
    readonly runbooks?: ReturnType<typeof loadRunbooks>;
    readonly now?: () => Date;
  } = {},
): Promise<RunningEngine> =>
  startEngine({
    ...{ pool: store.pool, azure, now, estate, timeline: createTimeline(store.pool, now) },
    durable: createDbos({ url: store.url, executor: 'bot', log: () => undefined }),
    runbooks: loadedRunbooks(),
    sleep: (ms) => pause(Math.min(ms, 20)),
    ...more,
  });

/** What Alex asks for: the shop's database as it was an hour ago, in production's place. */
export const restoreRequest = (id: string, more: { readonly how?: 'swap' | 'beside' } = {}) => ({
  ...{ id, app: 'shop', runbook: 'restore-database', words: '@dr restore db to an hour ago', by: alex },
  parameters: { database: 'shop', at: anHourAgo, how: 'swap', reason: 'wrong rows', ...more },
  ...{ conversation: 'general', at: thisMoment() },
});

const anHourAgo = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 3_600_000).toISOString();

/** Waits until a run is as it should be. @throws with its last state when that takes more than ten seconds. */
export async function until(
  engine: Engine,
  run: string,
  isSo: (state: RunState) => boolean,
): Promise<RunState> {
  const giveUpAt = Date.now() + 10_000;
  for (;;) {
    const state = await stateIn(engine, run);
    if (isSo(state)) return state;
    if (Date.now() > giveUpAt)
      throw new Error(`It never came to that: ${JSON.stringify({ ...state, plan: null })}`);
    await pause(10);
  }
}

/** A run as it is now. @throws when there is none. */
export async function stateIn(engine: Engine, run: string): Promise<RunState> {
  const state = (await engine.incidentOfRun(run))?.runs.find((one) => one.run === run);
  if (!state) throw new Error(`There is no run ${run}.`);
  return state;
}

/** The entries of a run, as they are in the timeline. */
export const entriesOf = async (engine: Engine, run: string): Promise<readonly Entry[]> =>
  ((await engine.incidentOfRun(run))?.entries ?? []).filter((entry) => entry.run === run);

/** How many entries of a type a run has. */
export const countOf = async (engine: Engine, run: string, type: EventType): Promise<number> =>
  (await entriesOf(engine, run)).filter((entry) => entry.event.type === type).length;

/** Whether a gate waits for an answer. */
export const asks =
  (stage: string, round = 1) =>
  (state: RunState): boolean => {
    const gate = state.gates[stage];
    return gate !== undefined && gate.closed === null && gate.round === round;
  };

/** Whether the run is over. */
export const isOver = (state: RunState): boolean => state.finished !== null;

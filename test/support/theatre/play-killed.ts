import type { Scenario } from '../../scenarios/scenario';
import { startChild } from '../child';
import { isChange, requestKey } from './changes';
import { endOf } from './complaints';
import { setScene } from './scene';
import type { Played, Theatre } from './theatre';
import type { TheatreChildInput } from './theatre-child';

/** When the bot is killed: after these entries, and once after each of these changes has reached Azure. */
export interface Kills {
  readonly afterEntries: readonly string[];
  readonly afterChanges: readonly string[];
}

const TOO_LONG_MS = 120_000;

/**
 * The entries after which a run's bot is killed: every one that belongs to a stage. Half of them in one play and half
 * in another, so that a bot never dies before it has gone on at all.
 */
export function entryEnds({ entries, state }: Played): readonly string[] {
  const ofStages = entries.filter(
    ({ run, event }) => run === state.run && ('stage' in event || event.type === 'plan.compiled'),
  );
  return ofStages.filter(({ actor }) => actor.kind === 'bot').map((entry) => endOf(entry));
}

/** Plays a scenario in a process that is killed and started again and again; what differs from a calm play. */
export async function playKilled(
  theatre: Theatre,
  scenario: Scenario,
  calm: Played,
  kills: Kills,
): Promise<{ readonly deaths: number; readonly complaints: readonly string[] }> {
  const { simulator } = theatre;
  const scene = await setScene(theatre, scenario, calm);
  const changesLeft = new Set(kills.afterChanges);
  let pid = 0;
  const unwatch = simulator.onRequest((entry) => {
    if (isChange(entry) && changesLeft.delete(requestKey(entry))) process.kill(pid, 'SIGKILL');
  });
  try {
    const input: TheatreChildInput = { ...scene.input, dieAfter: kills.afterEntries };
    const giveUpAt = Date.now() + TOO_LONG_MS;
    for (let deaths = 0; ; deaths++) {
      const child = startChild('theatre/theatre-child.ts', input, simulator.environment);
      pid = child.pid;
      const tooLong = setTimeout(() => void child.kill(), Math.max(0, giveUpAt - Date.now()));
      const end = await child.ended;
      clearTimeout(tooLong);
      if (Date.now() > giveUpAt) return { deaths, complaints: ['it took too long'] };
      if (end === 'SIGKILL') continue;
      if (end !== 0) return { deaths, complaints: [`the bot ended with ${end}: ${child.complaints()}`] };
      return { deaths, complaints: await scene.complaints() };
    }
  } finally {
    unwatch();
    await scene.close();
  }
}

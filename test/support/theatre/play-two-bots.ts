import { setTimeout as pause } from 'node:timers/promises';
import type { Scenario } from '../../scenarios/scenario';
import { isChange, requestKey } from './changes';
import { startPair } from './pair';
import { setScene } from './scene';
import { claimed, type Pause, type Strike } from './strikes';
import type { Played, Theatre } from './theatre';

/** How long a bot that stands still keeps the right here: shorter than in earnest, and long enough for a busy machine. */
const LEASE_MS = 3_000;
const TOO_LONG_MS = 180_000;
/** How long a bot may take to notice that it was replaced, or to end when it is told to. */
const AT_ONCE_MS = 30_000;
const LOOK_EVERY_MS = 20;

/**
 * Plays a scenario with two bots on one store; the one that carries it out is struck when it comes to these moments, at
 * most once each time that it has taken the right. How many strikes came, and what differs from a calm play.
 */
export async function playTwoBots(
  theatre: Theatre,
  scenario: Scenario,
  calm: Played,
  strikes: readonly Strike[],
): Promise<{ readonly struck: number; readonly complaints: readonly string[] }> {
  const { simulator } = theatre;
  const scene = await setScene(theatre, scenario, calm);
  const giveUpAt = Date.now() + TOO_LONG_MS;
  const waking: Promise<void>[] = [];
  const input = { ...scene.input, strikes, folder: scene.folder, leaseMs: LEASE_MS };
  const pair = startPair(input, simulator.environment, (name, how) => {
    waking.push(isTimeToWake(how).then(() => pair.wake(name)));
  });
  const unwatch = simulator.onRequest((entry) => {
    const key = isChange(entry) ? requestKey(entry) : null;
    pair.strike(strikes.findIndex(({ when, what }) => when === 'after change' && what === key));
  });

  /** Waits until the other bot has taken over, and for a long pause has ended what this one was about, or was struck itself. */
  async function isTimeToWake(how: Pause): Promise<void> {
    const [taken, struck, before] = [pair.taken(), claimed(scene.folder), await scene.state()];
    const underWay = Object.entries(before?.stages ?? {}).filter(([, { status }]) => status === 'running');
    const hasGoneOn = async () => {
      const now = await scene.state();
      return now?.finished || underWay.every(([stage]) => now?.stages[stage]?.status !== 'running');
    };
    await until(giveUpAt, async () => {
      if (pair.taken() === taken) return pair.wrong().length > 0;
      return how === 'pause' || claimed(scene.folder) > struck || (await hasGoneOn());
    });
  }

  try {
    const inTime = await until(
      giveUpAt,
      async () => (await scene.state())?.finished || pair.wrong().length > 0,
    );
    if (!inTime)
      return {
        struck: claimed(scene.folder),
        complaints: [`it took too long: ${JSON.stringify((await scene.state())?.stages)} ${pair.log()}`],
      };
    await Promise.all(waking);
    const soon = Date.now() + AT_ONCE_MS;
    const noticed = await until(soon, async () => pair.haveNoticed() || pair.wrong().length > 0);
    const ended = await Promise.race([pair.end().then(() => true), pause(AT_ONCE_MS, false, { ref: false })]);
    const complaints = [
      ...pair.wrong(),
      ...(noticed ? [] : [`a bot that woke up did not notice that it was replaced: ${pair.log()}`]),
      ...(ended ? [] : [`a bot did not end when it was told to: ${pair.log()}`]),
      ...(await scene.complaints()),
    ];
    return { struck: claimed(scene.folder), complaints };
  } finally {
    unwatch();
    await pair.kill();
    await scene.close();
  }
}

/** Waits until something is so; false when it is not in time. */
async function until(giveUpAt: number, isSo: () => Promise<unknown>): Promise<boolean> {
  for (; Date.now() < giveUpAt; await pause(LOOK_EVERY_MS)) if (await isSo()) return true;
  return false;
}

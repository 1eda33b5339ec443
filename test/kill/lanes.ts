import { type Killed, type Killing, kill } from './killing';
import { type Lane, startLane } from './lane';
import type { Ending } from './play';
import type { Record } from './record';

/** What undisturbed runs leave behind, by how they end. */
export type Wanted = { readonly [E in Ending]: Record };

/**
 * Carries out all killings, `side` of them side by side: most of a run is waiting. A lane in which a run got stuck is
 * replaced. Tells of each as soon as it is over.
 */
export async function killAll(
  killings: readonly Killing[],
  wanted: Wanted,
  side: number,
  tell: (killed: Killed) => void,
): Promise<void> {
  const queue = [...killings];
  // One after the other: what a start needs of the processor would make the others run into their time limits.
  let starting: Promise<unknown> = Promise.resolve();
  const start = (): Promise<Lane> => {
    const started = starting.then(startLane, startLane);
    starting = started.catch(() => undefined);
    return started;
  };
  const work = async (): Promise<void> => {
    let lane: Lane | null = null;
    try {
      for (let next = queue.shift(); next; next = queue.shift()) {
        lane ??= await start();
        const killed = await attempt(lane, next, wanted[next.ending]);
        tell(killed);
        if (!killed.stuck) continue;
        await lane.close();
        lane = null;
      }
    } finally {
      await lane?.close();
    }
  };
  await Promise.all(Array.from({ length: side }, work));
}

async function attempt(lane: Lane, killing: Killing, wanted: Record): Promise<Killed> {
  try {
    return await kill(lane, killing, wanted);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { killing, seconds: 0, stuck: true, wrong: [words] };
  }
}

import { type Killed, type Killing, kill } from './killing';
import { type Lane, startLane } from './lane';
import type { Ending } from './play';
import type { Record } from './record';

/** What undisturbed runs leave behind, by how they end. */
export type Wanted = { readonly [E in Ending]: Record };

/** How much of a bot's log is shown where a run got stuck, in characters. */
const LOG_SHOWN = 4_000;

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
    for (let killing = queue.shift(); killing; killing = queue.shift()) {
      try {
        lane ??= await start();
        tell(await kill(lane, killing, wanted[killing.ending]));
      } catch (error) {
        const said = error instanceof Error ? error.message : String(error);
        const log = lane?.world.bot.log().slice(-LOG_SHOWN) ?? '';
        tell({ killing, seconds: 0, wrong: [`${said}\nThe bot's log ends with:\n${log}`] });
        await lane?.close();
        lane = null;
      }
    }
    await lane?.close();
  };
  await Promise.all(Array.from({ length: side }, work));
}

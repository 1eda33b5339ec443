import { type Boundary, keyOf } from './boundary';
import type { Lane } from './lane';
import { type Ending, play } from './play';
import { differences, type Record, recordOf } from './record';

/** Where the bot dies in a run: at each of these boundaries, once, when it comes to it. */
export interface Killing {
  readonly ending: Ending;
  readonly at: readonly string[];
  /** Boundaries do not count before this one was passed. */
  readonly since?: string;
  /** Every activity is delivered four times, and all of them once more at the end. */
  readonly fourfold?: boolean;
}

/** What came of a killing. */
export interface Killed {
  readonly killing: Killing;
  readonly seconds: number;
  /** What is not as in an undisturbed run; empty when all is well. */
  readonly wrong: readonly string[];
}

/** In a killing: the very first thing that is seen of the bot after its restart. */
export const AT_ONCE = 'at once after the restart';

/** The entry with which a run begins to take its steps back. */
export const UNDO = 'timeline after undo';

/** Plays a run that nobody disturbs: every boundary it passes, and what it leaves behind. */
export async function undisturbed(
  lane: Lane,
  ending: Ending,
): Promise<{ readonly boundaries: readonly Boundary[]; readonly record: Record }> {
  const boundaries: Boundary[] = [];
  const seen = new Set<string>();
  lane.watch((boundary) => {
    const key = keyOf(boundary);
    // What is done again to take a step back is another moment of the run.
    if (key === UNDO) seen.clear();
    if (!seen.has(key)) boundaries.push(boundary);
    seen.add(key);
    return 'go on';
  });
  const record = await recordOf(lane, await play(lane, ending));
  return { boundaries, record };
}

/** Plays a run in which the bot is killed, and compares what it leaves behind with an undisturbed run. */
export async function kill(lane: Lane, killing: Killing, wanted: Record): Promise<Killed> {
  const begun = Date.now();
  const left = killAt(lane, killing);
  lane.relay.copies = killing.fourfold ? 4 : 1;
  const played = await play(lane, killing.ending);
  if (killing.fourfold) await lane.relay.again();
  const found = await recordOf(lane, played);
  return {
    killing,
    seconds: (Date.now() - begun) / 1000,
    wrong: [...left().map((one) => `never came to: ${one}`), ...differences(found, wanted)],
  };
}

/**
 * Lets a lane's bot die at boundaries; gives the ones not met yet. What runs side by side comes in another order in
 * every run, so each counts when it comes, except for what is to come right after a restart.
 */
function killAt(lane: Lane, { at, since }: Killing): () => readonly string[] {
  const left = [...at];
  let counts = since === undefined;
  lane.watch((boundary) => {
    const key = keyOf(boundary);
    counts ||= key === since;
    const index = left[0] === AT_ONCE ? 0 : left.indexOf(key);
    if (!counts || index === -1) return 'go on';
    left.splice(index, 1);
    return 'cut';
  });
  return () => left;
}

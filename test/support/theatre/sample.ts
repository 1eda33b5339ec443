import type { Pair, Point } from './points';
import { type Wrong, wrongs } from './wrongs';

/** What a sample of the fault matrix has to hold: a wrong, with a change or with a reading. */
export interface Want {
  readonly wrong: Wrong;
  readonly reads: boolean;
}

/** A call of its kind that everything can befall that can befall any. */
const likeliest = (reads: boolean): Point => ({
  ...{ key: 'POST management.azure.com/', reads, from: 'the beginning', accepted: true },
});

const canBefall = ({ wrong, reads }: Want, point: Point): boolean =>
  point.reads === reads && (wrong.befalls?.(point) ?? true);

/** Every wrong with a change, and with a reading each that can befall one. */
export const allWants: readonly Want[] = [false, true]
  .flatMap((reads) => wrongs.map((wrong) => ({ wrong, reads })))
  .filter((want) => canBefall(want, likeliest(want.reads)));

/**
 * What to play with the calls of one scenario so that nothing of `open` is left when the last of `scenariosLeft`, this
 * one included, has been played. What can befall the fewest calls comes first: another scenario may have none of them.
 */
export function dealt(
  open: readonly Want[],
  points: readonly Point[],
  scenariosLeft: number,
): readonly Pair[] {
  const playable = open
    .map((want) => ({ want, calls: points.filter((point) => canBefall(want, point)) }))
    .filter(({ calls }) => calls.length > 0)
    .toSorted((one, other) => one.calls.length - other.calls.length);
  return playable.slice(0, Math.ceil(open.length / scenariosLeft)).flatMap(({ want, calls }) => {
    // Another kind of call in each scenario.
    const call = calls[(scenariosLeft * 7) % calls.length];
    return call ? [[call, want.wrong] as const] : [];
  });
}

/** Whether this is what a pair has shown. */
export const isShownBy =
  ([point, wrong]: Pair) =>
  (want: Want): boolean =>
    want.wrong === wrong && want.reads === point.reads;

/** A want in words, as a test that misses it tells. */
export const wantWords = ({ wrong, reads }: Want): string =>
  `${wrong.name}, with a ${reads ? 'reading' : 'change'}`;

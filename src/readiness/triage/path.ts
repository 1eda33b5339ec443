import type { Turn, Verdict } from './verdict';

/** The way through the tree so far, and where it ends; `afterwards` is what is wrong as well. */
export interface Walked {
  readonly path: readonly Turn[];
  readonly verdict: Verdict;
  readonly afterwards: readonly string[];
}

/** The end of a way. */
export const ends = (
  path: readonly Turn[],
  verdict: Verdict,
  afterwards: readonly string[] = [],
): Walked => ({
  ...{ path, verdict, afterwards },
});

/** One more turn on the way. */
export const turn = (question: string, answer: string, because: string): Turn => ({
  question,
  answer,
  because,
});

import { setTimeout as sleep } from 'node:timers/promises';
import { AzureProblem } from '../../../azure/operation';
import { isSilence } from '../../../azure/problem';
import type { Unknown } from '../finding';

/** What a probe may take, in milliseconds: the whole card has to be there within ten seconds. */
export const PROBE_MS = 8_000;

/** A probe's finding, or `late` when it takes longer. What comes after that is not waited for. */
export async function within<F>(ms: number, probe: Promise<F>, late: () => F): Promise<F> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<F>((resolve) => {
    timer = setTimeout(() => resolve(late()), ms);
  });
  try {
    return await Promise.race([probe, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

const LOOKS = 3;
const PAUSE_MS = 700;

/**
 * What is seen when something is looked at again while it is not well and there is time: what passes by itself within
 * moments is no finding, and nothing may be recommended because of it.
 */
export async function lastSeen<T>(
  look: () => Promise<T>,
  isWell: (seen: T) => boolean,
  ms: number,
): Promise<T> {
  const until = performance.now() + ms;
  let seen = await look();
  for (let looks = 1; looks < LOOKS && !isWell(seen); looks++) {
    const before = seen;
    if (performance.now() + 2 * PAUSE_MS > until) return before;
    await sleep(PAUSE_MS);
    seen = await within(until - performance.now(), look(), () => before);
  }
  return seen;
}

/** What could not be read becomes a finding that says so; a bug is thrown on. */
export function unknownFrom(error: unknown, what: string, now: () => Date): Unknown {
  if (!(error instanceof AzureProblem)) throw error;
  const { code, status } = error.details;
  const because = isSilence(error) ? 'silent' : 'refused';
  const words =
    because === 'silent'
      ? silence(what, code)
      : `${what} could not be read (${status === null ? code : `HTTP ${status}, ${code}`}).`;
  return { state: 'unknown', because, words, at: at(now) };
}

/** That something did not answer; a deadline that passed needs no code. */
export const silence = (what: string, code: string): string =>
  `${what} did not answer ${code === 'Timeout' ? 'in time' : `(${code})`}.`;

/** The moment of a finding, to the second. */
export const at = (now: () => Date): string =>
  now()
    .toISOString()
    .replace(/\.\d+Z$/, 'Z');

/** A moment as findings say it: `2026-02-14 09:58Z`. */
export const utc = (time: Date): string => `${time.toISOString().slice(0, 16).replace('T', ' ')}Z`;

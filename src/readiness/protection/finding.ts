import type { Known } from '../known';

/** How one thing is protected, beside what the document assumes. */
export interface Protection {
  readonly what: string;
  /** What Azure says now. */
  readonly found: string;
  /** What the document assumes. */
  readonly assumed: string;
  /** `kept`: as the document assumes, or better. `weaker`: a runbook would do less than it promises. */
  readonly verdict: 'kept' | 'weaker' | 'unknown';
  /** What that means on the worst day, or what to do about it. */
  readonly words: string;
}

/** The protection of something that was read; unknown where it was not, and weaker where it is not there at all. */
export function protection<T>(
  head: Pick<Protection, 'what' | 'assumed'>,
  reading: Known<T | null>,
  judge: (value: T) => Omit<Protection, 'what' | 'assumed'>,
): Protection {
  if ('unknown' in reading)
    return {
      ...head,
      found: `Unknown: ${reading.unknown}`,
      verdict: 'unknown',
      words: 'Look in the Azure portal.',
    };
  if (reading.value === null)
    return {
      ...{ ...head, found: 'Azure has no such resource' },
      ...{
        verdict: 'weaker',
        words: 'The name in the estate file is wrong, or somebody has deleted it: see “@dr inventory”.',
      },
    };
  return { ...head, ...judge(reading.value) };
}

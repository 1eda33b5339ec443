import { AzureProblem } from '../azure/operation';

/** Something that was read, or why it is not known. Unknown is never shown as "none" or as 0. */
export type Known<T> = { readonly value: T } | { readonly unknown: string };

/**
 * What a reading gives within its time; an Azure that refuses or does not answer makes it unknown, in words.
 * @throws what is no refusal of Azure's: a bug.
 */
export async function known<T>(reading: Promise<T>, withinMs: number): Promise<Known<T>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Known<T>>((resolve) => {
    timer = setTimeout(
      () => resolve({ unknown: `no answer within ${Math.round(withinMs / 1000)} s` }),
      withinMs,
    );
  });
  try {
    return await Promise.race([late, reading.then((value) => ({ value }), unknownBecause)]);
  } finally {
    clearTimeout(timer);
  }
}

function unknownBecause(error: unknown): { readonly unknown: string } {
  if (error instanceof AzureProblem) return { unknown: `could not be read (${error.details.code})` };
  throw error;
}

import type { SeedName } from './state';

/** The estate that a fresh simulator begins with, as SIMULATOR_SEED names it; undefined when it names none. */
export function readSeed(text: string | undefined): SeedName | undefined {
  if (text === undefined || text === '') {
    return undefined;
  }
  if (text === 'tier2' || text === 'tier3') {
    return text;
  }
  throw new Error(
    `SIMULATOR_SEED must be tier2 or tier3, not "${text}". Set it to one of them or leave it out.`,
  );
}

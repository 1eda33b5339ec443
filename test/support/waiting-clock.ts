import type { Patience } from '../../src/engine/perform';

/** A clock that only waiting moves, and how many minutes have passed by it. */
export function waitingClock(): { readonly patience: Patience; readonly minutes: () => number } {
  let now = 0;
  const patience: Patience = {
    now: () => new Date(now),
    sleep: async (ms) => {
      now += ms;
    },
    tell: () => undefined,
  };
  return { patience, minutes: () => now / 60_000 };
}

/** So many requests in so many milliseconds. */
type Window = { readonly most: number; readonly within: number };

/** What Teams counts apart: sending to a conversation, starting one, reading members or conversations. */
export type LimitedOperation = 'send' | 'create' | 'read';

const sending: readonly Window[] = [
  { most: 7, within: 1_000 },
  { most: 8, within: 2_000 },
  { most: 60, within: 30_000 },
  { most: 1_800, within: 3_600_000 },
];

/** Teams' limits per bot and conversation, a channel with all its threads being one conversation (msteams-docs, bots/how-to/rate-limit.md). */
export const teamsLimits: Readonly<Record<LimitedOperation, readonly Window[]>> = {
  send: sending,
  create: sending,
  read: [
    { most: 14, within: 1_000 },
    { most: 16, within: 2_000 },
    { most: 120, within: 30_000 },
    { most: 3_600, within: 3_600_000 },
  ],
};

/** Seconds to wait before the next request of this kind is let through, given when (ms, oldest first) earlier ones were; 0 when it may pass now. */
export function retryAfter(operation: LimitedOperation, earlier: readonly number[], now: number): number {
  const waits = teamsLimits[operation].map(({ most, within }) => {
    const blocking = earlier.at(-most);
    return blocking === undefined ? 0 : blocking + within - now;
  });
  return Math.max(0, Math.ceil(Math.max(...waits) / 1_000));
}

/** Remembers what was let through and says of each request how long it has to wait, in seconds; what is refused does not count. */
export function createLimiter(): (operation: LimitedOperation, conversation: string, now: number) => number {
  const passed = new Map<string, number[]>();
  return (operation, conversation, now) => {
    const key = `${operation} ${conversation}`;
    const earlier = passed.get(key) ?? [];
    const wait = retryAfter(operation, earlier, now);
    if (wait === 0) passed.set(key, [...earlier.filter((at) => at > now - 3_600_000), now]);
    return wait;
  };
}

/** So many sends in so many milliseconds. */
interface Window {
  readonly most: number;
  readonly within: number;
}

/**
 * What Teams allows one bot in one conversation, a channel with all its threads being one (msteams-docs,
 * `bots/how-to/rate-limit.md`). The windows are a little longer than Teams', because the two clocks measure at the
 * two ends of a network.
 */
const WINDOWS: readonly Window[] = [
  { most: 7, within: 1_150 },
  { most: 8, within: 2_200 },
  { most: 60, within: 30_500 },
  { most: 1_800, within: 3_605_000 },
];

/** What redraws of one conversation may use of each window, so that they never stand in the way of a new entry. */
const SPARE: readonly Window[] = [
  { most: 3, within: 1_150 },
  { most: 4, within: 2_200 },
  { most: 35, within: 30_500 },
  { most: 1_300, within: 3_605_000 },
];

/** How long a conversation's sends are remembered, in milliseconds. */
export const REMEMBERED_MS = 3_605_000;

/** Longer than every window but the longest, in milliseconds. */
const RECENT_MS = 30_500;

/** Milliseconds until one more send is within the limits, given when (ms, oldest first) earlier ones were; 0 for now. */
function waitMs(earlier: readonly number[], now: number, what: 'new' | 'redraw'): number {
  const waits = (what === 'new' ? WINDOWS : SPARE).map(({ most, within }) => {
    const blocking = earlier.at(-most);
    return blocking === undefined ? 0 : blocking + within - now;
  });
  return Math.max(0, ...waits);
}

/** Keeps Teams' limits over all of the bot's conversations. */
export interface Governor {
  /** Milliseconds until a send may go to this conversation; 0 counts it as under way until `ended` is told. */
  readonly ask: (conversation: string, what: 'new' | 'redraw') => number;
  /**
   * A send that was under way has been answered. It counts from now on: Teams got it at some time before, which on a
   * busy machine or a slow network is not when it was begun.
   */
  readonly ended: (conversation: string) => void;
  /** Teams said to wait: nothing goes to this conversation before then. */
  readonly holdUntil: (conversation: string, until: number) => void;
  /** Takes over what the store knows of sends, by whichever process (oldest first). */
  readonly remember: (sends: readonly Remembered[]) => void;
}

interface Remembered {
  readonly conversation: string;
  readonly at: Date;
}

/** How long after its beginning, which is all that is remembered of it, a send may have reached Teams, in milliseconds. */
const ON_ITS_WAY_MS = 2_000;

/** A governor that remembers when the sends of an earlier start were begun (oldest first). */
export function createGovernor(now: () => Date, remembered: readonly Remembered[]): Governor {
  const sent = new Map<string, number[]>();
  const underWay = new Map<string, number>();
  const held = new Map<string, number>();
  const remember = (sends: readonly Remembered[]): void => {
    const at = now().getTime();
    // Of its own sends the store knows the older ones as well; what it does not know is few, and counts for a moment only.
    for (const [conversation, times] of sent)
      sent.set(
        conversation,
        times.filter((time) => time > at - RECENT_MS),
      );
    for (const { conversation, at: begun } of sends) {
      const arrived = Math.min(begun.getTime() + ON_ITS_WAY_MS, at);
      sent.set(conversation, [...(sent.get(conversation) ?? []), arrived]);
    }
    for (const times of sent.values()) times.sort((a, b) => a - b);
  };
  remember(remembered);
  return {
    remember,
    ask: (conversation, what) => {
      const at = now().getTime();
      const earlier = (sent.get(conversation) ?? []).filter((time) => time > at - REMEMBERED_MS);
      const flying = underWay.get(conversation) ?? 0;
      const counted = [...earlier, ...Array.from({ length: flying }, () => at)];
      const wait = Math.max(waitMs(counted, at, what), (held.get(conversation) ?? 0) - at);
      if (wait <= 0) underWay.set(conversation, flying + 1);
      sent.set(conversation, earlier);
      return Math.max(0, wait);
    },
    ended: (conversation) => {
      underWay.set(conversation, Math.max(0, (underWay.get(conversation) ?? 0) - 1));
      sent.set(conversation, [...(sent.get(conversation) ?? []), now().getTime()]);
    },
    holdUntil: (conversation, until) => {
      held.set(conversation, Math.max(until, held.get(conversation) ?? 0));
    },
  };
}

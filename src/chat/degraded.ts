import type { Logger } from 'pino';
import { isStoreGone, neverReachedStore } from '../store/store-gone';
import type { Connector } from './connector';
import type { Governor } from './governor';
import type { Incoming } from './incoming';
import { postPaced } from './post-paced';
import { type Reference, referenceIn } from './references';

const GONE = 'The bot is degraded: it cannot reach its store.';
const MEANWHILE =
  'Nothing new begins in Azure, and nothing that was recorded is lost: runs go on when the store answers again.';
const NOT_TAKEN = `${GONE} What you just sent was not taken. ${MEANWHILE} Send it again then.`;

/** What is said where a write was not answered: it may be true in the store. */
export const UNSURE = `${GONE} What you just sent may not have been taken. ${MEANWHILE} Look at the card or the thread then, and send it again if it is not there.`;

/** What is said where the store went after what was pressed had been recorded. */
export const RECORDED =
  'Recorded. The bot cannot reach its store at this moment: the card follows when it answers again.';
const RUNS_WAIT = `${GONE} What Azure was asked for goes on there. ${MEANWHILE}`;
const RUNS_GO_ON = 'The store answers again, and the bot goes on.';
const BACK = `${RUNS_GO_ON} What you sent meanwhile may not have been taken: look, and send it again if it is not there.`;

/** What is said of what came in and met a store that is gone. */
export const degradedWords = (error: unknown): string => (neverReachedStore(error) ? NOT_TAKEN : UNSURE);

/** How often the store is looked for while people wait for it, and how often one conversation is told, in milliseconds. */
const LOOK_EVERY_MS = 2_000;
const TELL_EVERY_MS = 60_000;

/**
 * Tells conversations that the store does not answer, and when it does again: past the outbox, which is in the store.
 * It is tried for as long as it is so, within Teams' limits.
 */
export interface Degraded {
  /** True when the store was to blame; the conversation of a message was told then, once a minute at most. */
  readonly tell: (error: unknown, activity: Incoming) => boolean;
  /** Whoever follows an incident there is told as well, without asking; null when nothing is under way in it any more. */
  readonly follow: (incident: string, thread: Thread | null) => void;
  /** Leaves the incidents to whoever tells of them from now on, unless the store is gone: then nobody else can. */
  readonly handOver: () => Promise<void>;
  readonly stop: () => void;
}

/** A conversation, and the address that it is reached by. */
interface Thread {
  readonly conversation: string;
  readonly reference: Reference;
}

interface Told {
  readonly thread: Thread;
  readonly at: number;
  /** Whether somebody has written there meanwhile. */
  readonly wrote: boolean;
  /** Ends with whether it may have been read there. */
  heard: Promise<boolean>;
}

/** Says it in conversations that somebody writes in, or follows a run in. `storeAnswers` asks the store for anything. */
export function createDegraded(ports: {
  readonly connector: Pick<Connector, 'post'>;
  readonly governor: Governor;
  readonly storeAnswers: () => Promise<unknown>;
  readonly now: () => Date;
  readonly log: Logger;
}): Degraded {
  const { storeAnswers, now, log } = ports;
  const told = new Map<string, Told>();
  const followed = new Map<string, Thread>();
  let timer: NodeJS.Timeout | undefined;
  let silentLooks = 0;
  let stopped = false;

  /** Ends with whether it may have arrived. */
  const say = async (
    { conversation, reference }: Thread,
    text: string,
    isWanted: () => boolean,
  ): Promise<boolean> => {
    const sent = await postPaced(ports, { to: reference, conversation, message: { text } }, isWanted);
    if (sent !== null && sent.kind !== 'done')
      log.warn({ problem: sent.problem }, 'Teams did not take a word on the store.');
    return sent?.kind === 'done' || sent?.kind === 'unknown';
  };
  const failed = (error: unknown): void =>
    log.warn({ err: error }, 'A conversation could not be told of the store.');

  /** Says it in a conversation, unless it was said there not long ago to the same people. */
  function tellIn(thread: Thread, text: string, wrote: boolean): void {
    const at = now().getTime();
    const { conversation } = thread;
    const last = told.get(conversation);
    if (last && at - last.at < TELL_EVERY_MS && (last.wrote || !wrote)) return;
    const before = last?.heard ?? Promise.resolve(false);
    const telling: Told = { thread, at, wrote: wrote || (last?.wrote ?? false), heard: before };
    told.set(conversation, telling);
    const said = say(thread, text, () => told.get(conversation) === telling);
    telling.heard = Promise.all([before, said]).then((ever) => ever.includes(true));
    telling.heard.catch(failed);
  }

  async function answers(): Promise<boolean> {
    try {
      await storeAnswers();
      return true;
    } catch {
      return false;
    }
  }

  async function look(): Promise<void> {
    if (!(await answers())) {
      silentLooks += 1;
      // One look may fail where nothing is wrong that anybody would notice.
      if (silentLooks === 2) for (const thread of followed.values()) tellIn(thread, RUNS_WAIT, false);
      return;
    }
    if (told.size === 0 && silentLooks === 0) return;
    silentLooks = 0;
    const waiting = [...told.values()];
    // What still waits to be said is not so any more.
    told.clear();
    // Who tells of the incidents from now on, here or elsewhere, follows them anew.
    followed.clear();
    restOrLook();
    const until = now().getTime() + TELL_EVERY_MS;
    const back = async ({ thread, wrote, heard }: Told): Promise<void> => {
      if (await heard) await say(thread, wrote ? BACK : RUNS_GO_ON, () => now().getTime() < until);
    };
    await Promise.all(waiting.map((telling) => back(telling).catch(failed)));
  }
  let looking = false;
  /** One look at a time: a store that is silent lets each of them wait. */
  function lookOnce(): void {
    if (looking) return;
    looking = true;
    look()
      .catch(failed)
      .finally(() => {
        looking = false;
      });
  }
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
  };
  /** Looks for the store now and then, while anybody waits for it. */
  function restOrLook(): void {
    if (stopped || (told.size === 0 && followed.size === 0)) stop();
    else timer ??= setInterval(lookOnce, LOOK_EVERY_MS).unref();
  }

  return {
    stop: () => {
      stopped = true;
      stop();
      told.clear();
      followed.clear();
    },
    follow: (incident, thread) => {
      if (thread) followed.set(incident, thread);
      else followed.delete(incident);
      restOrLook();
    },
    handOver: async () => {
      if (stopped || !(await answers())) return;
      followed.clear();
      restOrLook();
    },
    tell: (error, activity) => {
      if (!isStoreGone(error)) return false;
      // A button's answer says it by itself, and Teams refreshes cards with nobody waiting.
      if (activity.type !== 'message') return true;
      const reference = referenceIn(activity);
      tellIn({ conversation: reference.conversation, reference }, degradedWords(error), true);
      restOrLook();
      return true;
    },
  };
}

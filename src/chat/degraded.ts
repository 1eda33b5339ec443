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
const BACK =
  'The store answers again, and the bot goes on. What you sent meanwhile may not have been taken: look, and send it again if it is not there.';

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
  readonly stop: () => void;
}

interface Told {
  readonly reference: Reference;
  readonly at: number;
  /** Ends with whether it may have been read there. */
  heard: Promise<boolean>;
}

/** Says it in conversations that somebody writes in. `storeAnswers` asks the store for anything. */
export function createDegraded(ports: {
  readonly connector: Pick<Connector, 'post'>;
  readonly governor: Governor;
  readonly storeAnswers: () => Promise<unknown>;
  readonly now: () => Date;
  readonly log: Logger;
}): Degraded {
  const { storeAnswers, now, log } = ports;
  const told = new Map<string, Told>();
  let timer: NodeJS.Timeout | undefined;

  /** Ends with whether it may have arrived. */
  const say = async (to: Reference, text: string, isWanted: () => boolean): Promise<boolean> => {
    const message = { to, conversation: to.conversation, message: { text } };
    const sent = await postPaced(ports, message, isWanted);
    if (sent !== null && sent.kind !== 'done')
      log.warn({ problem: sent.problem }, 'Teams did not take a word on the store.');
    return sent?.kind === 'done' || sent?.kind === 'unknown';
  };
  const look = async (): Promise<void> => {
    try {
      await storeAnswers();
    } catch {
      return;
    }
    stop();
    const waiting = [...told.values()];
    // What still waits to be said is not so any more.
    told.clear();
    const until = now().getTime() + TELL_EVERY_MS;
    const back = async ({ reference, heard }: Told): Promise<void> => {
      if (await heard) await say(reference, BACK, () => now().getTime() < until);
    };
    await Promise.all(waiting.map((telling) => back(telling).catch(failed)));
  };
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
  };
  const failed = (error: unknown): void =>
    log.warn({ err: error }, 'A conversation could not be told of the store.');

  return {
    stop: () => {
      stop();
      told.clear();
    },
    tell: (error, activity) => {
      if (!isStoreGone(error)) return false;
      // A button's answer says it by itself, and Teams refreshes cards with nobody waiting.
      if (activity.type !== 'message') return true;
      timer ??= setInterval(() => void look().catch(failed), LOOK_EVERY_MS).unref();
      const [reference, at] = [referenceIn(activity), now().getTime()];
      const { conversation } = reference;
      const last = told.get(conversation);
      if (last && at - last.at < TELL_EVERY_MS) return true;
      const before = last?.heard ?? Promise.resolve(false);
      const telling: Told = { reference, at, heard: before };
      told.set(conversation, telling);
      const said = say(reference, degradedWords(error), () => told.get(conversation) === telling);
      telling.heard = Promise.all([before, said]).then((ever) => ever.includes(true));
      telling.heard.catch(failed);
      return true;
    },
  };
}

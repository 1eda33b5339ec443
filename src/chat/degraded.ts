import type { Logger } from 'pino';
import { isStoreGone } from '../store/store-gone';
import type { Connector } from './connector';
import type { Incoming } from './incoming';
import { type Reference, referenceIn } from './references';

/** What is said of anything that comes in while the store does not answer. */
export const DEGRADED =
  'The bot is degraded: it cannot reach its store. What you just sent was not taken. Nothing new begins in Azure, and nothing that was recorded is lost: runs go on when the store answers again. Send it again then.';
const BACK =
  'The store answers again, and the bot goes on. What you sent meanwhile was not taken: send it again.';

/** How often the store is looked for while people wait for it, and how often one conversation is told, in milliseconds. */
const LOOK_EVERY_MS = 2_000;
const TELL_EVERY_MS = 60_000;

/**
 * Tells conversations that the store does not answer, and when it does again: past the outbox, which is in the store.
 * What cannot be sent is left: nobody could remember it.
 */
export interface Degraded {
  /** True when the store was to blame; the conversation of a message was told then, once a minute at most. */
  readonly tell: (error: unknown, activity: Incoming) => boolean;
  readonly stop: () => void;
}

/** Says it in conversations that somebody writes in. `storeAnswers` asks the store for anything. */
export function createDegraded(ports: {
  readonly connector: Pick<Connector, 'post'>;
  readonly storeAnswers: () => Promise<unknown>;
  readonly now: () => Date;
  readonly log: Logger;
}): Degraded {
  const { connector, storeAnswers, now, log } = ports;
  const told = new Map<string, { readonly reference: Reference; readonly at: number }>();
  let timer: NodeJS.Timeout | undefined;

  const say = async (reference: Reference, text: string): Promise<void> => {
    const sent = await connector.post(reference, reference.conversation, { text });
    if (sent.kind !== 'done') log.warn({ problem: sent.problem }, 'Teams did not take a word on the store.');
  };
  const look = async (): Promise<void> => {
    try {
      await storeAnswers();
    } catch {
      return;
    }
    stop();
    const waiting = [...told.values()];
    told.clear();
    await Promise.all(waiting.map(({ reference }) => say(reference, BACK)));
  };
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
  };
  const failed = (error: unknown): void =>
    log.warn({ err: error }, 'A conversation could not be told of the store.');

  return {
    stop,
    tell: (error, activity) => {
      if (!isStoreGone(error)) return false;
      // A button's answer says it by itself, and Teams refreshes cards with nobody waiting.
      if (activity.type !== 'message') return true;
      timer ??= setInterval(() => void look().catch(failed), LOOK_EVERY_MS).unref();
      const [reference, at] = [referenceIn(activity), now().getTime()];
      const last = told.get(reference.conversation);
      if (last && at - last.at < TELL_EVERY_MS) return true;
      told.set(reference.conversation, { reference, at });
      void say(reference, DEGRADED).catch(failed);
      return true;
    },
  };
}

import { setTimeout as pause } from 'node:timers/promises';
import type { CallWords } from '../call';
import type { Connection } from '../connection';
import { type Modular, modularPoller } from '../modular-poller';

/** How often to ask where Azure does not say, in milliseconds. */
const usualPauseMs = 1_000;

/**
 * A reading that Azure takes its time for: begun, and asked about until it is there. Each request has the deadline
 * of any other call. @throws AzureProblem
 */
export async function followToEnd<R>(
  azure: Connection,
  words: CallWords,
  modular: Modular<R>,
): Promise<R | undefined> {
  const ask = (resumeFrom?: string) =>
    azure.call(words, async (abortSignal, exchange) => {
      const options = { abortSignal, ...(resumeFrom === undefined ? {} : { resumeFrom }) };
      const poller = await modularPoller(modular, options);
      // A refusal that the specification declares, such as that of a template, ends a poller without a word.
      if (exchange.error) throw new Error(exchange.error.message);
      return { poller, retryAfterMs: exchange.retryAfterMs };
    });
  let asked = await ask();
  while (!asked.poller.isDone()) {
    await pause(asked.retryAfterMs ?? usualPauseMs);
    asked = await ask(asked.poller.toString());
  }
  return asked.poller.getResult();
}

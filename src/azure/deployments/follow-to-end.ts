import { setTimeout as pause } from 'node:timers/promises';
import type { CallWords } from '../call';
import type { Connection } from '../connection';
import { type Modular, modularPoller } from '../modular-poller';
import { observedProblem } from '../problem';

/** How often to ask where Azure does not say, in milliseconds. */
const usualPauseMs = 1_000;

/**
 * A reading that Azure takes its time for: begun, and asked about until it is there. Each request has the deadline
 * of any other call. @throws AzureProblem, `NoProgress` when it is not there within {@link Connection.longReadingMs}
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
  const begunAt = performance.now();
  let asked = await ask();
  while (!asked.poller.isDone()) {
    if (performance.now() - begunAt >= azure.longReadingMs) throw noEnd(words, azure.longReadingMs);
    await pause(asked.retryAfterMs ?? usualPauseMs);
    asked = await ask(asked.poller.toString());
  }
  return asked.poller.getResult();
}

/** Azure took a reading on and does not come to its end. */
const noEnd = ({ doing, resource }: CallWords, ms: number) =>
  observedProblem(
    'NoProgress',
    `${doing} ${resource} did not come to an end: Azure took it on and has given no result for ${lasting(ms)}. It only reads, so nothing was changed by it. Retry asks anew; whether Azure has trouble is shown under Service Health in the portal.`,
  );

const lasting = (ms: number): string =>
  ms < 60_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 60_000)} minutes`;

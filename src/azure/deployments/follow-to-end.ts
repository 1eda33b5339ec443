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
    const left = azure.longReadingMs - (performance.now() - begunAt);
    if (left <= 0) throw noEnd(words, `has given no result for ${lasting(azure.longReadingMs)}`);
    const wanted = asked.retryAfterMs ?? usualPauseMs;
    // Azure is never asked earlier than it wants: a wait that does not fit in is not begun.
    if (wanted > Math.max(left, usualPauseMs))
      throw noEnd(words, `wants to be asked again only in ${lasting(wanted)}`);
    await pause(wanted);
    asked = await ask(asked.poller.toString());
  }
  return asked.poller.getResult();
}

/** Azure took a reading on and does not come to its end. */
const noEnd = ({ doing, resource }: CallWords, how: string) =>
  observedProblem(
    'NoProgress',
    `${doing} ${resource} did not come to an end: Azure took it on and ${how}. It only reads, so nothing was changed by it. Retry asks anew; whether Azure has trouble is shown under Service Health in the portal.`,
  );

const lasting = (ms: number): string =>
  ms < 60_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 60_000)} minutes`;

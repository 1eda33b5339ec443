import { NotInCharge } from '../fence';
import { type Exchange, startExchange, within } from './exchange';
import { AzureProblem } from './operation';
import { azureProblem, timeoutProblem } from './problem';

/** What a call is about, in words for the person who reads its failure. */
export interface CallWords {
  /** What was wanted: `Reading`, `Renaming`, … */
  readonly doing: string;
  /** Which resource: `database "AppRequestPortal" on sql-apprequest-prod-demo01`. */
  readonly resource: string;
}

/**
 * Makes one call to Azure within a deadline. What goes wrong comes out as {@link AzureProblem} with Azure's own
 * code; a connection that stalls becomes `Timeout`, also where an SDK does not heed its abort signal.
 */
export type Call = <T>(
  words: CallWords,
  send: (signal: AbortSignal, exchange: Exchange) => Promise<T>,
) => Promise<T>;

/** Calls that may take so many milliseconds each, with every repetition of a read. */
export const callWithin =
  (deadlineMs: number): Call =>
  async (words, send) => {
    const exchange = startExchange(deadlineMs);
    const abort = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(timeoutProblem(words, exchange, deadlineMs));
        abort.abort();
      }, deadlineMs);
    });
    try {
      return await Promise.race([late, within(exchange, () => send(abort.signal, exchange))]);
    } catch (error) {
      if (error instanceof NotInCharge) throw error;
      throw error instanceof AzureProblem ? error : azureProblem(error, words, exchange);
    } finally {
      clearTimeout(timer);
    }
  };

/** Everything that a paged SDK list gives. */
export async function all<T>(pages: AsyncIterable<T>): Promise<readonly T[]> {
  const items: T[] = [];
  for await (const item of pages) items.push(item);
  return items;
}

/**
 * The value, or null when Azure says that the resource itself is not there. A missing server, group or
 * subscription stays a problem: the address is wrong then, and "not there" would mislead. Where it is what was asked
 * about, `means` names the code that says so.
 */
export async function orNull<T>(reading: Promise<T>, means?: string): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (
      error instanceof AzureProblem &&
      error.details.status === 404 &&
      (error.details.code === means || !wrongAddress.has(error.details.code))
    ) {
      return null;
    }
    throw error;
  }
}

const wrongAddress = new Set([
  'ParentResourceNotFound',
  'ResourceGroupNotFound',
  'SubscriptionNotFound',
  'InvalidResourceType',
  'NoRegisteredProviderFound',
]);

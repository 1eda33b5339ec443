import type { CallWords } from './call';
import type { Connection } from './connection';
import {
  AzureProblem,
  type Begun,
  type Look,
  lookToken,
  type Operation,
  type OperationFacts,
  type OperationHandler,
  type Polled,
  type Sent,
} from './operation';
import { pollByLooking } from './poll-by-looking';

/** What each operation says about itself. */
interface Described<O extends Operation> {
  readonly rest: (operation: O) => string;
  readonly target: (operation: O) => string;
  /** The sentence that a problem starts with. */
  readonly words: (operation: O) => CallWords;
  readonly look: (operation: O, sent: Sent) => Promise<Look>;
  /** As in {@link OperationHandler}. */
  readonly harmfulLate?: (operation: O) => boolean;
}

/** An operation that is over when Azure answers. */
export interface AtOnce<O extends Operation> extends Described<O> {
  readonly send: (operation: O, sent: Sent, abortSignal: AbortSignal) => Promise<OperationFacts>;
}

/** How an operation is done that is over when Azure answers: there is nothing to poll but its effect. */
export const atOnce = <O extends Operation>(azure: Connection, one: AtOnce<O>): OperationHandler<O> => ({
  rest: one.rest,
  target: one.target,
  look: one.look,
  begin: async (operation, sent) => ({
    state: 'done',
    facts: await azure.call(one.words(operation), (abortSignal) => one.send(operation, sent, abortSignal)),
  }),
  poll: (operation) => pollByLooking(operation, one.target(operation), one.look),
  ...(one.harmfulLate && { harmfulLate: one.harmfulLate }),
});

/**
 * What an SDK hands out for an operation that goes on in Azure, as the classic clients (SQL) do; `modularPoller` makes
 * the same of a modular client's.
 */
export interface Poller<R> {
  isDone(): boolean;
  getResult(): R | undefined;
  /** All that a later process needs to go on polling. */
  toString(): string;
}

/** What a sending takes from us: the names are those of the classic clients' `begin…` functions. */
export interface SendOptions {
  readonly abortSignal: AbortSignal;
  readonly requestOptions?: { readonly customHeaders: { readonly [name: string]: string } };
  readonly resumeFrom?: string;
}

/** An operation that Azure goes on working on after it has answered. */
export interface LongRunning<O extends Operation, P, R> extends Described<O> {
  /** Reads what the request must contain. */
  readonly prepare: (operation: O) => Promise<P>;
  /** The SDK's `begin…`. With `resumeFrom` it polls once and sends nothing else, and `prepared` is null. */
  readonly send: (operation: O, prepared: P | null, options: SendOptions) => Promise<Poller<R>>;
  readonly facts: (operation: O, result: R | undefined) => Promise<OperationFacts>;
  /** How far it is by another reading, for where the poll itself does not say. */
  readonly percent: (operation: O) => Promise<number | null>;
}

/** How a long-running operation is begun once and polled, by its token or by looking. */
export function longRunning<O extends Operation, P, R>(
  azure: Connection,
  one: LongRunning<O, P, R>,
): OperationHandler<O> {
  const looking = (operation: O): Promise<Polled> =>
    pollByLooking(operation, one.target(operation), one.look);

  async function begin(operation: O, sent: Sent): Promise<Begun> {
    const prepared = await one.prepare(operation);
    const customHeaders = { 'x-ms-client-request-id': sent.requestId };
    const poller = await azure.call(one.words(operation), (abortSignal) =>
      one.send(operation, prepared, { abortSignal, requestOptions: { customHeaders } }),
    );
    if (!poller.isDone()) return { state: 'accepted', token: poller.toString() };
    return { state: 'done', facts: await one.facts(operation, poller.getResult()) };
  }

  async function poll(operation: O, token: string): Promise<Polled> {
    if (token === lookToken) return looking(operation);
    const polled = await azure
      .call(one.words(operation), async (abortSignal, exchange) => ({
        poller: await one.send(operation, null, { abortSignal, resumeFrom: token }),
        exchange,
      }))
      .catch(nullWhenForgotten);
    if (polled === null) return looking(operation);
    const { poller, exchange } = polled;
    if (poller.isDone()) return { state: 'done', facts: await one.facts(operation, poller.getResult()) };
    return {
      state: 'under way',
      // Progress is for people: not knowing it must not stop the polling.
      percent: exchange.percent ?? (await one.percent(operation).catch(() => null)),
      retryAfterMs: exchange.retryAfterMs,
    };
  }

  const { rest, target, look, harmfulLate } = one;
  return { rest, target, look, begin, poll, ...(harmfulLate && { harmfulLate }) };
}

/** Azure forgets an operation about a day after its end; its effect still tells how it ended. */
function nullWhenForgotten(error: unknown): null {
  if (error instanceof AzureProblem && error.details.status === 404) return null;
  throw error;
}

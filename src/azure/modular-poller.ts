import type { Poller, SendOptions } from './handler';

/** What the operations of a modular client (arm-storage, arm-resourcesdeployments, …) take from us. */
interface ModularOptions {
  readonly abortSignal: AbortSignal;
  readonly requestOptions: { readonly headers: Record<string, string> };
}

/** The part that we use of `PollerLike` of `@azure/core-lro` 3, which modular clients hand out. */
interface PollerLike<R> {
  readonly isDone: boolean;
  readonly result: R | undefined;
  submitted(): Promise<void>;
  poll(options: { abortSignal: AbortSignal }): Promise<unknown>;
  serialize(): Promise<string>;
}

/** How one operation of a modular client is begun, and found again by its token. */
export interface Modular<R> {
  /** The client's operation: `(request) => client.storageAccounts.failover(group, account, request)`. */
  readonly begin: (request: ModularOptions) => PollerLike<R>;
  /** The package's own `restorePoller(client, token, client.storageAccounts.failover, request)`. */
  readonly restore: (token: string, request: ModularOptions) => PollerLike<R>;
}

/**
 * An operation of a modular client as {@link LongRunning.send} gives it: without `resumeFrom` it is sent once and not
 * polled; with it, it is polled once and nothing is sent. A modular poller is also a promise of the operation's end,
 * so it must never leave an async function as it is: awaiting it would wait for hours.
 */
export async function modularPoller<R>(modular: Modular<R>, options: SendOptions): Promise<Poller<R>> {
  const { abortSignal, resumeFrom } = options;
  const request = { abortSignal, requestOptions: { headers: { ...options.requestOptions?.customHeaders } } };
  const poller = resumeFrom === undefined ? modular.begin(request) : modular.restore(resumeFrom, request);
  if (resumeFrom === undefined) await poller.submitted();
  else await poller.poll({ abortSignal });
  const token = await poller.serialize();
  return { isDone: () => poller.isDone, getResult: () => poller.result, toString: () => token };
}

import { AsyncLocalStorage } from 'node:async_hooks';
import { type ClientRequest, type Agent as HttpAgent, globalAgent as httpAgent } from 'node:http';
import { globalAgent as httpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** Throws when this process may not act any more: another one has taken over. */
export interface Fence {
  (): void;
  /** Aborted at the moment when it is known that the right has ended. */
  readonly lost?: AbortSignal;
}

/** This process has lost the right to act, or cannot tell: it must not change anything until it has it again. */
export class NotInCharge extends Error {
  override readonly name = 'NotInCharge';
}

const current = new AsyncLocalStorage<Fence>();

/** Does something that changes the world outside, under a fence which is looked at just before each request leaves. */
export const fenced = <T>(fence: Fence, act: () => Promise<T>): Promise<T> => current.run(fence, act);

/** What is needed of a request in the pipeline of the Azure SDKs. */
interface Leaving {
  readonly url: string;
  agent?: HttpAgent;
  abortSignal?: Pick<AbortSignal, 'aborted' | 'addEventListener' | 'removeEventListener'>;
}

/**
 * Sends a request past the fence of whatever is being done. It is looked at before a connection is made, which can take
 * as long as a lease, and again when the connection stands and nothing is left but to write the request. What has been
 * written is not called back: its answer still tells what became of it.
 * @throws what the fence throws.
 */
export async function pastTheFence<Request extends object, Answer>(
  request: Request,
  next: (request: Request) => Promise<Answer>,
): Promise<Answer> {
  const fence = current.getStore();
  if (!fence) return next(request);
  fence();
  const leaving = request as Leaving;
  const { agent, abortSignal } = leaving;
  const ending = new AbortController();
  let refusal: { readonly error: unknown } | null = null;
  const passes = (): boolean => {
    try {
      fence();
      return true;
    } catch (error) {
      refusal = { error };
      ending.abort();
      return false;
    }
  };
  const end = (): void => ending.abort();
  leaving.agent = whenConnected(agent ?? agentFor(leaving.url), () => {
    fence.lost?.removeEventListener('abort', passes);
    return passes();
  });
  leaving.abortSignal = ending.signal;
  fence.lost?.addEventListener('abort', passes);
  abortSignal?.addEventListener('abort', end);
  if (abortSignal?.aborted) end();
  try {
    return await next(request);
  } catch (error) {
    throw refusal ? (refusal as { readonly error: unknown }).error : error;
  } finally {
    fence.lost?.removeEventListener('abort', passes);
    abortSignal?.removeEventListener('abort', end);
    Object.assign(leaving, { agent, abortSignal });
  }
}

const agentFor = (url: string): HttpAgent => (new URL(url).protocol === 'https:' ? httpsAgent : httpAgent);

/** How Node.js has an agent find a connection for a request. */
interface Connecting extends HttpAgent {
  addRequest(request: ClientRequest, options: object): void;
}

/** An agent like this one, whose requests are written once their connection stands, its handshake over, and only if they may. */
function whenConnected(agent: HttpAgent, may: () => boolean): HttpAgent {
  const connecting = agent as Connecting;
  const addRequest: Connecting['addRequest'] = (request, options) => {
    request.once('socket', (socket: Socket) => {
      const fresh = !request.reusedSocket;
      const standsAt =
        socket instanceof TLSSocket ? fresh && 'secureConnect' : socket.connecting && 'connect';
      if (standsAt === false) return void may();
      // What is written now would leave with the end of the handshake, unasked.
      socket.cork();
      socket.once(standsAt, () => {
        if (may()) socket.uncork();
      });
    });
    connecting.addRequest(request, options);
  };
  return Object.assign(Object.create(agent), { addRequest });
}

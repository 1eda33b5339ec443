import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import type { StorageAccountRef } from '../refs';
import { signInFailure } from '../sign-in-failure';

/** Whether a storage account serves, as far as one look tells. */
export interface StorageReach {
  /** Both services answer. */
  readonly ok: boolean;
  readonly words: string;
  readonly services: readonly ServiceReach[];
}

/** What one service of a storage account answered. */
interface ServiceReach {
  readonly service: 'queue' | 'blob';
  readonly ok: boolean;
  /** Whether the service itself answered, be it that it refused; null when the bot got no token to ask it with. */
  readonly answered: boolean | null;
  readonly words: string;
}

/** How long a service may take to answer, in milliseconds. */
const deadlineMs = 10_000;

/** The version of the storage services whose requests these are. */
const version = '2023-11-03';

/**
 * Asks the queue and the blob service of an account for one name each (List Queues, List Containers), with the bot's
 * own identity and no key. Never throws: not answering is an answer.
 */
export function storageProbe(
  credential: TokenCredential,
): (account: StorageAccountRef) => Promise<StorageReach> {
  const pipeline = createPipelineFromOptions({
    retryOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: 'dr-bot' },
  });
  const scopes = 'https://storage.azure.com/.default';
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes }), { phase: 'Sign' });
  const client = createDefaultHttpClient();

  async function ask(service: 'queue' | 'blob', account: string): Promise<ServiceReach> {
    const request = createPipelineRequest({
      url: `https://${account}.${service}.core.windows.net/?comp=list&maxresults=1`,
      headers: createHttpHeaders({ 'x-ms-version': version }),
      abortSignal: AbortSignal.timeout(deadlineMs),
    });
    try {
      return { service, ...reachIn(await pipeline.sendRequest(client, request)) };
    } catch (error) {
      return { service, ok: false, answered: signInFailure(error) ? null : false, words: whyNoAnswer(error) };
    }
  }

  return async ({ account }) => {
    const services = await Promise.all([ask('queue', account), ask('blob', account)]);
    const words = services.map((one) => `${one.service} service: ${one.words}`).join('; ');
    return { ok: services.every(({ ok }) => ok), words, services };
  };
}

function reachIn({ status, headers }: PipelineResponse): Omit<ServiceReach, 'service'> {
  if (status === 200) return { ok: true, answered: true, words: 'answers' };
  const code = headers.get('x-ms-error-code');
  // The services of storage say in a header what is wrong; what has none came from a proxy on the way.
  if (code === undefined)
    return { ok: false, answered: false, words: `no answer: HTTP ${status} from something on the way` };
  // The service serves and knows the bot; it is only the bot's own role that does not let it list names.
  if (code === 'AuthorizationPermissionMismatch') {
    return {
      ...{ ok: true, answered: true },
      words: `answers, but the bot may not list its names (${code}): give it the role from infra/`,
    };
  }
  // A service that is busy or broken says so by itself, and serves nobody all the same.
  return { ok: false, answered: status < 500, words: `refuses: HTTP ${status}, ${code}` };
}

function whyNoAnswer(error: unknown): string {
  if (error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')) {
    return `no answer within ${deadlineMs / 1000} s`;
  }
  const text = error instanceof Error ? error.message : String(error);
  return `no answer: ${text.replace(/\s+/g, ' ').slice(0, 200)}`;
}

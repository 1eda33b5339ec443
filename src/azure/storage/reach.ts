import type { PipelineResponse } from '@azure/core-rest-pipeline';
import type { StorageAccountRef } from '../refs';
import { signInFailure } from '../sign-in-failure';
import type { DataPlane } from './data-plane';

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

/**
 * Asks the queue and the blob service of an account for one name each (List Queues, List Containers). Never throws:
 * not answering is an answer.
 */
export async function reach(ask: DataPlane, { account }: StorageAccountRef): Promise<StorageReach> {
  const services = await Promise.all(
    (['queue', 'blob'] as const).map(async (service) => {
      const asked = ask.get(service, account, '/?comp=list&maxresults=1');
      const answered = asked.then(reachIn, (error: unknown) => whyNoAnswer(error, ask.deadlineMs));
      return { service, ...(await answered) };
    }),
  );
  const words = services.map((one) => `the ${one.service} service ${one.words}`).join('; ');
  return { ok: services.every(({ ok }) => ok), words, services };
}

type Reached = Omit<ServiceReach, 'service'>;

function reachIn({ status, headers }: PipelineResponse): Reached {
  if (status === 200) return { ok: true, answered: true, words: 'answers' };
  const code = headers.get('x-ms-error-code');
  // The services of storage say in a header what is wrong; what has none came from a proxy on the way.
  if (code === undefined)
    return {
      ok: false,
      answered: false,
      words: `gives no answer (HTTP ${status} from something on the way)`,
    };
  // The service serves and knows the bot; it is only the bot's own role that does not let it list names.
  if (code === 'AuthorizationPermissionMismatch') {
    return {
      ...{ ok: true, answered: true },
      words: `answers, but the bot may not list its names (${code}): give it the role from infra/`,
    };
  }
  // A service that is busy or broken says so by itself, and serves nobody all the same.
  return { ok: false, answered: status < 500, words: `does not serve (HTTP ${status}, ${code})` };
}

function whyNoAnswer(error: unknown, deadlineMs: number): Reached {
  const signIn = signInFailure(error);
  // Where no token could be had, nobody knows whether the service would have answered.
  if (signIn) return { ok: false, answered: null, words: `could not be asked (${signIn.said})` };
  if (error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')) {
    return { ok: false, answered: false, words: `gives no answer within ${deadlineMs / 1000} s` };
  }
  const text = error instanceof Error ? error.message : String(error);
  return {
    ...{ ok: false, answered: false },
    words: `gives no answer (${text.replace(/\s+/g, ' ').slice(0, 200)})`,
  };
}

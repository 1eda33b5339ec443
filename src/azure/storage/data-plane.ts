import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { freshToken } from '../fresh-token';

/** The version of the storage services whose requests these are. */
const version = '2023-11-03';

/** Asks the services of storage accounts. */
export interface DataPlane {
  /** How long a service may take to answer, in milliseconds. */
  readonly deadlineMs: number;
  /** One GET on a service: what it answered. @throws what the connection or the sign-in throws. */
  readonly get: (service: 'queue' | 'blob', account: string, target: string) => Promise<PipelineResponse>;
}

/** Asks the services of storage accounts with the bot's own identity and no key. Asks once: not answering tells, too. */
export function dataPlane(credential: TokenCredential, deadlineMs: number): DataPlane {
  const pipeline = createPipelineFromOptions({
    retryOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: 'dr-bot' },
  });
  const scopes = 'https://storage.azure.com/.default';
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes }), { phase: 'Sign' });
  pipeline.addPolicy(freshToken, { afterPhase: 'Sign' });
  const client = createDefaultHttpClient();
  return {
    deadlineMs,
    get: (service, account, target) =>
      pipeline.sendRequest(
        client,
        createPipelineRequest({
          url: `https://${account}.${service}.core.windows.net${target}`,
          headers: createHttpHeaders({ 'x-ms-version': version }),
          abortSignal: AbortSignal.timeout(deadlineMs),
        }),
      ),
  };
}

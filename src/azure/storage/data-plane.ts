import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';

/** How long a service may take to answer, in milliseconds. */
export const DEADLINE_MS = 10_000;

/** The version of the storage services whose requests these are. */
const version = '2023-11-03';

/** One GET on a service of a storage account: what it answered. @throws what the connection or the sign-in throws. */
export type DataPlane = (
  service: 'queue' | 'blob',
  account: string,
  target: string,
) => Promise<PipelineResponse>;

/** Asks the services of storage accounts with the bot's own identity and no key. Asks once: not answering tells, too. */
export function dataPlane(credential: TokenCredential): DataPlane {
  const pipeline = createPipelineFromOptions({
    retryOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: 'dr-bot' },
  });
  const scopes = 'https://storage.azure.com/.default';
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes }), { phase: 'Sign' });
  const client = createDefaultHttpClient();
  return (service, account, target) =>
    pipeline.sendRequest(
      client,
      createPipelineRequest({
        url: `https://${account}.${service}.core.windows.net${target}`,
        headers: createHttpHeaders({ 'x-ms-version': version }),
        abortSignal: AbortSignal.timeout(DEADLINE_MS),
      }),
    );
}

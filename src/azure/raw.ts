import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  RestError,
} from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { withPatience } from './patience';

/** One GET with our token. @throws the pipeline's own errors; {@link call} puts them into words. */
export type RawGet = (url: string, abortSignal: AbortSignal) => Promise<unknown>;

/** Reads what the SDKs have no client for, through the same pipeline, proxy and rule about asking again. */
export function rawGet(credential: TokenCredential, scope: string): RawGet {
  const pipeline = withPatience(
    createPipelineFromOptions({ userAgentOptions: { userAgentPrefix: 'dr-bot' } }),
  );
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: scope }), { phase: 'Sign' });
  const client = createDefaultHttpClient();
  return async (url, abortSignal) => {
    const headers = createHttpHeaders({ accept: 'application/json' });
    const response = await pipeline.sendRequest(client, createPipelineRequest({ url, headers, abortSignal }));
    if (response.status >= 400) {
      throw new RestError(`the answer was HTTP ${response.status}`, { statusCode: response.status });
    }
    return JSON.parse(response.bodyAsText ?? 'null');
  };
}

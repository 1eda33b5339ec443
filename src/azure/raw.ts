import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpMethods,
  RestError,
} from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { withPatience } from './patience';

/** What a raw request may carry: a body, sent as JSON, and headers beside the usual ones. */
interface RawOptions {
  readonly body?: unknown;
  readonly headers?: { readonly [name: string]: string };
}

/** One request with our token; gives the parsed answer, null for an empty one. @throws the pipeline's own errors; {@link call} puts them into words. */
export type Raw = (
  method: HttpMethods,
  url: string,
  abortSignal: AbortSignal,
  options?: RawOptions,
) => Promise<unknown>;

/** One GET with our token, like {@link Raw}. */
export type RawGet = (url: string, abortSignal: AbortSignal) => Promise<unknown>;

/** Asks what the SDKs have no client for, through the same pipeline, proxy and rule about asking again. */
export function rawClient(credential: TokenCredential, scope: string): Raw {
  const pipeline = withPatience(
    createPipelineFromOptions({ userAgentOptions: { userAgentPrefix: 'dr-bot' } }),
  );
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: scope }), { phase: 'Sign' });
  const client = createDefaultHttpClient();
  return async (method, url, abortSignal, { body, headers = {} } = {}) => {
    const request = createPipelineRequest({
      ...{ method, url, abortSignal },
      headers: createHttpHeaders({
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const response = await pipeline.sendRequest(client, request);
    if (response.status >= 400) {
      throw new RestError(`the answer was HTTP ${response.status}`, { statusCode: response.status });
    }
    return JSON.parse(response.bodyAsText || 'null');
  };
}

/** Reads what the SDKs have no client for. */
export function rawGet(credential: TokenCredential, scope: string): RawGet {
  const raw = rawClient(credential, scope);
  return (url, abortSignal) => raw('GET', url, abortSignal);
}

import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
} from '@azure/core-rest-pipeline';
import { z } from 'zod/v4';

/** What the tenant's sign-in service answered when it was asked for its metadata. */
export interface SignInMetadata {
  /** `silent`: no answer at all in time. */
  readonly state: 'answers' | 'failing' | 'silent';
  readonly status: number | null;
  readonly words: string;
}

/** How long it may take, in milliseconds. */
const deadlineMs = 5_000;

const metadata = z.object({ issuer: z.url(), token_endpoint: z.url() });

/**
 * One look at the OpenID metadata with which every sign-in begins. Needs no token, so it tells even when the bot's
 * own sign-in does not work. Without a known tenant it asks for that of all organizations. Never throws.
 */
export function signInProbe(): (tenantId: string | null) => Promise<SignInMetadata> {
  const pipeline = createPipelineFromOptions({
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: 'dr-bot' },
  });
  const client = createDefaultHttpClient();
  return async (tenantId) => {
    const url = `https://login.microsoftonline.com/${tenantId ?? 'organizations'}/v2.0/.well-known/openid-configuration`;
    const headers = createHttpHeaders({ accept: 'application/json' });
    const abortSignal = AbortSignal.timeout(deadlineMs);
    try {
      const { status, bodyAsText } = await pipeline.sendRequest(
        client,
        createPipelineRequest({ url, headers, abortSignal }),
      );
      return status === 200 && isMetadata(bodyAsText)
        ? { state: 'answers', status, words: "Microsoft's sign-in answers with the tenant's metadata." }
        : {
            state: 'failing',
            status,
            words: `Microsoft's sign-in answers HTTP ${status} where the tenant's metadata should be.`,
          };
    } catch (error) {
      const why = abortSignal.aborted ? `within ${deadlineMs / 1000} s` : `(${reason(error)})`;
      return { state: 'silent', status: null, words: `Microsoft's sign-in did not answer ${why}.` };
    }
  };
}

const reason = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]?.slice(0, 120) ?? 'no reason given';

function isMetadata(text: string | null | undefined): boolean {
  try {
    return metadata.safeParse(JSON.parse(text ?? '')).success;
  } catch {
    return false;
  }
}

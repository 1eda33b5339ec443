import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { z } from 'zod/v4';
import { withoutSecrets } from '../../without-secrets';
import type { Health } from '../azure';

/** What an app says of itself at its health endpoint, as far as it does. */
export interface AppReport extends Health {
  /** Its own version; null when it does not tell, or does not answer. */
  readonly version: string | null;
  /** The schema of the database that it has reached; null when it does not tell. */
  readonly schema: number | null;
  /** The names of its own checks that fail; null when it has not reported anything about itself. */
  readonly fails: readonly string[] | null;
}

/** What ASP.NET Core's health checks answer, and most others too. */
const healthBody = z.object({
  status: z.string(),
  version: z.string().max(60).nullish().catch(null),
  schema: z.number().nullish().catch(null),
  checks: z
    .array(z.object({ name: z.string(), status: z.string(), description: z.string().nullish() }))
    .default([])
    .catch([]),
});

/**
 * One look at an app's health endpoint. Green is a 2xx answer whose body, where it states a status, says that all
 * is well. A redirect is not followed: it leads to a sign-in page more often than to the app. The app may take
 * `deadlineMs` to answer.
 */
export function healthProbe(deadlineMs: number): (url: string) => Promise<AppReport> {
  const pipeline = createPipelineFromOptions({
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: 'dr-bot' },
  });
  const client = createDefaultHttpClient();
  return async (url) => {
    const request = createPipelineRequest({
      url,
      headers: createHttpHeaders({ accept: 'application/json' }),
      abortSignal: AbortSignal.timeout(deadlineMs),
      // An estate may name an http address inside its own network.
      allowInsecureConnection: url.startsWith('http:'),
    });
    try {
      return healthIn(await pipeline.sendRequest(client, request));
    } catch (error) {
      return {
        green: false,
        status: null,
        words: whyNoAnswer(error, deadlineMs),
        version: null,
        schema: null,
        fails: null,
      };
    }
  };
}

function healthIn(response: PipelineResponse): AppReport {
  const { status } = response;
  const body = parsed(response.bodyAsText);
  const said = body && !/^(healthy|ok|up|pass|green)$/i.test(body.status) ? body.status : null;
  const green = status >= 200 && status < 300 && said === null;
  const failing = (body?.checks ?? []).filter((one) => !/^(healthy|ok|up|pass|green)$/i.test(one.status));
  const bad = failing.map((one) => `${one.name}: ${one.description ?? one.status}`);
  const words = [`HTTP ${status}`, body?.status, ...bad].filter((part) => part !== undefined).join(', ');
  const { version = null, schema = null } = body ?? {};
  const fails = body && failing.map(({ name }) => name.toLowerCase());
  return { green, status, words: short(words), version, schema, fails };
}

function parsed(text: string | null | undefined): z.infer<typeof healthBody> | null {
  try {
    const result = healthBody.safeParse(JSON.parse(text ?? ''));
    return result.success ? result.data : null;
  } catch {
    // Plain text is a fair answer too: the HTTP status decides then.
    return null;
  }
}

function whyNoAnswer(error: unknown, deadlineMs: number): string {
  if (error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')) {
    return `no answer within ${deadlineMs / 1000} s`;
  }
  return short(`no answer: ${error instanceof Error ? error.message : String(error)}`);
}

/** The app's own words go onto cards: one line, and no more than fits. */
const short = (text: string): string => withoutSecrets(text.replace(/\s+/g, ' ')).slice(0, 300);

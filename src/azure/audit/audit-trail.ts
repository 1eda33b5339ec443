import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type PipelineResponse,
  RestError,
} from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { z } from 'zod/v4';
import { callWithin } from '../call';
import { reading } from '../connection';
import { withPatience } from '../patience';
import { observedProblem } from '../problem';

/** Where an app tells who changed what, and the Entra application that a token for it is for. */
interface AuditTrailRef {
  readonly url: string;
  readonly application: string;
}

/** A stretch of time, both ends included. */
export interface Between {
  readonly since: Date;
  readonly until: Date;
}

/** Something that somebody did to the app's data, as the app itself has written it down. */
export interface AuditEntry {
  readonly id: string;
  readonly at: Date;
  readonly by: string;
  readonly action: 'insert' | 'update' | 'delete';
  readonly table: string;
  readonly rows: number;
}

/** Reads an app's audit trail. @throws AzureProblem, `AuditTrailUnreadable` for an answer that is none. */
export type ReadTrail = (trail: AuditTrailRef, between: Between) => Promise<readonly AuditEntry[]>;

const longestAnswer = 2 * 1024 * 1024;

const words = (most: number) => z.string().trim().min(1).max(most);
const answer = z.object({
  entries: z
    .array(
      z.object({
        ...{ id: words(200), at: z.iso.datetime({ offset: true }), by: words(200), table: words(128) },
        action: z.enum(['insert', 'update', 'delete']),
        rows: z.int().min(0),
      }),
    )
    .max(10_000),
});

/**
 * `GET <url>?since=…&until=…` with the bot's own token for the app. Never follows a redirect: it would lead to a
 * sign-in page, and must not take the token elsewhere. The app may take `deadlineMs`.
 */
export function auditTrailWith(credential: TokenCredential, deadlineMs: number): ReadTrail {
  const call = callWithin(deadlineMs);
  const client = createDefaultHttpClient();
  return async (trail, { since, until }) => {
    const pipeline = withPatience(
      createPipelineFromOptions({
        redirectOptions: { maxRetries: 0 },
        userAgentOptions: { userAgentPrefix: 'dr-bot' },
      }),
    );
    const scopes = `api://${trail.application}/.default`;
    pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes }), { phase: 'Sign' });
    const url = new URL(trail.url);
    url.searchParams.set('since', since.toISOString());
    url.searchParams.set('until', until.toISOString());
    const headers = createHttpHeaders({ accept: 'application/json' });
    const response = await call(reading(`the app's audit trail at ${trail.url}`), async (abortSignal) => {
      const answered = await pipeline.sendRequest(
        client,
        createPipelineRequest({ url: url.href, headers, abortSignal }),
      );
      if (answered.status === 200) return answered;
      throw new RestError(`the answer was HTTP ${answered.status}`, { statusCode: answered.status });
    });
    return entriesIn(response, trail.url);
  };
}

function entriesIn(response: PipelineResponse, url: string): readonly AuditEntry[] {
  const text = response.bodyAsText ?? '';
  const parsed = text.length > longestAnswer ? null : answer.safeParse(jsonIn(text));
  if (!parsed?.success)
    throw observedProblem(
      'AuditTrailUnreadable',
      `What ${url} answered is no audit trail. It must be JSON: {"entries":[{"id","at","by","action","table","rows"}]}, with action insert, update or delete.`,
    );
  return parsed.data.entries.map((entry) => ({ ...entry, at: new Date(entry.at) }));
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A sign-in page, most likely: what it is not is said by the caller.
    return null;
  }
}

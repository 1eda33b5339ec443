import { isRestError } from '@azure/core-rest-pipeline';
import { adviceFor } from './advice';
import type { CallWords } from './call';
import type { Exchange } from './exchange';
import { AzureProblem } from './operation';

/** Refusals that go away by themselves: the REST specification's own words for them end in "retry later". */
const passingCodes = new Set([
  'BackupSetNotFoundRecentPit',
  'ConflictingDatabaseOperation',
  'ConflictingServerOperation',
  'ConflictingSystemOperationInProgress',
  'DatabaseIsBusy',
  'FailoverGroupBusy',
  'OperationTimedOut',
  'ServerIsBusy',
  'SubscriptionTooManyCreateUpdateRequests',
  'SubscriptionTooManyRequests',
  'TooManyRequests',
]);

/** Failures before a connection stood: nothing can have been sent. */
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/** Failures of trust in the certificate, which waiting does not mend. */
const untrusted = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME|SSL|TLS/;

/** What any error of an SDK, of the network or of a credential means, in Azure's words and with its code. */
export function azureProblem(error: unknown, words: CallWords, exchange: Exchange): AzureProblem {
  if (isAuthentication(error)) return authenticationProblem(error, words);
  if (isRestError(error) && error.statusCode === undefined) return unreachable(error, words, exchange);
  if (isRestError(error) || exchange.failed) {
    const status = isRestError(error) ? (error.statusCode ?? null) : null;
    const code = exchange.error?.code ?? (isRestError(error) ? error.code : undefined) ?? unnamed(status);
    return problem(words, exchange, {
      code,
      status,
      said: exchange.error?.message || firstLine(error),
      passing: passingCodes.has(code) || (status !== null && isPassing(status)),
    });
  }
  return problem(
    words,
    exchange,
    { code: 'Unexpected', status: null, said: firstLine(error), passing: false },
    error,
  );
}

/** A call that did not come to an end in time. */
export const timeoutProblem = (words: CallWords, exchange: Exchange, deadlineMs: number): AzureProblem =>
  problem(words, exchange, {
    code: 'Timeout',
    status: null,
    said: `no answer within ${Math.round(deadlineMs / 1000)} s`,
    passing: true,
  });

interface Cause {
  readonly code: string;
  readonly status: number | null;
  readonly said: string;
  readonly passing: boolean;
}

function problem(words: CallWords, exchange: Exchange, cause: Cause, error?: unknown): AzureProblem {
  const unknownOutcome =
    exchange.change === 'sent' ||
    exchange.change === 'unclear' ||
    (exchange.change === 'accepted' && !exchange.failed);
  const advice = adviceFor({ ...cause, unknownOutcome, retryAfterMs: exchange.retryAfterMs });
  return new AzureProblem(
    `${words.doing} ${words.resource} did not work: ${sentence(cause.said)} (${cause.code}) ${advice}`,
    {
      code: cause.code,
      status: cause.status,
      passing: cause.passing,
      unknownOutcome,
      retryAfterMs: exchange.retryAfterMs,
      correlationId: exchange.correlationId,
    },
    { cause: error },
  );
}

/**
 * A problem that we see in Azure's state ourselves, such as a name that another database holds: nothing was sent.
 * `said` is a sentence with the values in it and what can be done.
 */
export const observedProblem = (code: string, said: string, passing = false): AzureProblem =>
  new AzureProblem(said, {
    code,
    status: null,
    passing,
    unknownOutcome: false,
    retryAfterMs: null,
    correlationId: null,
  });

function unreachable(error: Error & { code?: string }, words: CallWords, exchange: Exchange): AzureProblem {
  const reason = error.code ?? '';
  if (neverSent.has(reason)) exchange.change = 'none';
  const said = `the connection failed: ${firstLine(error)}`;
  return problem(words, exchange, {
    code: 'Unreachable',
    status: null,
    said,
    passing: !untrusted.test(reason),
  });
}

/** What the credentials of `@azure/identity` throw; its classes are told by name, as its documentation says. */
interface AuthenticationFailure extends Error {
  readonly statusCode?: number;
}

function isAuthentication(error: unknown): error is AuthenticationFailure {
  return (
    error instanceof Error &&
    [
      'AuthenticationError',
      'AggregateAuthenticationError',
      'AuthenticationRequiredError',
      'CredentialUnavailableError',
    ].includes(error.name)
  );
}

function authenticationProblem(error: AuthenticationFailure, words: CallWords): AzureProblem {
  const text = error.message;
  const code = /AADSTS\d+/.exec(text)?.[0] ?? 'AuthenticationFailed';
  const status = error.statusCode ?? null;
  const passing =
    (status !== null && isPassing(status)) || /network_error|ECONNRE|ETIMEDOUT|ENOTFOUND/.test(text);
  // A token is asked for before anything else is sent, so nothing has changed.
  const exchange = { change: 'none', failed: false, retryAfterMs: null, correlationId: null } as const;
  return problem(
    words,
    { ...exchange, deadline: 0, error: null, percent: null },
    { code, status, said: firstLine(error), passing },
    error,
  );
}

const isPassing = (status: number): boolean => status === 408 || status === 429 || status >= 500;

const unnamed = (status: number | null): string => (status === null ? 'OperationFailed' : `Http${status}`);

/** The first line, since SDKs append whole bodies and traces of inner errors to their messages. */
function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const line = text.split('\n').find((candidate) => candidate.trim() !== '') ?? 'no further word';
  return line.trim().slice(0, 400);
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

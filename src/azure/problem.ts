import { isRestError } from '@azure/core-rest-pipeline';
import { withoutSecrets } from '../without-secrets';
import { adviceFor } from './advice';
import type { CallWords } from './call';
import type { Exchange } from './exchange';
import { AzureProblem } from './operation';
import { signInFailure } from './sign-in-failure';

/** Refusals that go away by themselves: the REST specification's own words for them end in "retry later". */
const passingCodes = new Set([
  'BackupSetNotFoundRecentPit',
  'ConflictingDatabaseOperation',
  'ConflictingServerOperation',
  'ConflictingSystemOperationInProgress',
  'DatabaseIsBusy',
  'FailoverGroupBusy',
  'OperationTimedOut',
  // Somebody else wrote between our reading and our writing (If-Match): the next look reads anew.
  'PreconditionFailed',
  'ServerIsBusy',
  'SubscriptionTooManyCreateUpdateRequests',
  'SubscriptionTooManyRequests',
  'DeploymentActive',
  'TooManyRequests',
]);

/** Failures before a connection stood: nothing can have been sent. */
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/** Failures of trust in the certificate, which waiting does not mend. */
const untrusted = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME|SSL|TLS/;

/** What any error of an SDK, of the network or of a credential means, in Azure's words and with its code. */
export function azureProblem(error: unknown, words: CallWords, exchange: Exchange): AzureProblem {
  const signIn = signInFailure(error);
  // A token is asked for before anything else is sent, so nothing has changed.
  if (signIn) return problem(words, { ...exchange, change: 'none', retryAfterMs: null }, signIn, error);
  if (isRestError(error) && error.statusCode === undefined) return unreachable(error, words, exchange);
  // Azure's refusal of a template reaches us as a plain error without a status; its body was recorded.
  if (isRestError(error) || exchange.failed || exchange.error) {
    const status = isRestError(error) ? (error.statusCode ?? null) : null;
    const code = exchange.error?.code ?? (isRestError(error) ? error.code : undefined) ?? unnamed(status);
    return problem(words, exchange, {
      code,
      status,
      said: exchange.error?.message || firstLine(error),
      // What Azure has ended stays ended however often it is asked about; only a new request can succeed.
      passing: !exchange.failed && (passingCodes.has(code) || (status !== null && isPassing(status))),
    });
  }
  return problem(
    words,
    exchange,
    { code: 'Unexpected', status: null, said: firstLine(error), passing: false },
    error,
  );
}

/** A call that did not come to an end in time: nothing answered, or Azure put it off until there was none left. */
export const timeoutProblem = (words: CallWords, exchange: Exchange, deadlineMs: number): AzureProblem => {
  const seconds = `${Math.round(deadlineMs / 1000)} s`;
  return exchange.throttled
    ? problem(words, exchange, {
        ...{ code: exchange.error?.code ?? 'TooManyRequests', status: 429, passing: true },
        said: `it was put off for all of ${seconds}`,
      })
    : problem(words, exchange, {
        ...{ code: 'Timeout', status: null, passing: true },
        said: `no answer within ${seconds}`,
      });
};

/** Why a call did not work, before it is put into words. */
export interface Cause {
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
    // Azure's own words may quote what was sent.
    withoutSecrets(
      `${words.doing} ${words.resource} did not work: ${sentence(cause.said)} (${cause.code}) ${advice}`,
    ),
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

const isPassing = (status: number): boolean => status === 408 || status === 429 || status >= 500;

const unnamed = (status: number | null): string => (status === null ? 'OperationFailed' : `Http${status}`);

/** The first line, since SDKs append whole bodies and traces of inner errors to their messages. */
function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const line = text.split('\n').find((candidate) => candidate.trim() !== '') ?? 'no further word';
  // Half a secret no longer looks like one.
  return withoutSecrets(line.trim()).slice(0, 400);
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** Whether nothing answered, or what answered is itself in trouble; otherwise Azure answered, and refused. */
export const isSilence = ({ details }: AzureProblem): boolean =>
  details.code === 'Timeout' || details.code === 'Unreachable' || (details.status ?? 0) >= 500;

import {
  defaultRetryPolicy,
  type Pipeline,
  type RetryStrategy,
  retryPolicy,
} from '@azure/core-rest-pipeline';
import { recordExchange, timeLeft } from './exchange';
import { freshToken } from './fresh-token';
import { keptConnections } from './kept-connections';
import { isReading } from './reads';
import { retryAfterIn } from './retry-after';

const firstPauseMs = 500;
const lostConnection = new Set([
  'ECONNRESET',
  'ETIMEDOUT',
  'ECONNREFUSED',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/**
 * Reads are asked again, as long as Azure's `Retry-After` fits into the time that the call has left. A request
 * that changes Azure is never sent twice from here: whether it took effect is found out by looking.
 */
const readsOnly: RetryStrategy = {
  name: 'readsOnly',
  retry({ retryCount, response, responseError }) {
    const request = response?.request ?? responseError?.request;
    if (!request || !isReading(request)) return { skipStrategy: true };
    const passing = response
      ? response.status === 408 || response.status === 429 || response.status >= 500
      : lostConnection.has(responseError?.code ?? '');
    if (!passing) return { skipStrategy: true };
    const wait = (response && retryAfterIn(response.headers)) ?? firstPauseMs * 2 ** retryCount;
    return wait < timeLeft() ? { retryAfterInMs: wait } : { skipStrategy: true };
  },
};

/** The same rule and record for a client that shows no pipeline but takes policies when it is made. */
export const patientOptions = () => ({
  retryOptions: { maxRetries: 0 },
  additionalPolicies: [
    { policy: retryPolicy([readsOnly], { maxRetries: 3 }), position: 'perCall' as const },
    { policy: keptConnections, position: 'perRetry' as const },
    { policy: recordExchange, position: 'perRetry' as const },
    { policy: freshToken, position: 'perRetry' as const },
  ],
});

/**
 * Puts our rule about sending again in the place of the SDK's own, which repeats POSTs, and records what is
 * exchanged. @throws when the pipeline has no retry policy to replace: the SDK has changed and the rule would
 * not hold.
 */
export function withPatience(pipeline: Pipeline): Pipeline {
  const removed = pipeline.removePolicy({ name: defaultRetryPolicy().name });
  if (removed.length !== 1) {
    throw new Error(
      `An Azure client has ${removed.length} retry policies named "${defaultRetryPolicy().name}" where one was expected, so changes could be sent twice. Pin the Azure SDK packages to the versions in package-lock.json.`,
    );
  }
  pipeline.addPolicy(retryPolicy([readsOnly], { maxRetries: 3 }), { phase: 'Retry' });
  pipeline.addPolicy(keptConnections, { afterPhase: 'Sign' });
  pipeline.addPolicy(recordExchange, { afterPhase: 'Sign' });
  pipeline.addPolicy(freshToken, { afterPhase: 'Sign' });
  return pipeline;
}

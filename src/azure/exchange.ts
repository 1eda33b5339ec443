import { AsyncLocalStorage } from 'node:async_hooks';
import type { PipelinePolicy, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import { pastTheFence } from '../fence';
import { type AzureError, azureErrorIn, stateIn } from './azure-error';
import { isReading } from './reads';
import { retryAfterIn } from './retry-after';

/**
 * What went over the wire during one call of ours. The SDKs throw a failed long-running operation as a plain
 * `Error` without a code and drop `Retry-After` from a poll, so the pipeline writes both down here.
 */
export interface Exchange {
  /** When the call must be over, on the clock of `performance.now()`. */
  readonly deadline: number;
  /** What became of the request that changes Azure: most calls only read. */
  change: 'none' | 'sent' | 'accepted' | 'refused' | 'unclear';
  /** The last error body, from a refused request or a failed long-running operation. */
  error: AzureError | null;
  /** Azure itself said that the long-running operation ended badly. */
  failed: boolean;
  /** The last answer was 429: there was an answer, so what follows is no silence. */
  throttled: boolean;
  percent: number | null;
  retryAfterMs: number | null;
  correlationId: string | null;
}

const current = new AsyncLocalStorage<Exchange>();

/** A fresh exchange that must be over in `deadlineMs`. */
export const startExchange = (deadlineMs: number): Exchange => ({
  deadline: performance.now() + deadlineMs,
  change: 'none',
  error: null,
  failed: false,
  throttled: false,
  percent: null,
  retryAfterMs: null,
  correlationId: null,
});

/** Runs a call so that everything it sends is written into this exchange, and into no other. */
export const within = <T>(exchange: Exchange, call: () => Promise<T>): Promise<T> =>
  current.run(exchange, call);

/** Milliseconds left for the call that is under way. */
export const timeLeft = (): number =>
  (current.getStore()?.deadline ?? Number.POSITIVE_INFINITY) - performance.now();

/** Writes each request and answer into the exchange of the call it belongs to. */
export const recordExchange: PipelinePolicy = {
  name: 'recordExchange',
  async sendRequest(request, next) {
    const exchange = current.getStore();
    if (!exchange) return next(request);
    const changes = !isReading(request);
    const response = await (changes ? pastTheFence(request, send) : next(request));
    if (changes) exchange.change = changeAfter(response.status);
    record(exchange, response);
    return response;

    function send(change: PipelineRequest): Promise<PipelineResponse> {
      if (exchange) exchange.change = 'sent';
      return next(change);
    }
  },
};

function record(exchange: Exchange, response: PipelineResponse): void {
  const body = bodyOf(response);
  const state = stateIn(body);
  exchange.failed = state?.status === 'failed' || state?.status === 'canceled';
  exchange.throttled = response.status === 429;
  exchange.percent = state?.percent ?? null;
  exchange.error = response.status >= 400 || exchange.failed ? azureErrorIn(body) : null;
  exchange.retryAfterMs = retryAfterIn(response.headers);
  exchange.correlationId = response.headers.get('x-ms-correlation-request-id') ?? exchange.correlationId;
}

/** 408 and 5xx leave open whether the change was made; any other 4xx says that it was not. */
function changeAfter(status: number): Exchange['change'] {
  if (status < 400) return 'accepted';
  return status >= 500 || status === 408 ? 'unclear' : 'refused';
}

function bodyOf(response: PipelineResponse): unknown {
  try {
    return JSON.parse(response.bodyAsText ?? 'null');
  } catch {
    // A proxy or gateway may answer with HTML: there is no error body to be had then.
    return null;
  }
}

import type { Fault } from '../../../src/simulator/faults';

/** One way in which Azure may answer badly. */
export interface Wrong {
  readonly name: string;
  /** What is put in the way of the request; its method and path come from the request. */
  readonly fault: Omit<Fault, 'method' | 'path'>;
  /** Whether it goes away by itself: then nobody needs to be asked. */
  readonly passes: boolean;
}

const refused = (status: number, code: string, message: string): Wrong => ({
  name: `${status} ${code}`,
  // As often as it is asked for: only people make an end of it.
  fault: { status, code, message, times: 1_000 },
  passes: false,
});

/** Everything that may come back instead of what was wished for. */
export const wrongs: readonly Wrong[] = [
  refused(403, 'AuthorizationFailed', 'The client does not have authorization to perform this action.'),
  refused(404, 'ResourceNotFound', 'The resource was not found.'),
  refused(409, 'Conflict', 'The request could not be completed due to a conflict.'),
  {
    name: '429, twice',
    fault: { status: 429, headers: { 'retry-after': '1' }, times: 2 },
    passes: true,
  },
  { name: '500, twice', fault: { status: 500, times: 2 }, passes: true },
  { name: '503 after the effect', fault: { status: 503, when: 'after' }, passes: true },
  { name: 'a connection cut before the effect', fault: { reset: true }, passes: true },
  { name: 'a connection cut after the effect', fault: { reset: true, when: 'after' }, passes: true },
  { name: 'a stall past the deadline', fault: { delayMs: 2_500, when: 'after' }, passes: true },
  {
    name: 'a long-running operation that fails',
    fault: { lro: { fail: { code: 'InternalServerError', message: 'An unexpected error occurred.' } } },
    passes: false,
  },
];

import { type Traced, traceOf } from './activity-log';
import type { Connection } from './connection';
import type { Look, Sent } from './operation';
import { observedProblem } from './problem';

/**
 * Where the effect is not there yet: has the request been sent before, and is Azure at work on it? Only the
 * activity log tells, for changes whose resource looks the same until they are over.
 */
export async function lookAtTrace(
  azure: Connection,
  traced: Traced,
  target: string,
  sent: Sent,
): Promise<Look> {
  if (!sent.resumed) return { state: 'absent' };
  const trace = await traceOf(azure, traced, sent);
  switch (trace.state) {
    case 'running':
      return { state: 'under way', percent: null };
    case 'failed':
      return {
        state: 'blocked',
        problem: observedProblem(
          'OperationFailed',
          `Azure took the request (${traced.action} on "${target}") and could not do it: ${trace.reason}. Nothing was changed. Mend the cause and retry.`,
        ),
      };
    case 'succeeded':
    case 'refused':
    case 'not seen':
      return { state: 'absent' };
  }
}

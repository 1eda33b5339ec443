import { type Traced, traceOf } from './activity-log';
import type { Connection } from './connection';
import type { Look, Sent } from './operation';
import { observedProblem } from './problem';

/**
 * Whether an effect is there, and if not, whether Azure is at work on it. For changes whose resource looks the
 * same until they are over, only the activity log tells. `effect` gives null while nothing is to be seen.
 */
export async function lookWithTrace(
  azure: Connection,
  traced: Traced,
  target: string,
  sent: Sent,
  effect: () => Promise<Look | null>,
): Promise<Look> {
  const seen = await effect();
  if (seen) return seen;
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
      // It may have come to its end between the two readings.
      return (await effect()) ?? { state: 'absent' };
    case 'refused':
    case 'not seen':
      return { state: 'absent' };
  }
}

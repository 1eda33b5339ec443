import type { Look, Operation, Polled, Sent } from './operation';
import { observedProblem } from './problem';

/** What looking means when it is not known which request began the operation. */
const sentByAnybody: Sent = { requestId: '', intendedAt: new Date(0), resumed: true };

/** One poll made by looking. @throws AzureProblem when it ended badly or left no trace (`OperationVanished`). */
export async function pollByLooking<O extends Operation>(
  operation: O,
  target: string,
  look: (operation: O, sent: Sent) => Promise<Look>,
): Promise<Polled> {
  const seen = await look(operation, sentByAnybody);
  switch (seen.state) {
    case 'done':
      return seen;
    case 'under way':
      return { ...seen, retryAfterMs: null };
    case 'blocked':
      throw seen.problem;
    case 'absent':
      throw observedProblem(
        'OperationVanished',
        `Azure was at work on "${target}" (${operation.op}), and now shows neither the work nor its effect. It was cancelled or failed without a word: retry, or take over by hand.`,
      );
  }
}

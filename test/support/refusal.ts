import { AzureProblem } from '../../src/azure/operation';

/** A refusal as Azure gives it. */
export const refusal = (code: string, more: Partial<AzureProblem['details']> = {}): AzureProblem =>
  new AzureProblem(`Azure refused: ${code}`, {
    ...{ code, status: 409, passing: false, unknownOutcome: false, retryAfterMs: null, correlationId: null },
    ...more,
  });

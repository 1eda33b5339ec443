import { AzureProblem } from '../../src/azure/operation';

/** The problem that a call ends in. @throws when it ends in anything else. */
export async function problemOf(call: Promise<unknown>): Promise<AzureProblem> {
  try {
    await call;
  } catch (error) {
    if (error instanceof AzureProblem) return error;
    throw error;
  }
  throw new Error('The call was expected to end in an AzureProblem, and it succeeded.');
}

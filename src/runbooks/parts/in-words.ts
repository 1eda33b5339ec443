import { AzureProblem } from '../../azure/operation';

/** What cannot be read is said to be so: what can be read is needed all the more. `what`: `Which server leads`. */
export async function inWords(what: string, words: Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await words;
  } catch (error) {
    if (!(error instanceof AzureProblem)) throw error;
    return [`${what} cannot be read right now (${error.details.code}).`];
  }
}

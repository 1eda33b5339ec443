import type { Azure } from '../azure/azure';
import { type Check, check } from '../azure/check';
import { AzureProblem } from '../azure/operation';
import type { Finding, Problem } from '../incidents/event';
import type { JsonObject } from '../incidents/json';
import type { CheckData } from '../incidents/plan';
import { type Patience, problemOf, replaceFacts } from './perform';

/** What came of a check. */
export type Examined =
  | { readonly passed: true; readonly findings: readonly Finding[]; readonly facts: JsonObject }
  | { readonly passed: false; readonly findings: readonly Finding[]; readonly problem: Problem };

/** A check with the run's facts put in. @throws Error when a fact is missing. */
export const checkWithFacts = (data: CheckData, facts: JsonObject): Check =>
  check.parse(replaceFacts(data, facts));

/**
 * Makes a check's reading until every finding is right or its time is up. Azure not answering is waited out like
 * a finding that is not right yet; anything else that Azure says ends it.
 */
export async function examine(
  azure: Azure,
  reads: Check,
  withinMinutes: number,
  patience: Patience,
): Promise<Examined> {
  const startedAt = patience.now().getTime();
  const deadline = startedAt + withinMinutes * 60_000;
  for (;;) {
    const seen = await look(azure, reads);
    if (seen.passed) return seen;
    const now = patience.now().getTime();
    if (!seen.mayPass || now >= deadline)
      return { passed: false, findings: seen.findings, problem: seen.problem };
    patience.tell(null, seen.problem.what);
    await patience.sleep(Math.min(5_000, Math.max(250, (now - startedAt) * 0.02)));
  }
}

type Seen =
  | Extract<Examined, { passed: true }>
  | (Extract<Examined, { passed: false }> & { readonly mayPass: boolean });

async function look(azure: Azure, reads: Check): Promise<Seen> {
  try {
    const { findings, facts } = await azure.read(reads);
    const wrong = findings.filter((finding) => !finding.ok);
    if (wrong.length === 0) return { passed: true, findings, facts };
    const words = wrong.map((one) => `${one.what}: expected ${one.expected}, found ${one.found}`).join('; ');
    const problem = { what: words, code: 'CheckFailed', status: null, detail: '' };
    return { passed: false, mayPass: true, findings, problem };
  } catch (error) {
    const mayPass = error instanceof AzureProblem && error.details.passing;
    return { passed: false, mayPass, findings: [], problem: problemOf(error) };
  }
}

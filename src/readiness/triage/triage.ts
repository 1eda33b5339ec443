import type { ProtectedApp } from '../../engine/estate';
import type { Answers } from './answers';
import type { Findings } from './finding';
import type { Triage } from './verdict';
import { walk } from './walk';
import { whyNot } from './why-not';

/**
 * What is to be done, from what was seen and what people said: one scenario with its evidence, nothing at all, a
 * question to people, or what to find out. The same findings and answers always give the same triage.
 */
export function triage(findings: Findings, answers: Answers, app: ProtectedApp): Triage {
  const { path, verdict, afterwards } = walk(findings, answers, app);
  return { verdict, path, afterwards, others: whyNot(findings, answers, verdict) };
}

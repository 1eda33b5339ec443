import type { EventOf } from '../../incidents/event';
import type { Answers, Question } from './answers';
import { questions } from './answers';
import type { Findings } from './finding';
import { rowsOf } from './rows';
import type { Triage } from './verdict';

/** A triage as an incident's timeline keeps it: what was seen, what people said, and what it came to. */
export const triageEvent = (
  findings: Findings,
  answers: Answers,
  { verdict }: Triage,
): EventOf<'triage.made'> => ({
  type: 'triage.made',
  verdict: verdict.title,
  runbook: verdict.kind === 'recover' ? verdict.runbook : null,
  findings: rowsOf(findings).map(({ title, mark, words, at }) => ({ what: title, mark, words, at })),
  answers: (Object.keys(questions) as Question[]).flatMap((question) => {
    const answer = answers[question];
    return answer ? [{ question: questions[question].asks, answer: answer.value, by: answer.by }] : [];
  }),
});

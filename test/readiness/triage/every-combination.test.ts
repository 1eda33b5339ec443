import { join } from 'node:path';
import { inputsOf } from '../../../src/chat/cards/render-card';
import { loadRunbooks } from '../../../src/engine/load-runbooks';
import type { Answers, Question } from '../../../src/readiness/triage/answers';
import type { Findings } from '../../../src/readiness/triage/finding';
import { triage } from '../../../src/readiness/triage/triage';
import { scenarios } from '../../../src/readiness/triage/verdict';
import { app, type Fault, faults, healthy, saying, seeing } from './seen';

/** Every finding that a probe can bring back, by probe. */
const perProbe = (Object.keys(healthy) as (keyof Findings)[]).map((probe): readonly (Fault | null)[] => [
  null,
  ...(Object.keys(faults) as Fault[]).filter((fault) => probe in faults[fault]),
]);

const answersToTry: readonly Answers[] = [
  {},
  saying('data yes,sign-in yes'),
  ...(['data', 'sign-in', 'password', 'packaging', 'reach'] as const).flatMap((question: Question) =>
    (['yes', 'no', 'unsure'] as const).map((value) => saying(`${question} ${value}`)),
  ),
];

/** A fixed sequence of numbers that look random: the same combinations in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
}

function combinations(count: number): readonly { readonly findings: Findings; readonly answers: Answers }[] {
  const below = numbers(7);
  return Array.from({ length: count }, () => ({
    findings: seeing(...perProbe.flatMap((some) => some[below(some.length)] ?? [])),
    answers: answersToTry[below(answersToTry.length)] ?? {},
  }));
}

const tried = combinations(40_000).map((one) => ({ ...one, ...triage(one.findings, one.answers, app) }));

test('every combination ends in one verdict with a title and something to do or to know', () => {
  const wrong = tried.filter(({ verdict }) => verdict.title === '' || verdict.words === '');
  expect(wrong).toEqual([]);
  expect(new Set(tried.map(({ verdict }) => verdict.kind))).toEqual(
    new Set(['recover', 'by hand', 'none', 'ask', 'gather']),
  );
});

test('nothing that may lose data is proposed for a green app unless a person says what is wrong', () => {
  const wrong = tried.filter(
    ({ findings, answers, verdict }) =>
      findings.app.state === 'green' &&
      verdict.kind === 'recover' &&
      (verdict.scenario === 'region' ||
        verdict.scenario === 'release' ||
        (verdict.scenario === 'storage' && answers.packaging?.value !== 'yes') ||
        (verdict.scenario === 'data' &&
          answers.data?.value !== 'no' &&
          findings.database.state !== 'dropped')),
  );
  expect(wrong).toEqual([]);
});

test('the region is failed over only when Azure or a person confirms that it is down', () => {
  const over = tried.filter(({ verdict }) => verdict.kind === 'recover' && verdict.scenario === 'region');
  expect(over.length).toBeGreaterThan(20);
  for (const { findings, answers } of over) {
    const { region } = findings;
    const reported = region.state === 'read' && region.resources.some(({ state }) => state === 'unavailable');
    expect(reported || answers.reach?.value === 'no').toBe(true);
    expect(['failing', 'silent', 'stopped', 'missing']).toContain(findings.app.state);
  }
});

test('no scenario is recommended while Azure does not answer the bot', () => {
  const wrong = tried.filter(
    ({ findings, verdict }) => verdict.kind === 'recover' && findings.azure.state !== 'answers',
  );
  expect(wrong).toEqual([]);
});

test('a question is never asked again that was answered', () => {
  const wrong = tried.filter(
    ({ answers, verdict }) => verdict.kind === 'ask' && verdict.asks.some((question) => answers[question]),
  );
  expect(wrong).toEqual([]);
});

test('every scenario but the recommended one has its reason, in one line', () => {
  for (const { verdict, others } of tried.slice(0, 5_000)) {
    const named = others.map(({ scenario }) => scenario);
    const left = Object.keys(scenarios).filter(
      (one) => verdict.kind !== 'recover' || one !== verdict.scenario,
    );
    expect(named).toEqual(left);
    for (const { words } of others) {
      expect(words).toMatch(/^\S[^\n]*[.]$/);
      expect(words.length).toBeLessThan(400);
    }
  }
});

test('the same findings and answers give the same triage', () => {
  for (const { findings, answers, verdict } of tried.slice(0, 500))
    expect(triage(structuredClone(findings), structuredClone(answers), app).verdict).toEqual(verdict);
});

test('every recovery that can be recommended is a runbook, and what it fills in are inputs of its form', () => {
  const runbooks = loadRunbooks(join(__dirname, '..', '..', '..', 'src', 'runbooks'));
  const recommended = tried.flatMap(({ verdict }) => (verdict.kind === 'recover' ? [verdict] : []));

  expect([...new Set(recommended.map(({ runbook }) => runbook))].sort()).toEqual([
    ...['failover-region', 'failover-storage', 'recover-secret', 'recover-vault', 'replace-storage'],
    ...['restore-database', 'rollback-app'],
  ]);
  for (const { runbook, known } of recommended) {
    expect(runbooks.has(runbook)).toBe(true);
    const inputs = inputsOf(runbook);
    expect(Object.keys(known).filter((name) => !inputs.has(name))).toEqual([]);
  }
});

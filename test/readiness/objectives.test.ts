import type { IncidentView } from '../../src/engine/engine';
import type { RunState } from '../../src/incidents/run-state';
import { objectivesOf } from '../../src/readiness/objectives';
import { runbook as remove } from '../../src/runbooks/remove-database';
import { runbook as restore } from '../../src/runbooks/restore-database';
import { planOf, step } from '../support/plans';
import { shop } from '../support/protected-app';
import { minutesIn, noon, requested, stateAfter } from '../support/story';

const runbooks = new Map(
  [restore, remove].map(({ name, title, estimateMinutes }) => [name, { name, title, estimateMinutes }]),
);

/** A restore that was asked for so many hours into the day, recovered so many minutes later, and lost so many. */
const recovered = (
  hour: number,
  minutes: number,
  lost: number | null,
  more: Partial<RunState> = {},
): RunState => {
  const state = stateAfter(requested);
  const plan = { ...planOf([step('one')]), loss: { minutes: lost, words: '', from: null, settledBy: null } };
  const stage = {
    status: 'done',
    attempt: 1,
    startedAt: noon,
    endedAt: noon,
    findings: [],
    problem: null,
    adopted: false,
  } as const;
  return {
    ...{ ...state, plan, stages: { one: stage } },
    requestedAt: minutesIn(hour * 60),
    recoveredAt: minutesIn(hour * 60 + minutes),
    ...more,
  };
};

const view = (...runs: readonly RunState[]): IncidentView => ({
  ...{ incident: 'inc1', title: 'x', app: 'shop', conversation: 'c', simulated: true, openedAt: noon },
  head: { seq: 0, hash: '' },
  ...{ entries: [], runs },
});

const measured = (...runs: readonly RunState[]) =>
  objectivesOf(shop, runbooks, [view(...runs)]).measured.find(
    ({ runbook }) => runbook === 'restore-database',
  );

test('what was never run is unknown, not 0', () => {
  expect(measured()).toMatchObject({ recoveries: 0, recovery: null, loss: null, quoted: null, kept: null });
});

test('the last, the median and the worst recovery stand beside the estimate', () => {
  expect(measured(recovered(3, 200, 40), recovered(1, 30, 5), recovered(2, 50, 10))).toMatchObject({
    estimateMinutes: [30, 60],
    recoveries: 3,
    recovery: { last: 200, median: 50, worst: 200 },
    loss: { last: 40, worst: 40 },
    kept: false,
  });
  expect(measured(recovered(1, 30, 5), recovered(2, 50, 10))).toMatchObject({
    recovery: { median: 40 },
    kept: true,
  });
});

test('a loss that nobody can tell is unknown beside those that can be told', () => {
  expect(measured(recovered(1, 30, 5), recovered(2, 50, null))?.loss).toEqual({ last: null, worst: 5 });
});

test('a recovery that was taken back, and one of another app, do not count', () => {
  expect(measured(recovered(1, 30, 5, { undo: ['undo:one:0'] }))?.recovery).toBeNull();
  const elsewhere = { ...view(recovered(1, 30, 5)), app: 'another' };
  expect(objectivesOf(shop, runbooks, [elsewhere]).measured.every(({ recovery }) => recovery === null)).toBe(
    true,
  );
});

test('the document’s promises are there for both tiers, and where it is too kind is said', () => {
  const { targets, caveats } = objectivesOf(shop, runbooks, []);
  expect(targets).toMatchObject([
    { tier: 2, rtoMinutes: [60, 120] },
    { tier: 3, rtoMinutes: [15, 30] },
  ]);
  expect(caveats.join(' ')).toMatch(/an hour old/);
});

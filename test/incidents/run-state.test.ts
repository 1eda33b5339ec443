import type { Event } from '../../src/incidents/event';
import { planHash } from '../../src/incidents/plan';
import { runState, stageState } from '../../src/incidents/run-state';
import { adele, megan } from '../support/people';
import { check, gate, planOf, step } from '../support/plans';
import { begun, done, failed, intended, passed, withdrawn } from '../support/stage-events';
import {
  compiled,
  entries,
  minutesIn,
  opened,
  refusedByAzure,
  requested,
  run,
  stateAfter,
  vote,
} from '../support/story';

const plan = planOf([
  gate('begin', { covers: ['restore'] }),
  step('restore', { after: ['begin'] }),
  check('healthy', { after: ['restore'] }),
]);
const asked = [requested, compiled(plan), opened(plan, 'begin')] as const;
const paused = (stage: string, pause = 1, because: 'failed' | 'abort' = 'failed'): Event => ({
  type: 'run.paused',
  pause,
  stage,
  attempt: 1,
  because,
  truth: ['The original data is where it was.'],
});

test('a run that nobody asked for has no state, and entries of other runs do not count', () => {
  expect(runState(run, entries(compiled(plan)))).toBeNull();
  expect(runState('inc1-2', entries(requested, compiled(plan)))).toBeNull();
});

test('a run is what was asked for, by whom and when; the same request again changes nothing', () => {
  const state = stateAfter(requested, compiled(plan), requested);
  expect(state).toMatchObject({ run, runbook: 'restore-database', parameters: { app: 'shop' }, round: 1 });
  expect(state.requester).toEqual({ kind: 'person', id: 'alex', name: 'Alex Wilber' });
  expect(state.requestedAt).toEqual(minutesIn(0));
});

test('a run cannot be requested by the bot itself', () => {
  const [draft] = entries(requested);
  if (!draft) throw new Error('There is no request.');
  expect(runState(run, [{ ...draft, actor: { kind: 'bot' } }])).toBeNull();
});

test.each<[string, Event, object]>([
  [
    'plan.compiled',
    compiled(plan, 2),
    { round: 2, planHash: planHash(plan), refusal: null, driftOpen: false },
  ],
  [
    'plan.refused',
    { type: 'plan.refused', round: 2, problem: refusedByAzure },
    { round: 2, refusal: refusedByAzure },
  ],
  [
    'plan.drifted',
    { type: 'plan.drifted', round: 1, before: 'restore', changes: [{ field: 'tier', was: 'S0', is: 'S1' }] },
    { driftOpen: true, drift: { before: 'restore', changes: [{ field: 'tier', was: 'S0', is: 'S1' }] } },
  ],
  ['step.intended', intended('restore'), { stages: { restore: { status: 'running', attempt: 1 } } }],
  [
    'step.done',
    done('restore'),
    { stages: { restore: { status: 'done' } }, facts: { 'restore.databaseId': 'id-after-restore' } },
  ],
  [
    'step.failed',
    failed('restore', 2),
    { stages: { restore: { status: 'failed', attempt: 2, problem: refusedByAzure } } },
  ],
  [
    'step.withdrawn',
    withdrawn('restore', 2),
    { stages: { restore: { status: 'waiting', attempt: 2, startedAt: null } } },
  ],
  ['check.begun', begun('healthy'), { stages: { healthy: { status: 'running' } } }],
  [
    'check.passed',
    passed('healthy'),
    { stages: { healthy: { status: 'done', findings: [{ found: 'green' }] } } },
  ],
  [
    'check.failed',
    { type: 'check.failed', stage: 'healthy', attempt: 1, findings: [], problem: refusedByAzure },
    { stages: { healthy: { status: 'failed', problem: refusedByAzure } } },
  ],
  ['run.paused', paused('restore'), { pauses: 1, pause: { number: 1, stage: 'restore', because: 'failed' } }],
  ['abort.asked', { type: 'abort.asked', reason: 'wrong app' }, { abort: { reason: 'wrong app' } }],
  [
    'undo.begun',
    { type: 'undo.begun', because: 'gate', steps: ['undo:restore:0'] },
    { undo: ['undo:restore:0'], pause: null },
  ],
  ['run.recovered', { type: 'run.recovered', stage: 'healthy' }, { recoveredAt: minutesIn(3) }],
  [
    'run.finished',
    { type: 'run.finished', outcome: 'completed', words: 'Done.' },
    { finished: { outcome: 'completed', words: 'Done.', at: minutesIn(3) }, pause: null },
  ],
])('%s is seen in the state', (_type, event, expected) => {
  expect(stateAfter(...asked, event)).toMatchObject(expected);
});

test.each<[string, Event]>([
  [
    'incident.opened',
    {
      type: 'incident.opened',
      title: 'x',
      severity: 'sev1',
      app: 'shop',
      conversation: 'c',
      simulated: true,
    },
  ],
  ['note.added', { type: 'note.added', text: 'seen' }],
  ['entry.amended', { type: 'entry.amended', seq: 1, text: 'it was the other database' }],
  [
    'triage.made',
    {
      type: 'triage.made',
      verdict: 'Recover a secret',
      runbook: 'recover-secret',
      findings: [],
      answers: [],
    },
  ],
  ['timeline.read', { type: 'timeline.read', format: 'card' }],
])('%s says nothing about the run itself', (_type, event) => {
  expect(stateAfter(...asked, event)).toEqual(stateAfter(...asked));
});

test('the recovery clock stops once', () => {
  const recovered: Event = { type: 'run.recovered', stage: 'healthy' };
  expect(stateAfter(...asked, recovered, recovered).recoveredAt).toEqual(minutesIn(3));
});

test('a gate opens with its policy, its end and no votes', () => {
  expect(stateAfter(...asked).gates['begin']).toMatchObject({
    ...{ round: 1, planHash: planHash(plan), votes: [], closed: null },
    ...{ openedAt: minutesIn(2), expiresAt: minutesIn(60) },
  });
});

test('a person has one voice: the later answer takes the place of the earlier', () => {
  const gateState = stateAfter(
    ...asked,
    vote(megan, plan, 'begin'),
    vote(adele, plan, 'begin'),
    vote(megan, plan, 'begin', 'reject'),
  ).gates['begin'];
  expect(gateState?.votes.map((one) => [one.by.name, one.choice])).toEqual([
    ['Adele Vance', 'approve'],
    ['Megan Bowen', 'reject'],
  ]);
});

test('a withdrawn vote does not count, and can be given again', () => {
  const withdrawn: Event = { type: 'vote.withdrawn', stage: 'begin', round: 1, reason: 'not sure' };
  const without = [...asked, vote(megan, plan, 'begin'), [megan, withdrawn]] as const;
  expect(stateAfter(...without).gates['begin']?.votes).toEqual([]);
  expect(stateAfter(...without, vote(megan, plan, 'begin')).gates['begin']?.votes).toHaveLength(1);
});

test('nobody can withdraw the vote of another', () => {
  const withdrawn: Event = { type: 'vote.withdrawn', stage: 'begin', round: 1, reason: '' };
  const state = stateAfter(...asked, vote(megan, plan, 'begin'), [adele, withdrawn]);
  expect(state.gates['begin']?.votes).toHaveLength(1);
});

test('a vote for another plan than the gate shows does not count', () => {
  const other = planOf(plan.stages, { title: 'Something else' });
  expect(stateAfter(...asked, vote(megan, other, 'begin')).gates['begin']?.votes).toEqual([]);
});

test('a vote of another round, for a gate that is not there, or by the bot does not count', () => {
  const bot = vote(megan, plan, 'begin')[1];
  const state = stateAfter(
    ...asked,
    vote(megan, plan, 'begin', 'approve', 2),
    vote(megan, plan, 'swap'),
    bot,
  );
  expect(state.gates['begin']?.votes).toEqual([]);
  expect(state.gates['swap']).toBeUndefined();
});

test('a closed gate keeps its answer and its votes, whatever comes after', () => {
  const closed: Event = {
    type: 'gate.closed',
    stage: 'begin',
    round: 1,
    choice: 'approve',
    because: 'quorum',
  };
  const state = stateAfter(
    ...[...asked, vote(megan, plan, 'begin'), closed],
    vote(adele, plan, 'begin', 'reject'),
    [megan, { type: 'vote.withdrawn', stage: 'begin', round: 1, reason: 'late' }],
    { ...closed, choice: 'reject', because: 'veto' },
  );
  expect(state.gates['begin']?.closed).toEqual({ choice: 'approve', because: 'quorum', at: minutesIn(4) });
  expect(state.gates['begin']?.votes.map((one) => one.by.id)).toEqual(['megan']);
});

test('a new round opens the gate anew: the votes of the old one are void', () => {
  const state = stateAfter(
    ...[...asked, vote(megan, plan, 'begin')],
    { type: 'plan.drifted', round: 1, before: 'restore', changes: [] },
    compiled(plan, 2),
    opened(plan, 'begin', undefined, 2),
    { type: 'gate.closed', stage: 'begin', round: 1, choice: 'approve', because: 'quorum' },
  );
  expect(state.gates['begin']).toMatchObject({ round: 2, votes: [], closed: null });
});

test('a stage that nothing has happened to waits for its first try', () => {
  expect(stageState(stateAfter(...asked), 'restore')).toMatchObject({ status: 'waiting', attempt: 1 });
});

test('a second try begins clean: the problem of the first is gone', () => {
  const state = stateAfter(...asked, intended('restore'), failed('restore'), intended('restore', 2));
  expect(stageState(state, 'restore')).toMatchObject({ status: 'running', attempt: 2, problem: null });
});

const stuck = [...asked, intended('restore'), failed('restore'), paused('restore')] as const;
const decidedOn = (pause: number, decision: Extract<Event, { type: 'run.decided' }>['decision']) =>
  [megan, { type: 'run.decided', pause, stage: 'restore', decision }] as const;

test('retry makes a waiting stage of the failed one, one try further', () => {
  const state = stateAfter(...stuck, decidedOn(1, { choice: 'retry' }));
  expect(stageState(state, 'restore')).toMatchObject({ status: 'waiting', attempt: 2, problem: null });
  expect(state.pause).toBeNull();
});

test('skip leaves the stage out', () => {
  const state = stateAfter(...stuck, decidedOn(1, { choice: 'skip', reason: 'done by hand' }));
  expect(stageState(state, 'restore').status).toBe('skipped');
});

test('undo and stop are wishes with a name under them', () => {
  const by = { kind: 'person', id: 'megan', name: 'Megan Bowen' };
  const undo = stateAfter(...stuck, decidedOn(1, { choice: 'undo' }));
  expect(undo).toMatchObject({ wish: { choice: 'undo', by }, pause: null });
  const stop = stateAfter(...stuck, decidedOn(1, { choice: 'stop', reason: 'by hand' }));
  expect(stop).toMatchObject({ wish: { choice: 'stop', by, reason: 'by hand' }, pause: null });
});

test('a decision about an old pause changes nothing', () => {
  const again = [
    ...stuck,
    decidedOn(1, { choice: 'retry' }),
    intended('restore', 2),
    failed('restore', 2),
    { ...paused('restore', 2), attempt: 2 } as Event,
  ] as const;
  const late = stateAfter(...again, decidedOn(1, { choice: 'undo' }));
  expect(late).toMatchObject({ pause: { number: 2 }, pauses: 2, wish: null });
});

test('a decision about another stage than the paused one changes nothing', () => {
  const other: Event = { type: 'run.decided', pause: 1, stage: 'healthy', decision: { choice: 'retry' } };
  expect(stateAfter(...stuck, [megan, other]).pause).toMatchObject({ number: 1 });
});

test('going on after an abort tries the stage not again: it was not the one that failed', () => {
  const state = stateAfter(
    ...[...asked, intended('restore'), done('restore')],
    { type: 'abort.asked', reason: 'wait' },
    paused('restore', 1, 'abort'),
    decidedOn(1, { choice: 'retry' }),
  );
  expect(stageState(state, 'restore')).toMatchObject({ status: 'done', attempt: 1 });
  expect(state).toMatchObject({ abort: null, pause: null });
});

test('an abort leaves nothing to skip, so skipping it changes nothing', () => {
  const state = stateAfter(
    ...[...asked, intended('restore'), done('restore')],
    { type: 'abort.asked', reason: 'wait' },
    paused('restore', 1, 'abort'),
    decidedOn(1, { choice: 'skip', reason: 'no' }),
  );
  expect(stageState(state, 'restore').status).toBe('done');
  expect(state.pause).toMatchObject({ number: 1 });
});

test('retry after a refused second plan compiles once more', () => {
  const state = stateAfter(
    ...[...asked, intended('restore'), done('restore')],
    { type: 'plan.drifted', round: 1, before: 'healthy', changes: [] },
    { type: 'plan.refused', round: 2, problem: refusedByAzure },
    paused('restore', 1, 'abort'),
    decidedOn(1, { choice: 'retry' }),
  );
  expect(state).toMatchObject({ refusal: null, driftOpen: true, pause: null });
  expect(stageState(state, 'restore').status).toBe('done');
});

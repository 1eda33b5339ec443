import { adele, megan } from '../support/people';
import { check, gate, keepOrSwapBack, oneApprover, planOf, step } from '../support/plans';
import {
  begun,
  checked,
  done,
  failed,
  intended,
  statusOf,
  stepped,
  withdrawn,
} from '../support/stage-events';
import { type Play, play, refusedByAzure, vote } from '../support/story';

/** Restore beside, swap by two renames, look, then keep or swap back. */
const stages = [
  gate('begin', { covers: ['restore'] }),
  step('restore', { after: ['begin'], back: { undo: [] } }),
  gate('swap', { after: ['restore'], covers: ['set-aside', 'swap-in'] }),
  step('set-aside', { after: ['swap'] }),
  step('swap-in', { after: ['set-aside'] }),
  check('healthy', { after: ['swap-in'] }),
  gate('commit', { after: ['healthy'], options: keepOrSwapBack }),
];
const plan = planOf(stages, { recoveredAfter: 'healthy' });

const begin = (): Play =>
  play([plan])
    .goOn()
    .add(vote(megan, plan, 'begin'))
    .goOn();
const restored = (): Play =>
  begin()
    .add(...stepped('restore'))
    .goOn();
const swapping = (): Play =>
  restored()
    .add(vote(megan, plan, 'swap'))
    .goOn();
const betweenRenames = (): Play =>
  swapping()
    .add(...stepped('set-aside'))
    .goOn();
const swapped = (): Play =>
  betweenRenames()
    .add(...stepped('swap-in'), ...checked('healthy'))
    .goOn();

test('a run is carried from its request to its end, one decision after the other', () => {
  const run = play([plan]);
  expect(run.todo()).toEqual(['compile']);
  expect(run.goOn().state().gates).toHaveProperty('begin');
  expect(run.todo()).toEqual([]);
  expect(begin().todo()).toEqual(['perform restore']);
  expect(restored().todo()).toEqual([]);
  expect(swapping().todo()).toEqual(['perform set-aside']);
  expect(betweenRenames().todo()).toEqual(['perform swap-in']);
  expect(
    betweenRenames()
      .add(...stepped('swap-in'))
      .todo(),
  ).toEqual(['check healthy']);
  const end = swapped()
    .add(vote(megan, plan, 'commit', 'keep'))
    .goOn();
  expect(end.state().finished).toMatchObject({
    outcome: 'completed',
    words: expect.stringContaining('Every step worked'),
  });
  expect(end.next()).toMatchObject({ over: true, actions: [] });
});

test('the recovery clock stops at the green check, before anybody has answered whether to keep it', () => {
  expect(swapped().state()).toMatchObject({ recoveredAt: expect.any(Date), finished: null });
});

test('Azure is looked at again before the first step behind a gate, and not between two steps', () => {
  const observes = (run: Play) => run.next().actions.map((one) => one.do === 'perform' && one.observe);
  expect(observes(begin())).toEqual([true]);
  expect(observes(betweenRenames())).toEqual([false]);
});

test('where a check comes first behind a gate, Azure is looked at before it and before the step behind it', () => {
  const checkFirst = planOf([
    gate('begin', { covers: ['fail-over'] }),
    check('caught-up', { after: ['begin'] }),
    step('fail-over', { after: ['caught-up'] }),
    step('restart', { after: ['fail-over'] }),
  ]);
  const run = play([checkFirst])
    .goOn()
    .add(vote(megan, checkFirst, 'begin'))
    .goOn();
  expect(run.next().actions).toMatchObject([{ do: 'check', stage: 'caught-up', observe: true }]);
  run.add(...checked('caught-up')).goOn();
  expect(run.next().actions).toMatchObject([{ stage: 'fail-over', observe: true }]);
  run.add(...stepped('fail-over')).goOn();
  expect(run.next().actions).toMatchObject([{ stage: 'restart', observe: false }]);
});

test('until a step has worked, Azure is looked at before each: behind one that was left out comes the first change', () => {
  const run = begin().add(intended('restore'), failed('restore')).goOn();
  leaveOut(run)
    .add(vote(megan, plan, 'swap'))
    .goOn();
  run.add(intended('set-aside'), failed('set-aside')).goOn();
  expect(leaveOut(run).next().actions).toMatchObject([{ stage: 'swap-in', observe: true }]);
});

test('once the app has recovered, Azure is looked at only before what cannot be taken back', () => {
  const after = planOf(
    [
      step('recover'),
      check('healthy', { after: ['recover'] }),
      step('tidy', { after: ['healthy'] }),
      step('delete', { after: ['healthy'], back: { irreversible: 'It is gone.' } }),
    ],
    { recoveredAfter: 'healthy' },
  );
  const run = play([after])
    .goOn()
    .add(...stepped('recover'), ...checked('healthy'))
    .goOn();
  expect(run.next().actions).toMatchObject([
    { stage: 'tidy', observe: false },
    { stage: 'delete', observe: true },
  ]);
});

test('Azure is looked at again before every step that cannot be taken back', () => {
  const forGood = planOf([
    step('copy'),
    step('remove', { after: ['copy'], back: { irreversible: 'It is gone.' } }),
  ]);
  const run = play([forGood])
    .goOn()
    .add(...stepped('copy'));
  expect(run.next().actions).toMatchObject([{ do: 'perform', stage: 'remove', observe: true }]);
});

test('while a gate waits for people, the run sleeps until the gate ends', () => {
  const run = play([plan]).goOn();
  expect(run.next()).toEqual({ actions: [], over: false, wakeAt: run.state().gates['begin']?.expiresAt });
});

test('a gate that nobody answers ends the run, with nothing changed', () => {
  const run = play([plan]).goOn().wait(oneApprover.expiresAfterMinutes).goOn();
  expect(run.state().finished).toMatchObject({ outcome: 'expired' });
  expect(run.has('step.intended')).toBe(false);
});

test('one rejection ends the run, with nothing changed', () => {
  const run = play([plan])
    .goOn()
    .add(vote(adele, plan, 'begin', 'reject'))
    .goOn();
  expect(run.state().finished).toMatchObject({ outcome: 'rejected' });
  expect(run.has('step.intended')).toBe(false);
});

test('a rejected swap leaves the restored copy beside production', () => {
  const run = restored()
    .add(vote(adele, plan, 'swap', 'reject'))
    .goOn();
  expect(run.state()).toMatchObject({
    finished: { outcome: 'rejected' },
    stages: { restore: { status: 'done' } },
  });
});

test('where the estate says so, silence keeps the data', () => {
  const policies = { commit: { ...oneApprover, onExpiry: 'go-on' as const } };
  const run = play([plan], policies)
    .goOn()
    .add(vote(megan, plan, 'begin'))
    .goOn();
  run
    .add(...stepped('restore'))
    .goOn()
    .add(vote(megan, plan, 'swap'))
    .goOn();
  run.add(...stepped('set-aside'), ...stepped('swap-in'), ...checked('healthy')).goOn();
  expect(run.wait(61).goOn().state()).toMatchObject({
    gates: { commit: { closed: { choice: 'keep', because: 'expired' } } },
    finished: { outcome: 'completed' },
  });
});

test('a refused plan ends the run with the reason', () => {
  expect(play([]).goOn().state()).toMatchObject({
    finished: { outcome: 'refused', words: refusedByAzure.what },
  });
});

const failedBetween = (): Play => betweenRenames().add(intended('swap-in'), failed('swap-in')).goOn();
const decide = (run: Play, choice: 'retry' | 'undo'): Play =>
  run
    .add([
      megan,
      {
        type: 'run.decided',
        pause: run.state().pauses,
        stage: run.state().pause?.stage ?? '',
        decision: { choice },
      },
    ])
    .goOn();
const leaveOut = (run: Play): Play =>
  run
    .add([
      megan,
      {
        type: 'run.decided',
        pause: run.state().pauses,
        stage: run.state().pause?.stage ?? '',
        decision: { choice: 'skip', reason: 'by hand' },
      },
    ])
    .goOn();
const stop = (run: Play): Play =>
  run
    .add([
      megan,
      {
        type: 'run.decided',
        pause: run.state().pauses,
        stage: run.state().pause?.stage ?? '',
        decision: { choice: 'stop', reason: 'enough' },
      },
    ])
    .goOn();
const abort = (run: Play): Play => run.add([megan, { type: 'abort.asked', reason: 'wrong app' }]).goOn();

test('a failed step pauses the run, and nothing goes on until a person has decided', () => {
  const run = failedBetween();
  expect(run.state().pause).toMatchObject({ number: 1, stage: 'swap-in', attempt: 1, because: 'failed' });
  expect(run.next()).toEqual({ actions: [], wakeAt: null, over: false });
});

test('retry tries the failed step again, and the run goes on to its end', () => {
  const run = decide(failedBetween(), 'retry');
  expect(run.next().actions).toMatchObject([{ do: 'perform', stage: 'swap-in', attempt: 2 }]);
  expect(run.add(...stepped('swap-in', 2)).todo()).toEqual(['check healthy']);
});

test('a step that fails again pauses the run again, under another number', () => {
  const run = decide(failedBetween(), 'retry').add(intended('swap-in', 2), failed('swap-in', 2)).goOn();
  expect(run.state().pause).toMatchObject({ number: 2, stage: 'swap-in', attempt: 2 });
});

test('skip goes on behind the failed step, and the end says that something was left out', () => {
  const run = leaveOut(failedBetween())
    .add(...checked('healthy'))
    .goOn()
    .add(vote(megan, plan, 'commit', 'keep'))
    .goOn();
  expect(run.state().finished?.words).toMatch(/left out/);
});

test('stop ends the run as it is', () => {
  expect(stop(failedBetween()).state().finished).toMatchObject({
    outcome: 'aborted',
    words: expect.stringContaining('left as it is'),
  });
});

test('undo takes the steps back in reverse, the failed one too, since it may have half happened', () => {
  const run = decide(failedBetween(), 'undo');
  expect(run.state().undo).toEqual(['undo:swap-in:0', 'undo:set-aside:0', 'undo:verify']);
  expect(run.todo()).toEqual(['perform undo:swap-in:0']);
  run.add(...stepped('undo:swap-in:0')).goOn();
  expect(run.todo()).toEqual(['perform undo:set-aside:0']);
  run.add(...stepped('undo:set-aside:0')).goOn();
  expect(run.todo()).toEqual(['check undo:verify']);
  expect(
    run
      .add(...checked('undo:verify'))
      .goOn()
      .state().finished,
  ).toMatchObject({ outcome: 'undone' });
});

test('a step that failed, was left out and may have half happened is taken back as well', () => {
  const run = leaveOut(failedBetween())
    .add(...checked('healthy'))
    .goOn();
  run.add(vote(megan, plan, 'commit', 'swap-back')).goOn();
  expect(run.state().undo).toEqual(['undo:swap-in:0', 'undo:set-aside:0', 'undo:verify']);
});

test('a step that waits to be tried again is taken back as well', () => {
  const run = abort(decide(failedBetween(), 'retry'));
  expect(run.state().pause).toMatchObject({ stage: 'swap-in', attempt: 2, because: 'abort' });
  expect(decide(run, 'undo').state().undo?.[0]).toBe('undo:swap-in:0');
});

test('swapping back at the commit gate takes everything back, with a quorum only', () => {
  const run = swapped()
    .add(vote(megan, plan, 'commit', 'swap-back'))
    .goOn();
  expect(run.todo()).toEqual(['perform undo:swap-in:0']);
});

const undoStuck = (): Play =>
  decide(failedBetween(), 'undo').add(intended('undo:swap-in:0'), failed('undo:swap-in:0')).goOn();

test('a failed undo step pauses the run, can be tried again, and comes to its end', () => {
  expect(undoStuck().state().pause).toMatchObject({ number: 2, stage: 'undo:swap-in:0' });
  const run = decide(undoStuck(), 'retry');
  expect(run.next().actions).toMatchObject([{ do: 'perform', stage: 'undo:swap-in:0', attempt: 2 }]);
});

test('a failed undo step that is left out is named at the end', () => {
  const run = leaveOut(undoStuck())
    .add(...stepped('undo:set-aside:0'), ...checked('undo:verify'))
    .goOn();
  expect(run.state().finished).toMatchObject({
    outcome: 'undone',
    words: expect.stringContaining('undo:swap-in:0'),
  });
});

test('an undo that cannot go on can be stopped', () => {
  expect(stop(undoStuck()).state().finished).toMatchObject({ outcome: 'aborted' });
});

test('an undo with nothing to take back says so', () => {
  const run = begin().add(intended('restore'), failed('restore')).goOn();
  expect(decide(run, 'undo').state().finished).toMatchObject({
    outcome: 'undone',
    words: 'There was nothing to take back.',
  });
});

test('an abort before anything was changed ends the run at once', () => {
  expect(abort(play([plan])).state().finished).toMatchObject({
    outcome: 'aborted',
    words: expect.stringContaining('before anything'),
  });
  expect(abort(play([plan]).goOn()).state().finished).toMatchObject({ outcome: 'aborted' });
  expect(abort(begin()).state().finished).toMatchObject({
    outcome: 'aborted',
    words: expect.stringContaining('before anything'),
  });
});

test('an abort between the renames asks what to do, because the app has no database now', () => {
  const run = abort(betweenRenames());
  expect(run.state().pause).toMatchObject({ stage: 'set-aside', because: 'abort' });
  expect(run.todo()).toEqual([]);
  expect(decide(abort(betweenRenames()), 'undo').todo()).toEqual(['perform undo:set-aside:0']);
  expect(decide(abort(betweenRenames()), 'retry').todo()).toEqual(['perform swap-in']);
});

test('an abort while Azure is at work waits for the step to end', () => {
  const run = abort(swapping().add(intended('set-aside')));
  expect(run.todo()).toEqual([]);
  expect(run.state().pause).toBeNull();
  expect(run.add(done('set-aside')).goOn().state().pause).toMatchObject({ because: 'abort' });
});

const drifted = {
  type: 'plan.drifted',
  round: 1,
  before: 'set-aside',
  changes: [{ field: 'tier', was: 'S0', is: 'S1' }],
} as const;
const second = { ...plan, observed: { status: 'Online', tier: 'S1' } };

test('after a drift the plan is made anew and asked again, but not for what is done already', () => {
  const run = play([plan, second])
    .goOn()
    .add(vote(megan, plan, 'begin'))
    .goOn();
  run
    .add(...stepped('restore'))
    .goOn()
    .add(vote(megan, plan, 'swap'))
    .goOn()
    .add(drifted)
    .goOn();
  expect(run.state()).toMatchObject({ round: 2, driftOpen: false });
  expect(run.state().gates).toMatchObject({
    begin: { round: 1 },
    swap: { round: 2, votes: [], closed: null },
  });
  expect(run.todo()).toEqual([]);
  expect(
    run
      .add(vote(megan, plan, 'swap', 'approve', 2))
      .goOn()
      .todo(),
  ).toEqual([]);
  expect(
    run
      .add(vote(megan, second, 'swap', 'approve', 2))
      .goOn()
      .todo(),
  ).toEqual(['perform set-aside']);
});

test('a gate that covers no step is asked again after a drift: what was said to the old plan is said to no other', () => {
  const looks = [
    gate('look', { covers: [] }),
    gate('begin', { after: ['look'], covers: ['create'] }),
    step('create', { after: ['begin'] }),
  ];
  const [first, anew] = [planOf(looks), planOf(looks, { observed: { status: 'Paused' } })];
  const run = play([first, anew])
    .goOn()
    .add(vote(megan, first, 'look'))
    .goOn()
    .add({ ...drifted, before: 'create' })
    .goOn();
  expect(run.state().gates).toMatchObject({ look: { round: 2, closed: null }, begin: { round: 1 } });
  expect(
    run
      .add(vote(megan, anew, 'look', 'approve', 2))
      .goOn()
      .state().gates,
  ).toMatchObject({ begin: { round: 2, closed: null } });
});

test('a step that was meant and not sent, because Azure had drifted, is asked about anew and counts as not begun', () => {
  const run = play([plan, second])
    .goOn()
    .add(vote(megan, plan, 'begin'))
    .goOn()
    .add(intended('restore'), { ...drifted, before: 'restore' })
    .goOn()
    .add(withdrawn('restore'))
    .goOn();
  expect(run.state()).toMatchObject({ round: 2, driftOpen: false, gates: { begin: { votes: [] } } });
  run.add(vote(megan, second, 'begin', 'approve', 2)).goOn();
  expect(run.next().actions).toMatchObject([{ do: 'perform', stage: 'restore', attempt: 1, observe: true }]);
  expect(abort(run).state().finished).toMatchObject({ words: expect.stringContaining('before anything') });
});

test('after a drift nothing starts before the gate that was approved for it long ago is approved again', () => {
  const long = [
    gate('begin', { covers: ['create', 'write'] }),
    step('create', { after: ['begin'] }),
    check('answers', { after: ['create'] }),
    step('write', { after: ['answers'], back: { irreversible: 'It stays.' } }),
  ];
  const [first, anew] = [planOf(long), planOf(long, { observed: { status: 'Paused' } })];
  const run = play([first, anew])
    .goOn()
    .add(vote(megan, first, 'begin'))
    .goOn()
    .add(...stepped('create'), ...checked('answers'))
    .goOn();
  expect(run.todo()).toEqual(['perform write']);
  run.add({ ...drifted, before: 'write' }).goOn();
  expect(run.state().gates).toMatchObject({ begin: { round: 2, votes: [], closed: null } });
  expect(run.todo()).toEqual([]);
  expect(
    run
      .add(vote(megan, anew, 'begin', 'approve', 2))
      .goOn()
      .todo(),
  ).toEqual(['perform write']);
});

test('when no plan is possible after a drift, a person decides what becomes of what was done', () => {
  const run = swapping()
    .add(...stepped('set-aside'), drifted)
    .goOn();
  expect(run.state()).toMatchObject({
    refusal: refusedByAzure,
    pause: { stage: 'set-aside', because: 'abort' },
  });
  expect(decide(run, 'undo').todo()).toEqual(['perform undo:set-aside:0']);
});

test('when no plan is possible any more and nothing was changed, the run is over', () => {
  const run = begin()
    .add({ ...drifted, before: 'restore' })
    .goOn();
  expect(run.state().finished).toMatchObject({ outcome: 'refused' });
});

const branches = planOf([step('left'), step('right'), step('right-2', { after: ['right'] })]);

test('two independent branches go side by side, and a failed one does not hold the other', () => {
  const run = play([branches]).goOn();
  expect(run.todo()).toEqual(['perform left', 'perform right']);
  run.add(intended('left'), intended('right'), failed('left')).goOn();
  expect(run.state().pause).toMatchObject({ stage: 'left' });
  expect(run.add(done('right')).goOn().todo()).toEqual(['perform right-2']);
});

test('two failed branches are asked about one after the other', () => {
  const run = play([branches])
    .goOn()
    .add(intended('left'), intended('right'), failed('left'), failed('right'))
    .goOn();
  expect(run.state().pause).toMatchObject({ number: 1, stage: 'left' });
  expect(decide(run, 'retry').state().pause).toMatchObject({ number: 2, stage: 'right' });
});

test('nothing is taken back, and no run is over, while Azure is still at work on another branch', () => {
  const half = () => play([branches]).goOn().add(intended('left'), intended('right'), failed('left')).goOn();
  expect(decide(half(), 'undo').state().undo).toBeNull();
  expect(decide(half(), 'undo').add(done('right')).goOn().state().undo).toEqual([
    'undo:right:0',
    'undo:left:0',
    'undo:verify',
  ]);
  expect(stop(half()).state().finished).toBeNull();
  expect(stop(half()).add(done('right')).goOn().state().finished).toMatchObject({ outcome: 'aborted' });
});

test('a rejection on one branch ends the run only when the other is at rest', () => {
  const mixed = planOf([step('copy'), gate('ask'), step('more', { after: ['ask'] })]);
  const run = play([mixed])
    .goOn()
    .add(intended('copy'), vote(megan, mixed, 'ask', 'reject'))
    .goOn();
  expect(run.state().finished).toBeNull();
  expect(run.todo()).toEqual([]);
  expect(run.add(done('copy')).goOn().state().finished).toMatchObject({ outcome: 'rejected' });
});

test('a failed check pauses the run like a failed step', () => {
  const run = betweenRenames().add(...stepped('swap-in'), begun('healthy'));
  run
    .add({ type: 'check.failed', stage: 'healthy', attempt: 1, findings: [], problem: refusedByAzure })
    .goOn();
  expect(statusOf(run.state(), 'healthy')).toBe('failed');
  expect(run.state().pause).toMatchObject({ stage: 'healthy', because: 'failed' });
});

test('what people have decided to keep is not taken back by a later undo', () => {
  const more = planOf([...stages, step('protect', { after: ['commit'] })], { recoveredAfter: 'healthy' });
  const run = play([more])
    .goOn()
    .add(vote(megan, more, 'begin'))
    .goOn()
    .add(...stepped('restore'))
    .goOn();
  run.add(vote(megan, more, 'swap')).goOn();
  run.add(...stepped('set-aside'), ...stepped('swap-in'), ...checked('healthy')).goOn();
  run
    .add(vote(megan, more, 'commit', 'keep'))
    .goOn()
    .add(intended('protect'), failed('protect'))
    .goOn();
  expect(decide(run, 'undo').state().undo).toEqual(['undo:protect:0', 'undo:verify']);
});

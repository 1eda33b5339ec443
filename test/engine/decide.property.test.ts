import fc from 'fast-check';
import type { Event } from '../../src/incidents/event';
import type { Plan, Stage } from '../../src/incidents/plan';
import { stageState } from '../../src/incidents/run-state';
import { megan } from '../support/people';
import { check, gate, keepOrSwapBack, planOf, step } from '../support/plans';
import { begun, done, failed, intended, passed, withdrawn } from '../support/stage-events';
import { type Play, play, refusedByAzure, type Said, vote } from '../support/story';

const runs = Number(process.env['FUZZ_RUNS'] ?? 1_000);

/** Plans of up to seven stages, each behind any of those before it. */
const plans: fc.Arbitrary<Plan> = fc
  .array(fc.tuple(fc.constantFrom('gate', 'commit', 'step', 'for-good', 'check'), fc.nat()), {
    minLength: 1,
    maxLength: 7,
  })
  .map((kinds) => {
    const stages = kinds.map(([kind, links], index): Stage => {
      const name = `s${index}`;
      const after = kinds.flatMap((_, before) =>
        before < index && (links >> before) % 2 === 1 ? [`s${before}`] : [],
      );
      if (kind === 'check') return check(name, { after });
      if (kind === 'step') return step(name, { after });
      if (kind === 'for-good') return step(name, { after, back: { irreversible: 'It is gone.' } });
      return gate(name, { after, ...(kind === 'commit' ? { options: keepOrSwapBack } : {}) });
    });
    const covering = stages.map((stage) =>
      stage.kind === 'gate'
        ? {
            ...stage,
            covers: stages
              .filter((one) => one.kind === 'step' && one.after.includes(stage.name))
              .map((one) => one.name),
          }
        : stage,
    );
    return planOf(covering);
  });

/** Everything that Azure or a person may do to a run now; waiting is the one thing that is not an event. */
function possible(run: Play): readonly (Said | 'wait')[] {
  const state = run.state();
  const { plan, pause } = state;
  if (!plan) return [];
  const due = run.next().actions.flatMap((action): readonly Said[] => {
    if (action.do === 'check') return [begun(action.stage, action.attempt)];
    if (action.do !== 'perform') return [];
    const drifted: Event = { type: 'plan.drifted', round: state.round, before: action.stage, changes: [] };
    return [intended(action.stage, action.attempt), ...(action.observe ? [drifted] : [])];
  });
  const ends = Object.entries(state.stages).flatMap(([name, { status, attempt }]): readonly Event[] => {
    if (status !== 'running') return [];
    const isCheck =
      name === 'undo:verify' || plan.stages.some((one) => one.name === name && one.kind === 'check');
    const problem = {
      type: 'check.failed',
      stage: name,
      attempt,
      findings: [],
      problem: refusedByAzure,
    } as const;
    if (isCheck) return [passed(name, attempt), problem];
    // At the last moment before it is sent, a step may still be found to be no longer what was approved.
    const drift = { type: 'plan.drifted', round: state.round, before: name, changes: [] } as const;
    const unsent = plan.stages.some((one) => one.name === name) ? [drift] : [];
    const given = state.drift?.before === name ? [withdrawn(name, attempt)] : unsent;
    return [done(name, attempt), failed(name, attempt), ...given];
  });
  const answers = plan.stages.flatMap((stage): readonly (Said | 'wait')[] => {
    const asked = state.gates[stage.name];
    if (stage.kind !== 'gate' || !asked || asked.closed || asked.round !== state.round) return [];
    return ['wait', ...stage.options.map(({ choice }) => vote(megan, plan, stage.name, choice, asked.round))];
  });
  const decide = (decision: Extract<Event, { type: 'run.decided' }>['decision']): readonly Said[] =>
    pause ? [[megan, { type: 'run.decided', pause: pause.number, stage: pause.stage, decision }]] : [];
  const decisions = [
    ...decide({ choice: 'retry' }),
    ...(pause?.because === 'failed' ? decide({ choice: 'skip', reason: 'by hand' }) : []),
    ...(state.undo ? [] : decide({ choice: 'undo' })),
    ...decide({ choice: 'stop', reason: 'enough' }),
  ];
  // Votes for a run that is being stopped or taken back move nothing, so they do not count as a way on.
  const moot = state.undo !== null || state.wish !== null || state.abort !== null || state.refusal !== null;
  return [...due, ...ends, ...(moot ? [] : answers), ...decisions];
}

test('no run is ever stuck: until it is over, Azure or a person can always bring it on', () => {
  const outcomes = new Map<string, number>();
  fc.assert(
    fc.property(plans, fc.array(fc.nat(), { maxLength: 60 }), (plan, choices) => {
      const run = play([plan, { ...plan, observed: { tier: 'S1' } }, plan]).goOn();
      for (const choice of choices) {
        const state = run.state();
        if (state.finished) break;
        const ways = possible(run);
        expect({ ways: ways.length > 0, state: ways.length > 0 ? null : state }).toEqual({
          ways: true,
          state: null,
        });
        const mayAbort = !state.abort && !state.undo && choice % 17 === 0;
        const way = mayAbort
          ? ([megan, { type: 'abort.asked', reason: '' }] as const)
          : ways[choice % ways.length];
        if (way === 'wait') run.wait(61);
        else if (way) run.add(way);
        run.goOn();
        expect(run.has('run.finished')).toBe(run.state().finished !== null);
        // What was asked of Azure stays in view until it has answered: no run is over before.
        if (run.state().finished)
          expect(
            plan.stages.filter((stage) => stageState(run.state(), stage.name).status === 'running'),
          ).toEqual([]);
      }
      const outcome = run.state().finished?.outcome ?? 'going on';
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }),
    { numRuns: runs },
  );
  // The property means something only if the walks come to every kind of end.
  expect([...outcomes.keys()].sort()).toEqual(
    expect.arrayContaining(['aborted', 'completed', 'expired', 'refused', 'rejected', 'undone']),
  );
});

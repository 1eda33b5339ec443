import { askedAs, policyWords, withGuards, withPolicies } from '../../src/engine/resource-gates';
import type { GatePolicy } from '../../src/incidents/event';
import { driftBetween, type Plan } from '../../src/incidents/plan';
import { megan } from '../support/people';
import { check, gate, keepOrSwapBack, oneApprover, planOf, step } from '../support/plans';
import { shop } from '../support/protected-app';
import { stepped } from '../support/stage-events';
import { play, vote } from '../support/story';

const gates = (plan: Plan) =>
  plan.stages.flatMap((stage) =>
    stage.kind === 'gate' ? [[stage.name, stage.policy, stage.after, stage.covers]] : [],
  );
const afterOf = (plan: Plan, name: string) => plan.stages.find((stage) => stage.name === name)?.after;
const guardOf = (resource: string, policy = 'swap') => ({ guards: [{ resource, policy }] });

test('a runbook that leaves a gate out gets the one that its resource asks for', () => {
  const bare = planOf([step('shop'), check('healthy', { after: ['shop'] })]);
  const plan = withGuards(bare, guardOf('sql'), null);
  expect(gates(plan)).toEqual([['guard-swap', 'swap', [], ['shop']]]);
  expect(afterOf(plan, 'shop')).toEqual(['guard-swap']);
  expect(plan.stages.map(({ name }) => name)).toEqual(['guard-swap', 'shop', 'healthy']);
});

test('one gate stands before all steps that change guarded resources, wherever they are', () => {
  const plan = withGuards(
    planOf([
      gate('begin', { covers: ['other', 'one', 'two'] }),
      step('other', {
        after: ['begin'],
        does: { op: 'app.restart', app: { app: 'web' } },
        back: { undo: [] },
      }),
      step('one', { after: ['begin'] }),
      step('two', { after: ['other'] }),
    ]),
    guardOf('SQL'),
    null,
  );
  expect(gates(plan).map(([name]) => name)).toEqual(['begin', 'guard-swap']);
  expect([afterOf(plan, 'other'), afterOf(plan, 'one'), afterOf(plan, 'two')]).toEqual([
    ['begin'],
    ['guard-swap'],
    ['other', 'guard-swap'],
  ]);
  expect(afterOf(plan, 'guard-swap')).toEqual(['begin']);
});

test('a gate of that policy which stands before the step already is enough, and a name inside another is not it', () => {
  const own = planOf([gate('swap', { covers: ['shop'] }), step('shop', { after: ['swap'] })]);
  expect(withGuards(own, guardOf('sql'), null).stages).toEqual(own.stages);
  const bare = planOf([step('shop')]);
  expect(withGuards(bare, guardOf('sq'), null).stages).toEqual(bare.stages);
  expect(withGuards(bare, { guards: [] }, null)).toBe(bare);
});

test('a resource is known inside an id as well', () => {
  const plan = withGuards(
    planOf([
      step('deploy', {
        does: {
          op: 'x',
          target: '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv-shop',
        },
      }),
    ]),
    guardOf('kv-shop', 'begin'),
    null,
  );
  expect(gates(plan)).toEqual([['guard-begin', 'begin', [], ['deploy']]]);
});

const sqlId = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/sql';
test.each([
  ['its id in Azure Resource Manager', sqlId, step('shop')],
  ['that id with a slash at its end', `${sqlId}/`, step('shop')],
  [
    'what the step makes besides, though its operation does not name it',
    'web-dr',
    step('deploy', { touches: ['web-dr'] }),
  ],
  ['what the step is shown to change', 'apps.shop.example', step('dns', { target: 'apps.shop.example' })],
  [
    'what taking the step back would change',
    'web',
    step('swap', { back: { undo: [{ op: 'app.restart', app: { app: 'web' } }] } }),
  ],
])('a guard finds a step by %s', (_what, resource, stage) => {
  expect(gates(withGuards(planOf([stage]), guardOf(resource), null))).toEqual([
    ['guard-swap', 'swap', [], [stage.name]],
  ]);
});

test('a guard that the incident began with holds in it, though the estate file has dropped or softened it', () => {
  const own = planOf([gate('begin', { covers: ['shop'] }), step('shop', { after: ['begin'] })]);
  const { guards: held } = guardOf('sql');
  const softened = withGuards(own, guardOf('sql', 'begin'), held);
  expect(gates(softened)).toEqual([
    ['begin', 'begin', [], ['shop']],
    ['guard-swap', 'swap', ['begin'], ['shop']],
  ]);
  expect(softened.stages[1]).toMatchObject({ question: expect.stringContaining('its file no longer does') });
  const dropped = withGuards(own, { guards: [] }, held);
  expect(gates(dropped)).toEqual(gates(softened));
  const before = withGuards(own, { guards: held }, held);
  expect(gates(before)).toEqual(gates(softened));
  expect(driftBetween(before.observed, dropped.observed)).toEqual([
    { field: 'guarded resources', was: ['sql (swap)'], is: [] },
  ]);
});

const swapPlan = planOf([
  gate('begin', { covers: ['copy'] }),
  step('copy', { after: ['begin'] }),
  gate('swap', { after: ['copy'], covers: ['move'] }),
  step('move', { after: ['swap'] }),
]);

test('a plan carries the policies of its gates, so that people sign them', () => {
  const plan = withPolicies(swapPlan, shop, null);
  expect(Object.keys(plan.policies ?? {})).toEqual(['begin', 'swap']);
  expect(plan.observed).toMatchObject({ 'approval "swap"': '1 approver; 60 min, then no' });
  expect(plan.stages).toEqual(swapPlan.stages);
});

test('a policy that was changed since the run began needs an approval under the old one', () => {
  const strict = { ...oneApprover, needs: [{ role: 'approver', count: 2 }] };
  const plan = withPolicies(swapPlan, shop, { ...shop.gates, swap: strict });
  expect(gates(plan)).toEqual([
    ['begin', 'begin', [], ['copy']],
    ['policy-swap', 'was:swap', ['copy'], ['move']],
    ['swap', 'swap', ['policy-swap'], ['move']],
  ]);
  expect(plan.policies).toMatchObject({ 'was:swap': strict, swap: oneApprover });
});

const within = (expiresAfterMinutes: number): GatePolicy => ({ ...oneApprover, expiresAfterMinutes });
const drifted = { type: 'plan.drifted', round: 1, before: 'move', changes: [] } as const;

test('a policy that is changed again is approved again, under the one that was approved before it', () => {
  const asking = (minutes: number) => ({ ...shop, gates: { ...shop.gates, swap: within(minutes) } });
  const first = asking(60);
  const plans: Plan[] = [withPolicies(swapPlan, first, first.gates)];
  const run = play(plans, {}, first.gates);
  const at = (round: number): Plan => plans[round - 1] as Plan;
  const compileWith = (app: typeof shop): void => {
    plans.push(withPolicies(swapPlan, app, run.state().policies));
  };
  run
    .goOn()
    .add(vote(megan, at(1), 'begin'))
    .goOn()
    .add(...stepped('copy'))
    .goOn();
  compileWith(asking(30));
  run.add(drifted).goOn();
  expect(run.state().gates).toMatchObject({ 'policy-swap': { round: 2, closed: null } });
  run.add(vote(megan, at(2), 'policy-swap', 'approve', 2)).goOn();
  expect(run.state().policies).toMatchObject({ swap: within(30) });
  expect(run.state().gates).toMatchObject({ swap: { round: 2 } });

  compileWith(asking(5));
  run.add({ ...drifted, round: 2 }).goOn();
  expect(at(3).policies).toMatchObject({ 'was:swap': within(30), swap: within(5) });
  expect(run.state().gates).toMatchObject({
    'policy-swap': { round: 3, closed: null },
    swap: { round: 2 },
  });
});

test('a policy that was approved once needs no second approval, though the plan is made anew', () => {
  const strict = { ...shop, gates: { ...shop.gates, swap: within(30) } };
  const plans = [withPolicies(swapPlan, strict, shop.gates)];
  const run = play(plans, {}, shop.gates).goOn();
  run
    .add(vote(megan, plans[0] as Plan, 'begin'))
    .goOn()
    .add(...stepped('copy'))
    .goOn()
    .add(vote(megan, plans[0] as Plan, 'policy-swap'))
    .goOn();
  expect(gates(withPolicies(swapPlan, strict, run.state().policies)).map(([name]) => name)).toEqual([
    'begin',
    'swap',
  ]);
});

const patient = { ...oneApprover, onExpiry: 'go-on' } as const;
test.each([
  ['keeps what is there', gate('commit', { options: keepOrSwapBack }), 'go-on'],
  ['does not stand in for a quorum', gate('begin', { covers: [] }), 'stop'],
  ['begins no step', gate('copy', { covers: ['move'], options: keepOrSwapBack }), 'stop'],
] as const)('silence %s', (_what, asks, onExpiry) => {
  expect(askedAs(patient, asks)).toEqual({ ...patient, onExpiry });
  expect(askedAs(oneApprover, asks)).toEqual(oneApprover);
});

test('every part of a policy is in its words, so that no change of it goes unseen', () => {
  const full = {
    ...oneApprover,
    escalation: { afterMinutes: 15, role: 'security' },
    breakGlass: 'incident-commander',
  };
  expect(policyWords(full)).toBe(
    '1 approver; 60 min, then no; security too after 15 min; break-glass by incident-commander',
  );
});

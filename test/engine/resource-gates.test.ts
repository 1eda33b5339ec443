import { policyWords, withGuards, withPolicies } from '../../src/engine/resource-gates';
import type { Plan } from '../../src/incidents/plan';
import { check, gate, oneApprover, planOf, step } from '../support/plans';
import { shop } from '../support/protected-app';

const gates = (plan: Plan) =>
  plan.stages.flatMap((stage) =>
    stage.kind === 'gate' ? [[stage.name, stage.policy, stage.after, stage.covers]] : [],
  );
const afterOf = (plan: Plan, name: string) => plan.stages.find((stage) => stage.name === name)?.after;
const guardOf = (resource: string, policy = 'swap') => ({ guards: [{ resource, policy }] });

test('a runbook that leaves a gate out gets the one that its resource asks for', () => {
  const bare = planOf([step('shop'), check('healthy', { after: ['shop'] })]);
  const plan = withGuards(bare, guardOf('sql'));
  expect(gates(plan)).toEqual([['guard-swap', 'swap', [], ['shop']]]);
  expect(afterOf(plan, 'shop')).toEqual(['guard-swap']);
  expect(plan.stages.map(({ name }) => name)).toEqual(['guard-swap', 'shop', 'healthy']);
});

test('one gate stands before all steps that change guarded resources, wherever they are', () => {
  const plan = withGuards(
    planOf([
      gate('begin', { covers: ['other', 'one', 'two'] }),
      step('other', { after: ['begin'], does: { op: 'app.restart', app: { app: 'web' } } }),
      step('one', { after: ['begin'] }),
      step('two', { after: ['other'] }),
    ]),
    guardOf('SQL'),
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
  expect(withGuards(own, guardOf('sql'))).toEqual(own);
  const bare = planOf([step('shop')]);
  expect(withGuards(bare, guardOf('sq'))).toEqual(bare);
  expect(withGuards(bare, { guards: [] })).toBe(bare);
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
  );
  expect(gates(plan)).toEqual([['guard-begin', 'begin', [], ['deploy']]]);
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
    ['policy-swap', 'was:swap', ['copy'], []],
    ['swap', 'swap', ['policy-swap'], ['move']],
  ]);
  expect(plan.policies).toMatchObject({ 'was:swap': strict, swap: oneApprover });
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

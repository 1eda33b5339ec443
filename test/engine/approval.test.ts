import { missing, voteRefusal } from '../../src/engine/approval';
import { heardWithdrawal } from '../../src/engine/hear';
import type { GatePolicy } from '../../src/incidents/event';
import { adele, alex, isaiah, megan } from '../support/people';
import { gate, keepOrSwapBack, oneApprover, planOf, step } from '../support/plans';
import { compiled, minutesIn, opened, play, requested, stateAfter, vote } from '../support/story';

const plan = planOf([gate('begin', { covers: ['restore'] }), step('restore', { after: ['begin'] })]);
const asking = (policy: GatePolicy = oneApprover) =>
  stateAfter(requested, compiled(plan), opened(plan, 'begin', policy));
const soon = minutesIn(5);
const policyOf = (needs: GatePolicy['needs'], more: Partial<GatePolicy> = {}): GatePolicy => ({
  ...oneApprover,
  needs,
  ...more,
});
const approverAndSecurity = policyOf([
  { role: 'approver', count: 1 },
  { role: 'security', count: 1 },
]);

test.each([
  ['an approver may approve', megan, 'approve', null],
  ['an approver may reject', megan, 'reject', null],
  ['a responder may reject, because that only keeps things as they are', alex, 'reject', null],
  ['the requester cannot approve', alex, 'approve', /You asked for this run/],
  [
    'somebody who may only look cannot approve',
    isaiah,
    'approve',
    /Only an approver may answer this. You are viewer/,
  ],
  ['somebody who may only look cannot reject', isaiah, 'reject', /Only an approver or a responder/],
  ['a stranger cannot approve', { id: 'x', name: 'X', roles: [] }, 'approve', /not in the list of people/],
  ['an answer that nobody offered is none', megan, 'maybe', /"maybe" is not an answer/],
])('%s', (_what, person, choice, words) => {
  const refusal = voteRefusal(asking(), 'begin', choice, person, soon);
  if (words === null) expect(refusal).toBeNull();
  else expect(refusal?.words).toMatch(words);
});

test('the requester cannot approve, whatever roles they have', () => {
  const state = stateAfter([adele, requested[1]], compiled(plan), opened(plan, 'begin', approverAndSecurity));
  expect(voteRefusal(state, 'begin', 'approve', adele, soon)?.words).toMatch(/somebody else must approve/);
  expect(voteRefusal(state, 'begin', 'approve', megan, soon)).toBeNull();
});

// What is known of one human's accounts may grow while a run goes on, and another one may give the id.
const meganAsGuest = { ...megan, id: 'a-guest', accounts: ['megan'] };

test('the requester cannot approve with another account, nor under another id of the same one', () => {
  const state = stateAfter([megan, requested[1]], compiled(plan), opened(plan, 'begin'));
  expect(voteRefusal(state, 'begin', 'approve', meganAsGuest, soon)?.words).toMatch(/You asked for this run/);
  const asGuest = stateAfter([meganAsGuest, requested[1]], compiled(plan), opened(plan, 'begin'));
  expect(voteRefusal(asGuest, 'begin', 'approve', megan, soon)?.words).toMatch(/You asked for this run/);
});

test('two accounts of one human are one vote, which either of them may withdraw', () => {
  const two = policyOf([{ role: 'approver', count: 2 }]);
  const run = play([plan], { begin: two })
    .goOn()
    .add(vote(megan, plan, 'begin'), vote(meganAsGuest, plan, 'begin'))
    .goOn();
  expect(run.state().gates).toMatchObject({ begin: { closed: null, votes: [{ by: { id: 'a-guest' } }] } });
  expect(
    heardWithdrawal(run.state(), { id: 'x', run: 'r', stage: 'begin', reason: '', by: megan, at: soon }),
  ).toMatchObject({ type: 'vote.withdrawn' });
});

test('a gate that is not open, is answered, or is over takes no vote', () => {
  expect(voteRefusal(asking(), 'swap', 'approve', megan, soon)?.words).toMatch(/not open yet/);
  expect(voteRefusal(asking(), 'begin', 'approve', megan, minutesIn(60))?.words).toMatch(/time .* is over/);
  const closed = play([plan])
    .goOn()
    .add(vote(megan, plan, 'begin'))
    .goOn()
    .state();
  expect(voteRefusal(closed, 'begin', 'approve', adele, soon)?.words).toMatch(/already answered: approve/);
  const over = play([plan])
    .goOn()
    .add(vote(megan, plan, 'begin', 'reject'))
    .goOn()
    .state();
  expect(voteRefusal(over, 'begin', 'approve', adele, soon)?.words).toMatch(/This run is over/);
});

test('while a drift is being looked at, no vote is taken for the plan that is void', () => {
  const drifted = { type: 'plan.drifted', round: 1, before: 'begin', changes: [] } as const;
  const state = stateAfter(requested, compiled(plan), opened(plan, 'begin'), drifted);
  expect(voteRefusal(state, 'begin', 'approve', megan, soon)?.words).toMatch(/has changed/);
});

const bothRoles = { id: 'both', name: 'Both', roles: ['approver', 'security'] };
const votesOf = (...people: readonly (typeof megan)[]) =>
  stateAfter(
    ...[requested, compiled(plan), opened(plan, 'begin', approverAndSecurity)],
    ...people.map((person) => vote(person, plan, 'begin')),
  ).gates['begin']?.votes ?? [];

test.each([
  ['nobody', [], ['approver', 'security']],
  ['one person with both roles fills one seat, not two', [adele], ['security']],
  ['one with both roles and one with one fill both seats', [adele, megan], []],
  ['in either order', [megan, adele], []],
  ['two with both roles fill both seats', [adele, bothRoles], []],
  ['two with the same one role leave the other open', [megan, { ...megan, id: 'm2' }], ['security']],
])('who is seated: %s', (_what, people, empty) => {
  expect(
    missing({ policy: approverAndSecurity, escalatedAt: null }, votesOf(...people)).map((one) => one.role),
  ).toEqual(empty);
});

test('what a quorum lacks is counted by role', () => {
  const policy = policyOf([{ role: 'approver', count: 3 }]);
  expect(missing({ policy: policy, escalatedAt: null }, votesOf(adele, megan))).toEqual([
    { role: 'approver', count: 1 },
  ]);
});

test('Adele alone does not close a gate that needs an approver and a security officer', () => {
  const run = play([plan], { begin: approverAndSecurity })
    .goOn()
    .add(vote(adele, plan, 'begin'))
    .goOn();
  expect(run.state().gates).toMatchObject({ begin: { closed: null } });
  run.add(vote(megan, plan, 'begin')).goOn();
  expect(run.state().gates).toMatchObject({ begin: { closed: { choice: 'approve', because: 'quorum' } } });
});

test('one veto ends a gate, however many have approved', () => {
  const policy = policyOf([{ role: 'approver', count: 3 }]);
  const run = play([plan], { begin: policy }).goOn();
  run
    .add(vote(adele, plan, 'begin'), vote(bothRoles, plan, 'begin'), vote(megan, plan, 'begin', 'reject'))
    .goOn();
  expect(run.state().gates).toMatchObject({ begin: { closed: { choice: 'reject', because: 'veto' } } });
});

test('an answer that needs no quorum closes the gate by itself', () => {
  const asked = planOf([gate('commit', { options: keepOrSwapBack }), step('copy', { after: ['commit'] })]);
  const run = play([asked])
    .goOn()
    .add(vote(alex, asked, 'commit', 'keep'))
    .goOn();
  expect(run.state().gates).toMatchObject({ commit: { closed: { choice: 'keep' } } });
});

test.each([
  ['stop ends the run', { onExpiry: 'stop' as const }, 'reject', 'expired'],
  ['go-on takes the first answer', { onExpiry: 'go-on' as const }, 'approve', undefined],
])('when the time is over, %s', (_what, more, choice, outcome) => {
  const run = play([plan], { begin: { ...oneApprover, ...more } }).goOn();
  run.wait(58).goOn();
  expect(run.state().gates).toMatchObject({ begin: { closed: null } });
  run.wait(1).goOn();
  expect(run.state().gates).toMatchObject({ begin: { closed: { choice, because: 'expired' } } });
  expect(run.state().finished?.outcome).toBe(outcome);
});

test('a gate without an answer that stops is over all the same when nobody answers', () => {
  const asked = planOf([gate('commit', { options: keepOrSwapBack })]);
  const run = play([asked]).goOn().wait(60).goOn();
  expect(run.state()).toMatchObject({
    gates: { commit: { closed: { choice: 'expired' } } },
    finished: { outcome: 'expired' },
  });
});

import { gateClosing, type Person, voiceOf, voteRefusal } from '../../src/engine/approval';
import { heardVote } from '../../src/engine/hear';
import {
  heardBreakGlass,
  heardDelegation,
  heardReturn,
  heardReview,
  openReviews,
} from '../../src/engine/hear-exceptions';
import { heardLentVote } from '../../src/engine/lenders';
import type { Event, GatePolicy } from '../../src/incidents/event';
import { planHash } from '../../src/incidents/plan';
import type { RunState } from '../../src/incidents/run-state';
import { owedReviews } from '../../src/words/owed-reviews';
import { adele, alex, isaiah, megan } from '../support/people';
import { gate, oneApprover, planOf, step } from '../support/plans';
import { compiled, minutesIn, opened, play, requested, type Said, stateAfter, vote } from '../support/story';

const plan = planOf([gate('begin', { covers: ['restore'] }), step('restore', { after: ['begin'] })]);
const policyOf = (more: Partial<GatePolicy>): GatePolicy => ({ ...oneApprover, ...more });
const asking = (policy: GatePolicy, ...more: readonly Said[]): RunState =>
  stateAfter(requested, compiled(plan), opened(plan, 'begin', policy), ...more);
const soon = minutesIn(5);
const commander = { ...isaiah, roles: ['incident-commander'] };
const lends = { role: 'approver', to: isaiah, until: minutesIn(60), reason: 'I board a plane', at: soon };
const loan: readonly [typeof megan, Event] = [
  megan,
  {
    type: 'role.delegated',
    role: 'approver',
    to: { id: isaiah.id, name: isaiah.name },
    until: minutesIn(60).toISOString(),
    reason: '',
  },
];

test('when nobody answers in the time that the policy sets, a second group is asked, and may take any seat', () => {
  const policy = policyOf({ escalation: { afterMinutes: 15, role: 'security' } });
  const story = play([plan], { begin: policy }).goOn();
  expect(story.next().wakeAt).toEqual(minutesIn(2 + 15));
  expect(
    voteRefusal(story.state(), 'begin', 'approve', { ...isaiah, roles: ['security'] }, soon)?.words,
  ).toMatch(/Only an approver/);
  story.wait(20).goOn();
  expect(story.has('gate.escalated')).toBe(true);
  expect(voteRefusal(story.state(), 'begin', 'approve', { ...isaiah, roles: ['security'] }, soon)).toBeNull();
  story.add(vote({ ...isaiah, roles: ['security'] }, plan, 'begin')).goOn();
  expect(story.state().gates['begin']?.closed).toMatchObject({ choice: 'approve', because: 'quorum' });
});

test('an escalation is written down once and does not put off the end', () => {
  const story = play([plan], {
    begin: policyOf({ escalation: { afterMinutes: 15, role: 'security' } }),
  }).goOn();
  story.wait(20).goOn().wait(200).goOn();
  expect(story.drafts().filter(({ event }) => event.type === 'gate.escalated')).toHaveLength(1);
  expect(story.state().finished?.outcome).toBe('expired');
});

test('a role that is lent makes its holder silent and its borrower heard, until its time is over', () => {
  const state = asking(oneApprover, loan);
  expect(voteRefusal(state, 'begin', 'approve', isaiah, soon)).toBeNull();
  expect(voiceOf(state, isaiah, soon).onBehalfOf).toEqual([
    { role: 'approver', id: megan.id, name: megan.name },
  ]);
  expect(voteRefusal(state, 'begin', 'approve', megan, soon)?.words).toMatch(
    /You have lent the role approver to Isaiah Langer/,
  );
  expect(voteRefusal(state, 'begin', 'approve', isaiah, minutesIn(61))?.words).toMatch(
    /time to answer|Only an approver/,
  );
  expect(voiceOf(state, megan, minutesIn(61)).roles).toContain('approver');
});

test('whoever was answered for cannot answer as well, also when the role is theirs again', () => {
  const two = policyOf({ needs: [{ role: 'approver', count: 2 }] });
  const [by, cast] = vote({ ...isaiah, roles: ['viewer', 'approver'] }, plan, 'begin');
  const onBehalf = { ...cast, onBehalfOf: [{ role: 'approver', id: megan.id, name: megan.name }] };
  const back: Said = [megan, { type: 'delegation.ended', role: 'approver', to: isaiah.id }];
  const state = asking(two, loan, [by, onBehalf], back);
  expect(voteRefusal(state, 'begin', 'approve', megan, soon)?.words).toMatch(
    /already answered on your behalf/,
  );
  expect(voteRefusal(state, 'begin', 'approve', adele, soon)).toBeNull();
});

const answersFor = (lender: Person, by: Person): Said => {
  const [, cast] = vote({ ...by, roles: [...by.roles, 'approver'] }, plan, 'begin');
  return [by, { ...cast, onBehalfOf: [{ role: 'approver', id: lender.id, name: lender.name }] }];
};
const twoApprovers = policyOf({ needs: [{ role: 'approver', count: 2 }] });
const approverAndSecurity = policyOf({
  needs: [
    { role: 'approver', count: 1 },
    { role: 'security', count: 1 },
  ],
});
const patti: Person = { id: 'patti', name: 'Patti Fernandez', roles: [] };
const lending = (from: Person, to: Person): Said => [
  from,
  {
    ...{ type: 'role.delegated', role: 'approver', to: { id: to.id, name: to.name }, reason: '' },
    until: minutesIn(60).toISOString(),
  },
];

test('whoever was answered for cannot lend the role to a second person before that answer is withdrawn', () => {
  const answered = [lending(megan, isaiah), answersFor(megan, isaiah)] as const;
  const again = { ...lends, id: 'x', run: 'inc1-1', by: megan, to: patti };
  const state = asking(twoApprovers, ...answered);
  expect(heardDelegation(state, again)).toMatchObject({ ok: false, words: expect.stringMatching(/Isaiah/) });
  const back: Said = [megan, { type: 'delegation.ended', role: 'approver', to: isaiah.id }];
  expect(heardDelegation(asking(twoApprovers, ...answered, back), again)).toMatchObject({ ok: false });
  const withdrawn: Said = [isaiah, { type: 'vote.withdrawn', stage: 'begin', round: 1, reason: '' }];
  expect(heardDelegation(asking(twoApprovers, ...answered, withdrawn), again)).toMatchObject({
    type: 'role.delegated',
  });
});

test('nobody answers on behalf of somebody for whom another one has answered', () => {
  const state = asking(
    twoApprovers,
    ...[lending(megan, isaiah), answersFor(megan, isaiah), lending(megan, patti)],
  );
  expect(voteRefusal(state, 'begin', 'approve', patti, soon)?.words).toMatch(
    /Isaiah Langer has already answered on behalf of Megan Bowen/,
  );
});

test('nobody answers on behalf of somebody who has answered with another role of theirs', () => {
  const state = asking(
    approverAndSecurity,
    ...[lending(adele, isaiah), vote({ ...adele, roles: ['security'] }, plan, 'begin')],
  );
  expect(voteRefusal(state, 'begin', 'approve', isaiah, soon)?.words).toMatch(
    /Adele Vance has already answered/,
  );
});

test('a role that its lender has lost meanwhile is not answered with', () => {
  const state = asking(oneApprover, lending(megan, isaiah));
  const cast = { ...alone, choice: 'approve', by: isaiah };
  expect(heardLentVote(state, cast, [megan], soon)).toMatchObject({ type: 'vote.cast' });
  for (const lenders of [[{ ...megan, roles: [] }], []])
    expect(heardLentVote(state, cast, lenders, soon)).toMatchObject({
      ...{
        ok: false,
        words: expect.stringMatching(/Megan Bowen is not known to hold the role approver any more/),
      },
    });
});

test('a role that was lent by somebody who has answered takes nobody the voice that is their own', () => {
  const state = asking(
    approverAndSecurity,
    ...[lending(adele, isaiah), vote({ ...adele, roles: ['security'] }, plan, 'begin')],
  );
  const deputy = { ...isaiah, roles: ['security'] };
  expect(voteRefusal(state, 'begin', 'approve', deputy, soon)).toBeNull();
  expect(heardVote(state, { ...alone, choice: 'approve', by: deputy }, soon)).toMatchObject({
    roles: ['security'],
  });
  expect(heardVote(state, { ...alone, choice: 'approve', by: deputy }, soon)).not.toHaveProperty(
    'onBehalfOf',
  );
});

test.each([
  ['a role that one does not hold', { role: 'security' }, megan, isaiah, /do not hold/],
  ['to oneself', {}, megan, megan, /That is you/],
  ['by the one who asked', {}, { ...alex, roles: ['approver'] }, isaiah, /cannot choose who approves/],
  ['to the one who asked', {}, megan, alex, /asked for this run/],
  ['to somebody who holds it already', {}, megan, adele, /holds the role approver already/],
  ['until a moment that is over', { until: minutesIn(1) }, megan, isaiah, /over already/],
  ['for longer than a day', { until: minutesIn(60 * 25) }, megan, isaiah, /a day at most/],
])('a role is not lent %s', (_what, more, by, to, words) => {
  const heard = heardDelegation(asking(oneApprover), { ...lends, id: 'x', run: 'inc1-1', by, to, ...more });
  expect(heard).toMatchObject({ ok: false, words: expect.stringMatching(words) });
});

test('who has answered cannot lend the role as well; who has lent it can take it back', () => {
  const voted = asking(oneApprover, vote(megan, plan, 'begin'));
  expect(heardDelegation(voted, { ...lends, id: 'x', run: 'inc1-1', by: megan, to: isaiah })).toMatchObject({
    ok: false,
  });
  const back = { id: 'y', run: 'inc1-1', by: megan, at: soon };
  expect(heardReturn(asking(oneApprover, loan), back)).toEqual([
    { type: 'delegation.ended', role: 'approver', to: isaiah.id },
  ]);
  expect(heardReturn(asking(oneApprover), back)).toMatchObject({ ok: false });
});

test('who takes back what they have lent gets every role back', () => {
  const security = { ...lends, role: 'security', to: { id: patti.id, name: patti.name } };
  const state = asking(
    ...([oneApprover, lending(adele, isaiah)] as const),
    [adele, { ...security, type: 'role.delegated', until: minutesIn(60).toISOString() }],
    lending(megan, patti),
  );
  expect(heardReturn(state, { id: 'y', run: 'inc1-1', by: adele, at: soon })).toEqual([
    { type: 'delegation.ended', role: 'approver', to: isaiah.id },
    { type: 'delegation.ended', role: 'security', to: patti.id },
  ]);
});

const alone = {
  id: 'z',
  run: 'inc1-1',
  stage: 'begin',
  planHash: planHash(plan),
  reason: 'the shop is losing orders',
  at: soon,
};
const glass = policyOf({ needs: [{ role: 'approver', count: 2 }], breakGlass: 'incident-commander' });
const broke: readonly [Person, Event] = [
  commander,
  {
    type: 'gate.broken',
    stage: 'begin',
    round: 1,
    planHash: planHash(plan),
    choice: 'approve',
    reason: alone.reason,
  },
];

test('one named role may go ahead alone with a reason, and the run goes on', () => {
  expect(heardBreakGlass(asking(glass), { ...alone, by: commander }, soon)).toMatchObject({
    type: 'gate.broken',
    choice: 'approve',
  });
  const story = play([plan], { begin: glass }).goOn().add(broke);
  expect(story.state().gates['begin']?.closed).toMatchObject({ because: 'break-glass', choice: 'approve' });
  expect(story.goOn().todo()).toEqual(['perform restore']);
});

test.each([
  ['by another role', glass, { by: megan }, /Only the role incident-commander/],
  ['where the estate names none', oneApprover, { by: commander }, /names no role/],
  ['without a reason', glass, { by: commander, reason: 'now!' }, /Say why/],
  ['for another plan', glass, { by: commander, planHash: 'other' }, /plan has changed/],
])('nobody goes ahead alone %s', (_what, policy, more, words) => {
  const heard = heardBreakGlass(asking(policy), Object.assign({ ...alone, by: commander }, more), soon);
  expect(heard).toMatchObject({ ok: false, words: expect.stringMatching(words) });
});

test('nobody goes ahead alone after the time, or where it was answered', () => {
  expect(heardBreakGlass(asking(glass), { ...alone, by: commander }, minutesIn(63))).toMatchObject({
    ok: false,
  });
  expect(heardBreakGlass(asking(glass, broke), { ...alone, by: commander }, soon)).toMatchObject({
    ok: false,
  });
});

test('the review of a break-glass stays open until somebody else who might have answered signs it', () => {
  const state = asking(glass, broke);
  const sign = { id: 'r', run: 'inc1-1', stage: 'begin', words: 'It was right.', at: soon };
  expect(openReviews(state).map(({ stage }) => stage)).toEqual(['begin']);
  expect(
    heardReview(state, { ...sign, by: { ...commander, roles: ['incident-commander', 'approver'] } }),
  ).toMatchObject({
    ...{ ok: false, words: expect.stringMatching(/somebody else/) },
  });
  expect(
    heardReview(state, { ...sign, by: { ...megan, id: 'a-guest', accounts: [commander.id] } }),
  ).toMatchObject({ ok: false });
  expect(heardReview(state, { ...sign, by: alex })).toMatchObject({ ok: false });
  const signed: Said = [megan, { type: 'review.signed', stage: 'begin', round: 1, words: 'It was right.' }];
  expect(heardReview(state, { ...sign, by: megan })).toEqual(signed[1]);
  expect(openReviews(asking(glass, broke, signed))).toEqual([]);
  expect(heardReview(asking(glass, broke, signed), { ...sign, by: adele })).toMatchObject({ ok: false });
});

const brokeAgain: Said = [commander, { ...broke[1], ...{ round: 2 } }];
const drifted: Event = { type: 'plan.drifted', round: 1, before: 'restore', changes: [] };

test('a plan that is made anew after a break-glass leaves its review owed, and another one is owed beside it', () => {
  const story = play([plan, plan], { begin: glass }).goOn().add(broke).add(drifted).goOn();
  expect(story.state().gates['begin']).toMatchObject({ round: 2, closed: null });
  expect(openReviews(story.state())).toMatchObject([{ stage: 'begin', round: 1, reason: alone.reason }]);
  story.add(brokeAgain);
  const sign = { id: 'r', run: 'inc1-1', stage: 'begin', words: 'It was right.', at: soon, by: megan };
  expect(openReviews(story.state()).map(({ round }) => round)).toEqual([1, 2]);
  expect(heardReview(story.state(), { ...sign, round: 2 })).toMatchObject({ round: 2 });
  expect(heardReview(story.state(), sign)).toMatchObject({ round: 1 });
  story.add([megan, { type: 'review.signed', stage: 'begin', round: 1, words: '' }]);
  expect(heardReview(story.state(), sign)).toMatchObject({ round: 2 });
  expect(openReviews(story.state()).map(({ round }) => round)).toEqual([2]);
});

test('the one who asked may go ahead alone, which is said of it, and never signs a review of their own run', () => {
  const asking = { ...alex, roles: ['responder', 'incident-commander', 'approver'] };
  const opens = [requested, compiled(plan), opened(plan, 'begin', glass)] as const;
  const event = heardBreakGlass(stateAfter(...opens), { ...alone, by: asking }, soon);
  expect(event).toMatchObject({ type: 'gate.broken' });
  const own = stateAfter(...opens, [asking, broke[1]]);
  expect(owedReviews(own)).toEqual([
    expect.stringMatching(/Alex Wilber \(who had asked for this run as well\) went/),
  ]);
  expect(owedReviews(stateAfter(...opens, broke))).toEqual([expect.not.stringMatching(/had asked/)]);
  const sign = { id: 'r', run: 'inc1-1', stage: 'begin', words: '', at: soon, by: asking };
  expect(heardReview(stateAfter(...opens, broke), sign)).toMatchObject({
    ...{ ok: false, words: expect.stringMatching(/You asked for this run/) },
  });
});

test('a vote after a break-glass changes nothing', () => {
  const state = asking(glass, broke, vote(megan, plan, 'begin', 'reject'));
  const [gateState] = Object.values(state.gates);
  expect(gateState?.votes).toEqual([]);
  expect(gateState && gateClosing(plan, gateState, soon)).toBeNull();
});

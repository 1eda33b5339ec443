import { drawGate, type GateOptions } from '../../../src/chat/cards/draw-gate';
import type { Person } from '../../../src/engine/approval';
import { voteRefusal } from '../../../src/engine/approval';
import { adele, alex, isaiah, megan } from './people';
import { actionsOf, inputOf, partsOf, titlesOf, wordsOf } from './reading';
import { signing, story } from './story';

/** The gate's card as the bot draws it for a person, or for everybody. */
function gateCard(name: string, stage: string, viewer: Person | null, more: Partial<GateOptions> = {}) {
  const { view, run, now } = story(name);
  const { sign, action } = signing();
  const first = run.plan?.stages.find((one) => one.name === stage);
  const choice = first?.kind === 'gate' ? (first.options.find((one) => one.needsQuorum)?.choice ?? '') : '';
  const refusal = viewer && voteRefusal(run, stage, choice, viewer, now);
  const card = drawGate(view, run, stage, viewer, {
    ...{ now, sign, mayVote: viewer !== null && refusal === null, refusal: refusal?.words ?? null, ...more },
  });
  return { card, words: wordsOf(card), action, run };
}

test('the first gate shows the plan: loss, time, every operation in order, who decides, until when', () => {
  const { card, words, run } = gateCard('waiting to begin', 'begin', megan, { zone: 'Europe/Berlin' });
  expect(words).toContain('24 min');
  expect(words).toContain('30 to 60 minutes by the document; never run here yet');
  const operations = words.match(/^(PUT|POST) .*$/gm);
  expect(operations).toEqual([
    'PUT …/databases/AppRequestPortal-restored-20260214-0900-inc7-1 (createMode PointInTimeRestore)',
    'POST …/databases/AppRequestPortal/move → AppRequestPortal-old-20260214-0900-inc7-1',
    'POST …/databases/AppRequestPortal-restored-20260214-0900-inc7-1/move → AppRequestPortal',
    'POST …/sites/apprequest-prod-demo01/restart',
  ]);
  expect(words).toContain('Cannot be undone: Restart apprequest-prod-demo01');
  expect(words).toContain('Still needed: 1 approver');
  expect(words).toContain('14:24:18 on Sat 14 Feb (GMT+1) · 2026-02-14T13:24:18Z · in 3 hours 58 minutes');
  expect(words).toContain('After that it counts as no');
  expect(words).toContain(`Plan ${run.planHash?.slice(0, 8)}`);
  expect(words).toContain('Simulated Azure: no real system is changed');
  expect(titlesOf(card)).toEqual(['Approve', 'Reject: stop the run']);
});

test('a vote is bound to the run, the gate, the round and the plan hash', () => {
  const { card, action, run } = gateCard('waiting to begin', 'begin', megan);
  expect(action(actionsOf(card)[0]?.['data']?.['token'])).toEqual({
    ...{ verb: 'vote', run: 'inc7-1', stage: 'begin', round: 1, choice: 'approve' },
    planHash: run.planHash,
  });
});

test('the card that everybody sees has no answers on it and asks each approver for their own view', () => {
  const { card } = gateCard('waiting to begin', 'begin', null, { card: 'c1', userIds: ['29:megan'] });
  expect(card['refresh']).toEqual({
    action: { type: 'Action.Execute', verb: 'refresh', data: { card: 'c1' } },
    userIds: ['29:megan'],
  });
  expect(actionsOf(card).map((action) => action['verb'])).toEqual(['refresh']);
  expect(inputOf(card, 'reason')).toBeUndefined();
});

test('Teams takes at most sixty views of their own, and a card without any is not refreshed', () => {
  const userIds = Array.from({ length: 80 }, (_, index) => `29:${index}`);
  const { card } = gateCard('waiting to begin', 'begin', null, { card: 'c1', userIds });
  expect(card['refresh']).toMatchObject({ userIds: userIds.slice(0, 60) });
  expect(gateCard('waiting to begin', 'begin', null, { card: 'c1' }).card).not.toHaveProperty('refresh');
});

test('the requester is told why they cannot approve, and can still stop what they asked for', () => {
  const { card, words } = gateCard('waiting to begin', 'begin', alex);
  expect(words).toContain('You asked for this run, so somebody else must approve it.');
  expect(titlesOf(card)).toEqual(['Reject: stop the run']);
});

test('somebody who may only look gets the reason and no button', () => {
  const { card, words } = gateCard('waiting to begin', 'begin', isaiah);
  expect(words).toMatch(/may answer this\./);
  expect(actionsOf(card)).toEqual([]);
});

test('a voter sees their vote, may withdraw it, and may change it', () => {
  const { card, words, action } = gateCard('voted', 'begin', megan);
  expect(words).toContain('Your answer: Approve');
  expect(words).toContain('Approve  Megan Bowen (approver) · 09:27:00Z “Rows deleted”');
  expect(titlesOf(card)).toEqual(['Reject: stop the run', 'Withdraw my answer']);
  expect(action(actionsOf(card)[1]?.['data']?.['token'])).toEqual({
    ...{ verb: 'withdraw', run: 'inc7-1', stage: 'begin', round: 1 },
  });
});

test('a withdrawn vote is gone from the card, and is needed again', () => {
  const { words } = gateCard('withdrawn', 'begin', megan);
  expect(words).not.toContain('Your answer');
  expect(words).toContain('Still needed: 1 approver');
});

test('the gate before the swap shows what the checks found and only what comes next', () => {
  const { words, card } = gateCard('waiting to swap', 'swap', adele);
  expect(partsOf(card).filter((part) => part['type'] === 'TableRow')).toHaveLength(4);
  expect(words).toContain('Size\nnear 1.2 GB\n✓ 1.1 GB');
  expect(words).toContain('What comes next');
  expect(words).not.toContain('createMode PointInTimeRestore');
  expect(words).toContain('POST …/databases/AppRequestPortal/move');
});

test('after the recovery the question is keep or swap back, and silence counts as keep', () => {
  const { words, card } = gateCard('recovered', 'commit', megan);
  expect(words).toContain('Recovered in');
  expect(words).toContain('34 min');
  expect(words).toContain('After that it counts as “Keep”.');
  expect(titlesOf(card)).toEqual(['Keep', 'Swap back: undo what was done']);
});

test('after a drift the first thing on the card is what changed, old value and new', () => {
  const { card, words } = gateCard('drift planned', 'begin', megan);
  expect(words.split('\n').slice(0, 4)).toEqual([
    '⚠  Azure has changed since this was approved',
    'The earlier answers do not count any more. This is a new plan, made for what is there now.',
    'tier: was S0, is now S3',
    'locks: was none, is now no-delete (CanNotDelete)',
  ]);
  expect(titlesOf(card)).toEqual(['Approve', 'Reject: stop the run']);
});

test.each([
  ['rejected', 'begin', 'Answered: Reject', 'By Megan Bowen · 2026-02-14T09:27:00Z'],
  ['expired', 'begin', 'Expired', 'Nobody answered in time, so it counts as: Reject.'],
  ['drift seen', 'begin', 'No longer valid', 'A new plan is being made.'],
  ['paused', 'swap', 'Answered: Approve', 'By Adele Vance · 2026-02-14T09:54:00Z'],
])('%s: the closed gate says how it ended and has nothing to press', (name, stage, state, how) => {
  const { card, words } = gateCard(name, stage, megan, { card: 'c1', userIds: ['29:megan'] });
  expect(words).toContain(state);
  expect(words).toContain(how);
  expect(actionsOf(card)).toEqual([]);
  expect(inputOf(card, 'reason')).toBeUndefined();
  expect(card).not.toHaveProperty('refresh');
});

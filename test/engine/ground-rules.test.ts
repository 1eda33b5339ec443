import { groundRules } from '../../src/engine/ground-rules';
import type { EventOf, GatePolicy } from '../../src/incidents/event';
import type { Opening } from '../../src/incidents/timeline';
import { oneApprover } from '../support/plans';
import { shop } from '../support/protected-app';
import { entries, minutesIn, requested, run, type Said } from '../support/story';

const strict: GatePolicy = { ...oneApprover, needs: [{ role: 'approver', count: 2 }] };
const guards = [{ resource: 'sql', policy: 'swap' }];
/** Somebody asks under a strict policy and with a guard; the estate file of the shop has neither by now. */
const asked = [requested[0], { ...requested[1], policies: { ...shop.gates, swap: strict }, guards }] as const;
const ended = (outcome: EventOf<'run.finished'>['outcome']) =>
  ({ type: 'run.finished', outcome, words: 'Over.' }) as const;
const recovered = { type: 'run.recovered', stage: 'healthy' } as const;

/** What was before, as the timeline gives it; `here` in the incident that is joined, else in another one. */
function after(here: boolean, ...said: readonly Said[]): Pick<Opening, 'entries' | 'previous'> {
  const before = entries(...said).map((draft, index) => ({
    ...draft,
    ...{ incident: 'inc1', seq: index + 1, recordedAt: draft.happenedAt, hash: '' },
  }));
  return { entries: here ? before : [], previous: { run, entries: before } };
}
const day = 24 * 60;

test('the first run of an app begins under the estate file as it is', () => {
  const rules = groundRules(shop, { entries: [], previous: null }, minutesIn(0));
  expect(rules).toEqual({ policies: shop.gates, guards: shop.guards });
});

test.each([
  ['aborted, in the same thread', true, [ended('aborted')], 5],
  ['aborted, in the same thread, long ago', true, [ended('aborted')], 30 * day],
  ['completed, in the same thread', true, [recovered, ended('completed')], 5],
  ['aborted, in another thread', false, [ended('aborted')], 5],
  ['taken back, in another thread', false, [recovered, ended('undone')], 5],
] as const)('after a run that was %s, the rules of its incident hold', (_what, here, said, minutes) => {
  const rules = groundRules(shop, after(here, asked, ...said), minutesIn(minutes));
  expect(rules).toEqual({ policies: { ...shop.gates, swap: strict }, guards });
});

test.each([
  ['has brought the app back', [recovered, ended('completed')], 5],
  ['ended more than a day ago', [ended('aborted')], day + 2],
] as const)('after a run in another thread that %s, the estate file holds', (_what, said, minutes) => {
  const rules = groundRules(shop, after(false, asked, ...said), minutesIn(minutes));
  expect(rules).toEqual({ policies: shop.gates, guards: shop.guards });
});

test('an old thread brings no old rules into an incident that is open elsewhere', () => {
  const soft = [requested[0], { ...requested[1], policies: shop.gates, guards: [] }] as const;
  const { entries: old } = after(true, soft, recovered, ended('completed'));
  const { previous } = after(false, asked, ended('aborted'));
  expect(groundRules(shop, { entries: old, previous }, minutesIn(5)).guards).toEqual(guards);
});

test('after a run of an older bot, which kept no rules, the estate file holds', () => {
  const rules = groundRules(shop, after(true, requested, ended('aborted')), minutesIn(5));
  expect(rules).toEqual({ policies: shop.gates, guards: shop.guards });
});

import type { GatePolicy } from '../../src/incidents/event';
import { approversThere } from '../../src/readiness/protection/approvers';
import type { RollCall } from '../../src/readiness/roll-calls';
import { noon } from '../support/story';

const policy = (...needs: GatePolicy['needs']): GatePolicy => ({
  ...{ needs, expiresAfterMinutes: 60, onExpiry: 'stop' },
});
const gates = {
  begin: policy({ role: 'approver', count: 1 }),
  'fail-over': policy({ role: 'approver', count: 1 }, { role: 'security', count: 1 }),
};
const people = [
  { id: 'Alex', name: 'Alex', roles: ['responder'] },
  { id: 'Megan', name: 'Megan', roles: ['approver'] },
  { id: 'Adele', name: 'Adele', roles: ['approver', 'security'] },
];
const daysAgo = (days: number): Date => new Date(noon.getTime() - days * 86_400_000);

/** A roll-call of so many days ago that these answered. */
const called = (days: number, ...answered: readonly string[]): RollCall => ({
  ...{ id: 'one', by: { id: 'Alex', name: 'Alex' }, at: daysAgo(days), conversation: 'general' },
  people: ['megan', 'adele'].map((id) => ({ id, name: id, afterMs: answered.includes(id) ? 9_000 : null })),
});
const judged = (last: RollCall | null) => approversThere(last, { gates }, people, noon);

test('with nobody ever asked, nobody is known to be there', () => {
  expect(judged(null)).toMatchObject({
    verdict: 'weaker',
    found: 'never asked',
    words: expect.stringContaining('“@dr roll-call”'),
  });
});

test('those who answered could open every gate', () => {
  expect(judged(called(3, 'megan', 'adele'))).toMatchObject({
    verdict: 'kept',
    found: '2 of 2 answered the roll-call of 2026-02-11T12:00:00Z',
  });
});

test('a gate that those who answered could not open is named, with the seats it lacks: one human takes one seat', () => {
  expect(judged(called(3, 'adele')).words).toMatch(
    /^Those who answered could not open these gates: fail-over \(1 more (approver|security)\)\.$/,
  );
  expect(judged(called(3, 'megan')).words).toBe(
    'Those who answered could not open these gates: fail-over (1 more security).',
  );
  expect(judged(called(3))).toMatchObject({
    verdict: 'weaker',
    words:
      'Those who answered could not open these gates: begin (1 more approver), fail-over (1 more approver and 1 more security).',
  });
});

test('whoever called it is there, with the roles they have', () => {
  const call = { ...called(3, 'megan'), by: { id: 'Adele', name: 'Adele' } };
  expect(judged(call).verdict).toBe('kept');
});

test('an old roll-call says nothing any more', () => {
  expect(judged(called(90, 'megan', 'adele')).verdict).toBe('kept');
  expect(judged(called(91, 'megan', 'adele'))).toMatchObject({
    verdict: 'weaker',
    words: expect.stringContaining('91 days ago'),
  });
});

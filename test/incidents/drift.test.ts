import { driftBetween } from '../../src/incidents/plan';

test('an observation that stayed as it was has no drift, whatever the order of its fields', () => {
  expect(driftBetween({ tier: 'S0', locks: ['a'] }, { locks: ['a'], tier: 'S0' })).toEqual([]);
});

test('drift names each field that changed, with what it was and what it is', () => {
  const drift = driftBetween(
    { tier: 'S0', status: 'Online', locks: [] },
    { tier: 'S1', status: 'Online', locks: ['keep (ReadOnly)'] },
  );
  expect(drift).toEqual([
    { field: 'tier', was: 'S0', is: 'S1' },
    { field: 'locks', was: [], is: ['keep (ReadOnly)'] },
  ]);
});

test.each([
  ['a field that is new', {}, { group: 'fog' }, { field: 'group', was: null, is: 'fog' }],
  ['a field that is gone', { group: 'fog' }, {}, { field: 'group', was: 'fog', is: null }],
  ['a number that became text', { days: 7 }, { days: '7' }, { field: 'days', was: 7, is: '7' }],
  [
    'another order of a list',
    { to: ['a', 'b'] },
    { to: ['b', 'a'] },
    { field: 'to', was: ['a', 'b'], is: ['b', 'a'] },
  ],
])('%s is drift', (_what, was, is, drift) => {
  expect(driftBetween(was, is)).toEqual([drift]);
});

test('a field that was never known and is still not known has not drifted', () => {
  expect(driftBetween({ size: null }, {})).toEqual([]);
});

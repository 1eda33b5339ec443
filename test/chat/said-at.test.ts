import { saidAt } from '../../src/chat/said-at';

const heard = new Date('2026-02-14T12:00:00.000Z');
const at = (text: string): Date => new Date(text);

test.each([
  ['just before', '2026-02-14T11:59:59.900Z'],
  ['ten minutes before', '2026-02-14T11:50:00.000Z'],
  ['two months before', '2025-12-14T12:00:00.000Z'],
  ['in another zone', '2026-02-14T12:59:00.000+01:00'],
])('what was said %s keeps its own time', (_when, timestamp) => {
  expect(saidAt(timestamp, heard)).toEqual({ at: at(timestamp), own: true });
});

test('a clock that is a little ahead of ours does not make it said after it was heard', () => {
  expect(saidAt('2026-02-14T12:00:00.004Z', heard)).toEqual({ at: heard, own: true });
});

test.each([
  ['missing', undefined],
  ['no time', 'yesterday'],
  ['no text', 1_770_000_000_000],
  ['of the year 1', '0001-01-01T00:00:00Z'],
  ['still to come', '2026-02-14T12:30:00.000Z'],
])('a time that is %s is not taken for the time at which it was said', (_what, timestamp) => {
  expect(saidAt(timestamp, heard)).toEqual({ at: heard, own: false });
});

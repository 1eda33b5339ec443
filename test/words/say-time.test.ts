import { sayTime } from '../../src/words/say-time';

const now = new Date('2026-02-14T09:12:00Z');

test('a time is always said as local time, as UTC and as a distance from now', () => {
  expect(sayTime(new Date('2026-02-14T09:00:00Z'), { now, zone: 'Europe/Berlin', locale: 'en-GB' })).toEqual({
    local: '10:00 on Sat 14 Feb (GMT+1)',
    utc: '2026-02-14T09:00:00Z',
    ago: '12 minutes ago',
    text: '10:00 on Sat 14 Feb (GMT+1) · 2026-02-14T09:00:00Z · 12 minutes ago',
  });
});

test.each([
  ['America/New_York', 'en-US', '04:00 on Sat Feb 14 (GMT-5)'],
  ['Asia/Kolkata', 'en-IN', '14:30 on Sat 14 Feb (GMT+5:30)'],
  ['Australia/Lord_Howe', 'en-AU', '20:00 on Sat 14 Feb (GMT+11)'],
  ['Pacific/Kiritimati', 'en-GB', '23:00 on Sat 14 Feb (GMT+14)'],
  ['UTC', 'en-GB', '09:00 on Sat 14 Feb (GMT)'],
  ['Nowhere/Land', 'not a locale', '09:00 on Sat 14 Feb (GMT)'],
])('the same instant in %s and %s is %s', (zone, locale, local) => {
  expect(sayTime(new Date('2026-02-14T09:00:00Z'), { now, zone, locale }).local).toBe(local);
});

test('seconds, fractions and the year are said only when they matter', () => {
  const berlin = { now, zone: 'Europe/Berlin', locale: 'en-GB' };
  expect(sayTime(new Date('2026-02-14T09:00:05.250Z'), berlin)).toMatchObject({
    local: '10:00:05 on Sat 14 Feb (GMT+1)',
    utc: '2026-02-14T09:00:05.250Z',
  });
  expect(sayTime(new Date('2025-12-31T22:59:00Z'), berlin).local).toBe('23:59 on Wed 31 Dec 2025 (GMT+1)');
  expect(sayTime(new Date('2025-12-31T23:00:00Z'), berlin).local).toBe('00:00 on Thu 1 Jan (GMT+1)');
});

test.each([
  [0, 'now'],
  [-999, 'now'],
  [-1_000, '1 second ago'],
  [-59_999, '59 seconds ago'],
  [-60_000, '1 minute ago'],
  [-3_600_000, '1 hour ago'],
  [-12_000_000, '3 hours 20 minutes ago'],
  [-169_200_000, '47 hours ago'],
  [-176_400_000, '2 days 1 hour ago'],
  [300_000, 'in 5 minutes'],
])('%d milliseconds from now is "%s"', (distance, ago) => {
  expect(sayTime(new Date(now.getTime() + distance), { now, zone: 'UTC', locale: 'en-GB' }).ago).toBe(ago);
});

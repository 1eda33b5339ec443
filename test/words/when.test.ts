import { readTime, type When } from '../../src/words/when';

const wednesdayInBerlin = {
  now: new Date('2026-02-18T14:05:10.123Z'),
  zone: 'Europe/Berlin',
  locale: 'en-GB',
};

test.each([
  ['10:00', '2026-02-18T09:00:00.000Z'],
  ['to 10:00', '2026-02-18T09:00:00.000Z'],
  ['TO   10:00 please', '2026-02-18T09:00:00.000Z'],
  ['to 10:00 on 14 Feb', '2026-02-14T09:00:00.000Z'],
  ['14 Feb - 10:00', '2026-02-14T09:00:00.000Z'],
  ['Feb 14 10am', '2026-02-14T09:00:00.000Z'],
  ['Saturday 14 Feb 10:00', '2026-02-14T09:00:00.000Z'],
  ['14.02.2026 10:00', '2026-02-14T09:00:00.000Z'],
  ['14.02. 10:00', '2026-02-14T09:00:00.000Z'],
  ['14.02.2026 10.30', '2026-02-14T09:30:00.000Z'],
  ['14/02 10:00', '2026-02-14T09:00:00.000Z'],
  ['2026-02-14 10:00', '2026-02-14T09:00:00.000Z'],
  ['2026-02-14T10:00', '2026-02-14T09:00:00.000Z'],
  ['2026-02-14T10:00:00Z', '2026-02-14T10:00:00.000Z'],
  ['2026-02-14t10:00:00z', '2026-02-14T10:00:00.000Z'],
  ['2026-02-14T10:00:00+01:00', '2026-02-14T09:00:00.000Z'],
  ['2026-02-14T10:00:00-05:00', '2026-02-14T15:00:00.000Z'],
  ['2026-02-14T10:00:00.1234567Z', '2026-02-14T10:00:00.123Z'],
  ['10:00:30', '2026-02-18T09:00:30.000Z'],
  ['10:00:30.5', '2026-02-18T09:00:30.500Z'],
  ['10.30', '2026-02-18T09:30:00.000Z'],
  ['18h30', '2026-02-18T17:30:00.000Z'],
  ['10 minutes ago', '2026-02-18T13:55:10.123Z'],
  ['half an hour ago', '2026-02-18T13:35:10.123Z'],
  ['an hour and a half ago', '2026-02-18T12:35:10.123Z'],
  ['2h30m ago', '2026-02-18T11:35:10.123Z'],
  ['now', '2026-02-18T14:05:10.123Z'],
  ['right now', '2026-02-18T14:05:10.123Z'],
  ['noon', '2026-02-18T11:00:00.000Z'],
  ['midnight', '2026-02-17T23:00:00.000Z'],
  ['yesterday 6pm', '2026-02-17T17:00:00.000Z'],
  ['6pm yesterday', '2026-02-17T17:00:00.000Z'],
  ['the day before yesterday 10:00', '2026-02-16T09:00:00.000Z'],
  ['2 days ago', '2026-02-16T14:05:10.123Z'],
  ['2 days ago at 6pm', '2026-02-16T17:00:00.000Z'],
  ['monday 10:00', '2026-02-16T09:00:00.000Z'],
  ['wednesday 10:00', '2026-02-18T09:00:00.000Z'],
  ['wednesday 18:00', '2026-02-11T17:00:00.000Z'],
  ['this monday 10:00', '2026-02-16T09:00:00.000Z'],
  ['last wednesday 10:00', '2026-02-11T09:00:00.000Z'],
  ['last night at 11pm', '2026-02-17T22:00:00.000Z'],
  ['last night at 10:30', '2026-02-17T21:30:00.000Z'],
  ['last night at 1am', '2026-02-18T00:00:00.000Z'],
  ['last night at midnight', '2026-02-17T23:00:00.000Z'],
  ['this morning at 6', '2026-02-18T05:00:00.000Z'],
  ['yesterday evening at 6', '2026-02-17T17:00:00.000Z'],
  ['at 06', '2026-02-18T05:00:00.000Z'],
  ['10:00 UTC', '2026-02-18T10:00:00.000Z'],
  ['10:00 +02:00', '2026-02-18T08:00:00.000Z'],
  ['10:00 UTC+5:30', '2026-02-18T04:30:00.000Z'],
  ['10:00 CET', '2026-02-18T09:00:00.000Z'],
])('on a Wednesday afternoon in Berlin, "%s" is %s', (text, instant) => {
  expect(readTime(text, wednesdayInBerlin)).toEqual({ kind: 'instant', at: new Date(instant) });
});

test.each([
  ['18:00', '2026-02-18T17:00:00.000Z'],
  ['6 in the evening', '2026-02-18T17:00:00.000Z'],
  ['tomorrow 10:00', '2026-02-19T09:00:00.000Z'],
  ['in 5 minutes', '2026-02-18T14:10:10.123Z'],
  ['tonight at 11', '2026-02-18T22:00:00.000Z'],
  ['tonight at 1am', '2026-02-19T00:00:00.000Z'],
])('"%s" is still to come and is read as such', (text, instant) => {
  expect(readTime(text, wednesdayInBerlin)).toEqual({ kind: 'instant', at: new Date(instant) });
});

test('a date without a year is the most recent one', () => {
  expect(readTime('19 Feb 10:00', wednesdayInBerlin)).toEqual({
    kind: 'instant',
    at: new Date('2025-02-19T09:00:00.000Z'),
  });
});

test.each([
  ['America/New_York', '10:00', '2026-02-18T15:00:00.000Z'],
  ['Asia/Kolkata', '10:00', '2026-02-18T04:30:00.000Z'],
  ['Australia/Lord_Howe', '00:30', '2026-02-18T13:30:00.000Z'],
  ['Australia/Lord_Howe', 'yesterday 10:00', '2026-02-17T23:00:00.000Z'],
])('today in %s decides what "%s" means', (zone, text, instant) => {
  expect(readTime(text, { ...wednesdayInBerlin, zone })).toEqual({ kind: 'instant', at: new Date(instant) });
});

test('the offset is that of the day asked for, not that of today', () => {
  const summer = { ...wednesdayInBerlin, now: new Date('2026-04-02T12:00:00Z') };
  expect(readTime('28 March 10:00', summer)).toEqual({
    kind: 'instant',
    at: new Date('2026-03-28T09:00:00Z'),
  });
  expect(readTime('30 March 10:00', summer)).toEqual({
    kind: 'instant',
    at: new Date('2026-03-30T08:00:00Z'),
  });
});

test('elapsed time does not jump with the clocks', () => {
  const justAfterTheJump = { ...wednesdayInBerlin, now: new Date('2026-03-29T01:20:00Z') };
  expect(readTime('30 minutes ago', justAfterTheJump)).toEqual({
    kind: 'instant',
    at: new Date('2026-03-29T00:50:00Z'),
  });
});

function instants(when: When): readonly string[] {
  return when.kind === 'ambiguous' ? when.readings.map(({ at }) => at.toISOString()) : [];
}

test.each(['en-US', 'en-GB', 'de-DE', 'not a locale'])('in %s, 02/03 can be two days', (locale) => {
  const april = { ...wednesdayInBerlin, now: new Date('2026-04-02T12:00:00Z'), locale };
  const readings = instants(readTime('02/03 10:00', april));
  expect(readings).toHaveLength(2);
  expect(readings).toEqual(expect.arrayContaining(['2026-02-03T09:00:00.000Z', '2026-03-02T09:00:00.000Z']));
});

test('the day that is usual in the locale comes first', () => {
  const april = { ...wednesdayInBerlin, now: new Date('2026-04-02T12:00:00Z') };
  expect(instants(readTime('02/03 10:00', { ...april, locale: 'en-US' }))[0]).toBe(
    '2026-02-03T09:00:00.000Z',
  );
  expect(instants(readTime('02/03 10:00', { ...april, locale: 'en-GB' }))[0]).toBe(
    '2026-03-02T09:00:00.000Z',
  );
});

test.each([
  ['at 6', ['2026-02-18T05:00:00.000Z', '2026-02-18T17:00:00.000Z']],
  ['to 6', ['2026-02-18T05:00:00.000Z', '2026-02-18T17:00:00.000Z']],
  ['6 o’clock', ['2026-02-18T05:00:00.000Z', '2026-02-18T17:00:00.000Z']],
  ['yesterday at 6', ['2026-02-17T05:00:00.000Z', '2026-02-17T17:00:00.000Z']],
  ['6 yesterday', ['2026-02-17T05:00:00.000Z', '2026-02-17T17:00:00.000Z']],
  ['yesterday at 6 +01:00', ['2026-02-17T05:00:00.000Z', '2026-02-17T17:00:00.000Z']],
  ['at 12', ['2026-02-17T23:00:00.000Z', '2026-02-18T11:00:00.000Z']],
  ['monday midnight', ['2026-02-15T23:00:00.000Z', '2026-02-16T23:00:00.000Z']],
  ['midnight yesterday', ['2026-02-16T23:00:00.000Z', '2026-02-17T23:00:00.000Z']],
])('"%s" has two readings', (text, expected) => {
  expect(instants(readTime(text, wednesdayInBerlin))).toEqual(expected);
});

test('a clock time that the clocks showed twice has two readings, told apart in words', () => {
  const after = { now: new Date('2026-10-25T09:00:00Z'), zone: 'Europe/Berlin', locale: 'en-GB' };
  expect(readTime('02:30', after)).toEqual({
    kind: 'ambiguous',
    readings: [
      {
        at: new Date('2026-10-25T00:30:00Z'),
        words:
          '02:30 on Sun 25 Oct (GMT+2) · 2026-10-25T00:30:00Z · 8 hours 30 minutes ago, before the clocks went back',
      },
      {
        at: new Date('2026-10-25T01:30:00Z'),
        words:
          '02:30 on Sun 25 Oct (GMT+1) · 2026-10-25T01:30:00Z · 7 hours 30 minutes ago, after the clocks went back',
      },
    ],
  });
});

test('a clock time that the clocks jumped over has the times around it, and says why', () => {
  const after = { now: new Date('2026-10-04T02:00:00Z'), zone: 'Australia/Lord_Howe', locale: 'en-GB' };
  const when = readTime('02:15', after);
  expect(instants(when)).toEqual(['2026-10-03T15:15:00.000Z', '2026-10-03T15:45:00.000Z']);
  expect(when).toHaveProperty('readings.0.words', expect.stringContaining('01:45 on Sun 4 Oct (GMT+10:30)'));
  expect(when).toHaveProperty('readings.1.words', expect.stringContaining('02:45 on Sun 4 Oct (GMT+11)'));
  expect(when).toHaveProperty(
    'readings.0.words',
    expect.stringContaining('the clocks jumped over the time you gave'),
  );
});

test('near midnight, yesterday in UTC and yesterday here are two readings', () => {
  const eveningInNewYork = {
    now: new Date('2026-02-18T01:00:00Z'),
    zone: 'America/New_York',
    locale: 'en-US',
  };
  expect(instants(readTime('yesterday 10:00 UTC', eveningInNewYork))).toEqual([
    '2026-02-16T10:00:00.000Z',
    '2026-02-17T10:00:00.000Z',
  ]);
});

test('an abbreviated zone counts only when it is the one the person is in on that day', () => {
  const inNewYork = { ...wednesdayInBerlin, zone: 'America/New_York' };
  expect(readTime('9am EST', inNewYork)).toEqual({ kind: 'instant', at: new Date('2026-02-18T14:00:00Z') });
  expect(readTime('9am EST', { ...inNewYork, now: new Date('2026-07-01T18:00:00Z') })).toMatchObject({
    kind: 'unreadable',
    problem: expect.stringContaining('Write UTC or an offset'),
  });
  expect(readTime('9am EST', wednesdayInBerlin).kind).toBe('unreadable');
});

test.each([
  ['just before 10:00', 'not “just before”'],
  ['5 minutes before 10:00', 'not one exact time'],
  ['10:00-11:00', 'not one exact time'],
  ['10:00 or 11:00', 'not “or 11:00”'],
  ['10:00 Berlin time', 'not “Berlin'],
  ['banana 10:00', 'not “banana”'],
  ['a few minutes ago', 'not one exact time'],
  ['yesterday', 'names a day but no time of day'],
  ['14 Feb', 'names a day but no time of day'],
  ['last night', 'names a day but no time of day'],
  ['last week 10:00', 'does not say which day'],
  ['Sunday 14 Feb 10:00', 'Sat 14 Feb 2026 is not a Sunday'],
  ['12 on friday tonight', 'Wed 18 Feb 2026 is not a Friday'],
  ['tonight at noon', 'contradicts itself'],
  ['evening 2 days ago monday', 'no time of day'],
  ['monday 2 days ago at 6pm', 'I understood “monday” but not “2 days ago'],
  ['now in the morning', 'not “in'],
  ['10 minutes ago at 6pm', 'not “6pm”'],
  ['10.30 10:00', 'not “10:00”'],
  ['-10:00', 'not “-”'],
  ['31/02 10:00', 'There is no day “31/02”'],
  ['2026-02-31T10:00:00Z', 'There is no day “2026-02-31”'],
  ['14.02', 'can be a time or a date'],
  ['25:00', 'I cannot read “25:00”'],
  ['10:75', 'I cannot read “10:75”'],
  ['99999 years ago', 'no day that anything can be restored to'],
  ['9'.repeat(300), 'too long'],
])('"%s" cannot be read, and the person is told what is wrong', (text, problem) => {
  expect(readTime(text, wednesdayInBerlin)).toMatchObject({
    kind: 'unreadable',
    problem: expect.stringContaining(problem),
  });
});

test.each(['', '   ', 'please', 'banana', 'the database'])('there is no time in "%s"', (text) => {
  expect(readTime(text, wednesdayInBerlin)).toEqual({ kind: 'none' });
});

test('in a zone nobody knows, only what is the same everywhere can be read', () => {
  const lost = { ...wednesdayInBerlin, zone: 'Nowhere/Land' };
  expect(readTime('2026-02-14T10:00:00Z', lost)).toEqual({
    kind: 'instant',
    at: new Date('2026-02-14T10:00:00Z'),
  });
  expect(readTime('10 minutes ago', lost)).toEqual({
    kind: 'instant',
    at: new Date('2026-02-18T13:55:10.123Z'),
  });
  expect(readTime('10:00', lost)).toEqual({
    kind: 'unreadable',
    text: '10:00',
    problem:
      'I do not know the time zone “Nowhere/Land”. Write the time in UTC, like “2026-02-14T10:00:00Z”.',
  });
});

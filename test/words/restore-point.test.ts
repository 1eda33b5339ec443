import fc from 'fast-check';
import { checkRestorePoint } from '../../src/words/restore-point';
import { readTime, type When } from '../../src/words/when';

const window = {
  now: new Date('2026-02-18T14:05:10Z'),
  earliest: new Date('2026-02-11T14:00:00.400Z'),
  latest: new Date('2026-02-18T13:58:20.700Z'),
  zone: 'Europe/Berlin',
};

function check(text: string) {
  return checkRestorePoint(readTime(text, { ...window, locale: 'en-GB' }), window);
}

function offered(text: string): readonly string[] {
  const result = check(text);
  return result.ok ? [] : result.choices.map(({ at }) => at.toISOString());
}

test('a time inside the restorable window is accepted, both ends included', () => {
  expect(check('10:00')).toEqual({ ok: true, at: new Date('2026-02-18T09:00:00Z') });
  expect(check('2026-02-11T14:00:00.400Z')).toEqual({ ok: true, at: window.earliest });
  expect(check('2026-02-18T13:58:20.700Z')).toEqual({ ok: true, at: window.latest });
});

test('a time still to come is refused, offering the same clock time yesterday and the latest possible', () => {
  expect(check('18:00')).toEqual({
    ok: false,
    problem:
      '18:00 on Wed 18 Feb (GMT+1) · 2026-02-18T17:00:00Z · in 2 hours 54 minutes is still to come. Choose a time that has passed.',
    choices: [
      {
        at: new Date('2026-02-17T17:00:00Z'),
        words: '18:00 on Tue 17 Feb (GMT+1) · 2026-02-17T17:00:00Z · 21 hours 5 minutes ago',
      },
      {
        at: new Date('2026-02-18T13:58:20Z'),
        words: '14:58:20 on Wed 18 Feb (GMT+1) · 2026-02-18T13:58:20Z · 6 minutes ago',
      },
    ],
  });
});

test('a future time whose clock time has passed today is offered today', () => {
  expect(offered('tomorrow 10:00')).toEqual(['2026-02-18T09:00:00.000Z', '2026-02-18T13:58:20.000Z']);
});

test('a moment that Azure has not stored yet is refused, offering the latest it has', () => {
  expect(check('2 minutes ago')).toMatchObject({
    ok: false,
    problem: expect.stringContaining('Azure cannot restore to 15:03:10 on Wed 18 Feb'),
    choices: [{ at: new Date('2026-02-18T13:58:20Z') }],
  });
});

test('a time before the window is refused, offering an hour after its beginning and the first such clock time in it', () => {
  expect(check('8 Feb 10:00')).toMatchObject({
    ok: false,
    problem: expect.stringContaining('The earliest Azure can restore to is 15:00:01 on Wed 11 Feb'),
    choices: [{ at: new Date('2026-02-11T15:00:01Z') }, { at: new Date('2026-02-12T09:00:00Z') }],
  });
});

test('a window of less than an hour still offers its beginning', () => {
  const short = { ...window, earliest: new Date('2026-02-18T13:30:00Z') };
  const when: When = { kind: 'instant', at: new Date('2026-02-08T09:00:00Z') };
  expect(checkRestorePoint(when, short)).toMatchObject({ choices: [{ at: short.earliest }] });
});

test('of an ambiguous time only the readings inside the window are offered, in their own words', () => {
  expect(offered('yesterday at 6')).toEqual(['2026-02-17T05:00:00.000Z', '2026-02-17T17:00:00.000Z']);
  expect(offered('at 6')).toEqual(['2026-02-18T05:00:00.000Z']);
  const fold: When = {
    kind: 'ambiguous',
    readings: [
      { at: new Date('2026-02-17T05:00:00Z'), words: 'before the clocks went back' },
      { at: new Date('2026-02-17T06:00:00Z'), words: 'after the clocks went back' },
    ],
  };
  expect(checkRestorePoint(fold, window)).toMatchObject({ choices: fold.readings });
});

test('an ambiguous time wholly outside the window offers its nearest end once', () => {
  expect(offered('02/03 10:00')).toEqual(['2026-02-11T15:00:01.000Z']);
});

test.each(['', 'banana', 'half past 6', 'last night'])(
  '"%s" is refused, offering the latest possible time',
  (text) => {
    expect(offered(text)).toEqual(['2026-02-18T13:58:20.000Z']);
  },
);

test('without a usable window nothing is accepted and nothing offered', () => {
  const when: When = { kind: 'instant', at: new Date('2026-02-18T09:00:00Z') };
  const nothing = {
    ok: false,
    problem: 'Azure offers no recovery point for this database right now.',
    choices: [],
  };
  expect(checkRestorePoint(when, { ...window, earliest: new Date('2026-02-19') })).toEqual(nothing);
  expect(checkRestorePoint(when, { ...window, earliest: new Date('never') })).toEqual(nothing);
  expect(checkRestorePoint(when, { ...window, latest: new Date('never') })).toEqual(nothing);
});

test('a window that reaches past now ends now', () => {
  const open = { ...window, latest: new Date('2026-02-19T00:00:00Z') };
  expect(checkRestorePoint({ kind: 'instant', at: new Date('2026-02-18T14:06:00Z') }, open).ok).toBe(false);
});

test('every choice lies in the window, and no more than four are offered', () => {
  const now = new Date('2026-03-29T12:00:00Z').getTime();
  const near = fc
    .integer({ min: -40 * 86_400_000, max: 5 * 86_400_000 })
    .map((offset) => new Date(now + offset));
  const readings = fc.array(near, { minLength: 2, maxLength: 6 });
  const whens: fc.Arbitrary<When> = fc.oneof(
    near.map((at) => ({ kind: 'instant', at }) as const),
    readings.map(
      (all) => ({ kind: 'ambiguous', readings: all.map((at) => ({ at, words: 'one' })) }) as const,
    ),
    fc.constant({ kind: 'none' } as const),
    fc.constant({ kind: 'unreadable', text: 'x', problem: 'no' } as const),
  );
  fc.assert(
    fc.property(
      whens,
      near,
      near,
      fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Nope'),
      (when, earliest, latest, zone) => {
        const result = checkRestorePoint(when, { now: new Date(now), earliest, latest, zone });
        const offers = result.ok ? [result.at] : result.choices.map(({ at }) => at);
        expect(offers.length).toBeLessThanOrEqual(4);
        expect(new Set(offers.map((at) => at.getTime())).size).toBe(offers.length);
        for (const at of offers) {
          expect(at.getTime()).toBeGreaterThanOrEqual(earliest.getTime());
          expect(at.getTime()).toBeLessThanOrEqual(Math.min(latest.getTime(), now));
        }
        if (!result.ok) expect(result.problem).not.toBe('');
        if (!result.ok && earliest <= latest && earliest.getTime() <= now) expect(offers).not.toHaveLength(0);
      },
    ),
    { numRuns: 300 },
  );
});

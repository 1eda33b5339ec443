import fc from 'fast-check';
import { sayTime } from '../../src/words/say-time';
import { readTime } from '../../src/words/when';

const zones = fc.constantFrom(
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Nope',
);
const moments = fc.date({ min: new Date('2020-01-01'), max: new Date('2035-12-31'), noInvalidDate: true });
const timeWords = fc
  .array(
    fc.constantFrom(
      ...'10:00 6 at 02/03 14.02.2026 2026-02-14 yesterday 6pm last night monday Feb 14 ago minutes 10 noon midnight'.split(
        ' ',
      ),
      ...'UTC EST +01:00 in the morning before - T10:00:00Z 29 31 hours days week next tonight 10.30 now .5 :61 -'.split(
        ' ',
      ),
    ),
    { maxLength: 6 },
  )
  .map((words) => words.join(' '));

test('whatever is typed, reading it ends in a valid instant, valid readings or words', () => {
  fc.assert(
    fc.property(
      fc.oneof(timeWords, fc.string({ unit: 'binary', maxLength: 300 })),
      moments,
      zones,
      fc.constantFrom('en-US', 'en-GB', '', '-'),
      (text, now, zone, locale) => {
        const when = readTime(text, { now, zone, locale });
        if (when.kind === 'instant') expect(when.at.getTime()).not.toBeNaN();
        if (when.kind === 'unreadable') expect(when.problem).not.toBe('');
        if (when.kind === 'ambiguous') {
          const times = when.readings.map(({ at }) => at.getTime());
          expect(times.length).toBeGreaterThan(1);
          expect(new Set(times).size).toBe(times.length);
          for (const time of times) expect(time).not.toBeNaN();
        }
      },
    ),
    { numRuns: 400 },
  );
});

test('elapsed minutes are exact whenever and wherever they are said', () => {
  fc.assert(
    fc.property(moments, zones, fc.integer({ min: 1, max: 5_000 }), (now, zone, minutes) => {
      expect(readTime(`${minutes} minutes ago`, { now, zone, locale: 'en-GB' })).toEqual({
        kind: 'instant',
        at: new Date(now.getTime() - minutes * 60_000),
      });
    }),
    { numRuns: 150 },
  );
});

test('what the bot says, the bot understands when it is pasted back', () => {
  fc.assert(
    fc.property(
      moments,
      fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'),
      fc.constantFrom('en-US', 'en-GB'),
      fc.integer({ min: 60, max: 35 * 86_400 }),
      (moment, zone, locale, secondsAgo) => {
        const now = new Date(Math.floor(moment.getTime() / 1000) * 1000);
        const at = new Date(now.getTime() - secondsAgo * 1000);
        const said = sayTime(at, { now, zone, locale });
        expect(readTime(said.local, { now, zone, locale })).toEqual({ kind: 'instant', at });
        expect(readTime(said.utc, { now, zone, locale })).toEqual({ kind: 'instant', at });
      },
    ),
    { numRuns: 150 },
  );
});

import { compareDays, type Day, isDay, monthNames, mostRecent } from './calendar';
import { timeHint } from './time-hint';

/** What to know to spell out a date of numbers: the person's today, and which number they would write first. */
export type Spelling = { readonly today: Day; readonly monthFirst: boolean };

/** The same words with nothing left to guess about their dates, once for each thing they can mean. */
export type SpelledOut = { readonly texts: readonly string[] } | { readonly problem: string };

/**
 * Rewrites the ways people write times that chrono misreads or does not know, and spells out dates made of
 * numbers: `02/03` becomes both 2 March and 3 February, whatever the locale, since a guess here would restore
 * the wrong day. Without a year, a date is the most recent one.
 */
export function spellOut(text: string, spelling: Spelling): SpelledOut {
  const plain = rewrites.reduce((words, [from, to]) => words.replace(from, to), text.trim());
  const yearFirst = plain.match(/(?<![\d:.])(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)/);
  if (yearFirst?.[0] !== undefined) {
    const [written, year, , month, day] = yearFirst;
    return spelled(plain, written, [{ year: Number(year), month: Number(month), day: Number(day) }]);
  }
  const numbers = dateOfNumbers(plain);
  if (numbers !== undefined) return spelled(plain, numbers.written, daysMeant(numbers, spelling));
  const dotted = plain.match(clockWithDot);
  if (dotted === null) return { texts: [plain] };
  const [written, hour, minute] = dotted;
  const standsAlone = /^\W*(?:on)?\W*$/i.test(plain.replace(written, ''));
  if (!standsAlone || mostRecent(Number(minute), Number(hour), spelling.today) === undefined) {
    return { texts: [plain.replace(written, `${hour}:${minute}`)] };
  }
  return { problem: `“${written}” can be a time or a date. Write “${hour}:${minute}” for the time.` };
}

const rewrites: readonly (readonly [RegExp, string])[] = [
  [/[‘’]/g, "'"],
  [/\s+/g, ' '],
  [/(?:\s|^)[-–—](?=\s|$)/g, ' '],
  [/\b(?:about|around|roughly|approximately|exactly|sharp|please|thanks|thank you)\b/gi, ' '],
  [/^\s*(?:(?:back )?to|as of|from)\b/i, ''],
  // The bot's own way to say a time, copied and pasted.
  [/^(\d\d?:[\d:]+) on (.+) \((gmt[+-:\d]*)\)$/i, '$1 $3 on $2'],
  [/\b(?:just|right) now\b/gi, 'now'],
  [/\b(?:the )?day before yesterday\b/gi, '2 days ago'],
  [/\bhalf (?:an |a )?hour ago\b/gi, '30 minutes ago'],
  [/\b(?:a )?quarter of an hour ago\b/gi, '15 minutes ago'],
  [/\b(?:an|one) hour and a half ago\b/gi, '90 minutes ago'],
  [/\blast midnight\b/gi, 'midnight'],
  [/\byesterday night\b/gi, 'last night'],
  [/\b(\d{1,2}(?::\d\d)?)(?: o'clock)? in the morning\b/gi, '$1am'],
  [/\b(\d{1,2}(?::\d\d)?)(?: o'clock)? in the (?:afternoon|evening)\b/gi, '$1pm'],
  [/(\d{4}-\d\d-\d\d)[t ](\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?) ?(?=[+-]\d\d(?::?\d\d)?\b)/gi, '$1 $2 GMT'],
  [/(\d{4}-\d\d-\d\d)t(?=\d)/gi, '$1 '],
  [/(\d:\d\d(?:[.,]\d+)?|\d ?[ap]m) ?(?=\+\d)/gi, '$1 GMT'],
  [/\b(?:gmt|utc) ?([+-])(\d)(?=:\d\d|$| )/gi, 'GMT$10$2'],
  // chrono takes the 5 of 10:00:30.5 for five milliseconds, and does not know a Z after a bare clock time.
  [/(:\d\d)[.,](\d{1,9})(?!\d)/g, '$1.$2'],
  [/(:\d\d\.)(\d{1,3})\d*/g, '$1$2'],
  [/(:\d\d\.\d)(?!\d)/g, '$100'],
  [/(:\d\d\.\d\d)(?!\d)/g, '$10'],
  [/(:\d\d(?:\.\d+)?) ?z\b/gi, '$1 UTC'],
  [/\b(\d{1,2})h(\d\d)\b(?! ?ago)/gi, '$1:$2'],
  [/\b(\d\d)h\b(?! ?(?:ago|earlier|\d))/gi, '$1:00'],
  [/\s+/g, ' '],
  [/^ ?(?:at |@ ?)?(\d{1,2})(?= o'clock|$| (?:on|yesterday|today|this|last)\b)/i, 'at $1'],
  // chrono merges a zone into the clock time before it only when the day comes first.
  [/^ ?(\d\d?(?::[\d:.]+)?(?: ?[ap]m)?) ((?:gmt|utc)(?:[+-][\d:]+)?) (?:on )?(\S.*)$/i, '$3 $1 $2'],
  // A leading zero says twenty-four hours; without the colon chrono does not keep it.
  [/\bat (0\d)(?![\d:.])/gi, 'at $1:00'],
  [/^ | $/g, ''],
];

const clockWithDot = /(?<![\d.:])([01]?\d|2[0-3])\.([0-5]\d)(?![\d.])/;

type DateOfNumbers = {
  readonly written: string;
  readonly first: number;
  readonly second: number;
  readonly year: number | undefined;
};

function dateOfNumbers(text: string): DateOfNumbers | undefined {
  const found = text.match(
    /(?<![\d:./+-])(\d{1,2})([./-])(\d{1,2})(?:\2(\d{4}|\d{2})|(\.(?=\s|$)))?(?![\d:/-])/,
  );
  if (found?.[0] === undefined) return undefined;
  const [written, first, separator, second, year, closingDot] = found;
  const others = text.replace(written, '');
  // 10-11 are two hours, and 10.30 is one; 14.02 is a day only with a clock time beside it.
  const besideClock = Number(second) <= 12 && /\d:\d|\d ?[ap]\.?m\b|noon/i.test(others);
  const withoutYear = separator === '/' || (separator === '.' && (closingDot !== undefined || besideClock));
  if (year === undefined && !withoutYear) return undefined;
  return {
    written,
    first: Number(first),
    second: Number(second),
    year: year === undefined ? undefined : Number(year.length === 2 ? `20${year}` : year),
  };
}

function daysMeant({ first, second, year }: DateOfNumbers, { today, monthFirst }: Spelling): readonly Day[] {
  const meant = (month: number, day: number): readonly Day[] => {
    const known = year === undefined ? mostRecent(month, day, today) : { year, month, day };
    return known === undefined ? [] : [known];
  };
  const dayMonth = meant(second, first);
  const monthDay = meant(first, second);
  return monthFirst ? [...monthDay, ...dayMonth] : [...dayMonth, ...monthDay];
}

function spelled(text: string, written: string, days: readonly Day[]): SpelledOut {
  const real = days.filter(isDay);
  const different = real.filter(
    (day, index) => real.findIndex((other) => compareDays(other, day) === 0) === index,
  );
  if (different.length === 0) return { problem: `There is no day “${written}” in the calendar. ${timeHint}` };
  return {
    texts: different.map(({ year, month, day }) =>
      text
        .replace(written, ` ${day} ${monthNames[month - 1]} ${year} `)
        .replace(clockWithDot, '$1:$2')
        .replace(/\s+/g, ' ')
        .trim(),
    ),
  };
}

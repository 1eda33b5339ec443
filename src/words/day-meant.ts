import type { ParsedResult } from 'chrono-node';
import { addDays, type Day, mostRecent, sayDay, weekdayNames, weekdayOf } from './calendar';
import type { Clock } from './clock-meant';
import { timeHint } from './time-hint';
import type { WallTime } from './zone';

type DayMeant = { readonly day: Day } | { readonly problem: string };

/**
 * The day that the words mean together with that time of day: without a year or with only a weekday the most
 * recent one, without any day today. Weekday and date that contradict each other are a problem, not a guess.
 */
export function dayMeant(found: ParsedResult, clock: Clock, wallNow: WallTime): DayMeant {
  const meant = dayNamed(found, clock, wallNow);
  if ('problem' in meant) return meant;
  const { day } = meant;
  if (day.year < 1970 || day.year > 2199) {
    return { problem: `“${found.text}” is no day that anything can be restored to. ${timeHint}` };
  }
  const weekday = weekdayIn(found);
  if (weekday === undefined || weekday === weekdayOf(day)) return { day };
  const said = sayDay(day, { monthFirst: false, year: true });
  return { problem: `“${found.text}” contradicts itself: ${said} is not a ${weekdayNames[weekday]}.` };
}

function dayNamed(found: ParsedResult, clock: Clock, wallNow: WallTime): DayMeant {
  const { start, text } = found;
  const today = addDays(wallNow, 0);
  if (/\btonight\b/i.test(text)) return { day: today };
  if (/\blast night\b/i.test(text)) return { day: addDays(today, -1) };
  const written = writtenDay(found, today);
  // "2 days ago" counts to a day; "last week" does not.
  const isCounted = found.tags().has('result/relativeDate');
  const isResolved = start.isCertain('day') || start.isCertain('month') || start.isCertain('year');
  if (isCounted && isResolved && /\b(?:ago|earlier|later|in (?!the\b))|^[-+]/i.test(text))
    return { day: written };
  const weekday = weekdayIn(found);
  if (!start.isCertain('day') && !isCounted && weekday !== undefined) {
    return { day: dayOfWeek(weekday, found, clock, wallNow) };
  }
  if (isCounted || (!start.isCertain('day') && (start.isCertain('month') || start.isCertain('year')))) {
    return { problem: `“${text}” does not say which day. ${timeHint}` };
  }
  if (!start.isCertain('day')) return { day: today };
  return {
    day: start.isCertain('year') ? written : (mostRecent(written.month, written.day, today) ?? written),
  };
}

function dayOfWeek(weekday: number, found: ParsedResult, clock: Clock, wallNow: WallTime): Day {
  const today = addDays(wallNow, 0);
  if (/\b(?:next|coming)\b/i.test(found.text)) return writtenDay(found, today);
  const fromMonday = (day: number) => (day + 6) % 7;
  if (/\bthis\b/i.test(found.text)) return addDays(today, fromMonday(weekday) - fromMonday(weekdayOf(today)));
  const back = (weekdayOf(today) - weekday + 7) % 7;
  if (back > 0) return addDays(today, -back);
  const isOver = clock.hour * 60 + clock.minute <= wallNow.hour * 60 + wallNow.minute;
  return isOver && !/\b(?:last|past|previous)\b/i.test(found.text) ? today : addDays(today, -7);
}

function weekdayIn({ start }: ParsedResult): number | undefined {
  return start.isCertain('weekday') ? (start.get('weekday') ?? undefined) : undefined;
}

function writtenDay({ start }: ParsedResult, today: Day): Day {
  return {
    year: start.get('year') ?? today.year,
    month: start.get('month') ?? today.month,
    day: start.get('day') ?? today.day,
  };
}

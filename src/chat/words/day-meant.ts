import type { ParsedResult } from 'chrono-node';
import { addDays, type Day, mostRecent, sayDay, weekdayNames, weekdayOf } from './calendar';
import type { Clock } from './clock-meant';
import { timeHint } from './time-hint';
import type { WallTime } from './zone';

/**
 * The day that the words mean together with that time of day: without a year or with only a weekday the most
 * recent one, without any day today. Weekday and date that contradict each other are a problem, not a guess.
 */
export function dayMeant(
  found: ParsedResult,
  clock: Clock,
  wallNow: WallTime,
): { readonly day: Day } | { readonly problem: string } {
  const { start, text } = found;
  const today = addDays(wallNow, 0);
  if (/\btonight\b/i.test(text)) return { day: today };
  if (/\blast night\b/i.test(text)) return { day: addDays(today, -1) };
  const weekday = start.isCertain('weekday') ? start.get('weekday') : null;
  const month = start.get('month') ?? today.month;
  const written = { year: start.get('year') ?? today.year, month, day: start.get('day') ?? today.day };
  if (found.tags().has('result/relativeDate')) return countedDay(written, text);
  if (!start.isCertain('day')) {
    if (weekday !== null) return { day: dayOfWeek(weekday, found, clock, wallNow) };
    if (start.isCertain('month') || start.isCertain('year'))
      return { problem: `“${text}” does not say which day. ${timeHint}` };
    return { day: today };
  }
  const day = start.isCertain('year') ? written : (mostRecent(month, written.day, today) ?? written);
  if (weekday !== null && weekday !== weekdayOf(day)) {
    const said = sayDay(day, { monthFirst: false, year: true });
    return { problem: `“${text}” contradicts itself: ${said} is not a ${weekdayNames[weekday]}.` };
  }
  return within(day, text);
}

// "2 days ago" counts to a day; "last week" does not.
function countedDay(day: Day, text: string): { readonly day: Day } | { readonly problem: string } {
  if (!/\b(?:ago|earlier|later|in (?!the\b))|^[-+]/i.test(text))
    return { problem: `“${text}” does not say which day. ${timeHint}` };
  return within(day, text);
}

function within(day: Day, text: string): { readonly day: Day } | { readonly problem: string } {
  if (day.year >= 1970 && day.year < 2200) return { day };
  return { problem: `“${text}” is no day that anything can be restored to. ${timeHint}` };
}

function dayOfWeek(weekday: number, { start, text }: ParsedResult, clock: Clock, wallNow: WallTime): Day {
  const today = addDays(wallNow, 0);
  if (/\b(?:next|this|coming)\b/i.test(text)) {
    return {
      year: start.get('year') ?? today.year,
      month: start.get('month') ?? today.month,
      day: start.get('day') ?? today.day,
    };
  }
  const back = (weekdayOf(today) - weekday + 7) % 7;
  if (back > 0) return addDays(today, -back);
  const isOver = clock.hour * 60 + clock.minute <= wallNow.hour * 60 + wallNow.minute;
  return isOver && !/\b(?:last|past|previous)\b/i.test(text) ? today : addDays(today, -7);
}

/** A day of the Gregorian calendar; months from 1 to 12. */
export type Day = { readonly year: number; readonly month: number; readonly day: number };

export const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

export const weekdayNames = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
] as const;

/** Whether the calendar has that day; 31 February it has not. */
export function isDay({ year, month, day }: Day): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** The day so many days later, or earlier when negative. */
export function addDays({ year, month, day }: Day, days: number): Day {
  const date = new Date(Date.UTC(year, month - 1, day + days));
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** 0 for Sunday to 6 for Saturday. */
export function weekdayOf({ year, month, day }: Day): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay();
}

/** Negative when `a` is the earlier day, zero when they are the same. */
export function compareDays(a: Day, b: Day): number {
  return a.year - b.year || a.month - b.month || a.day - b.day;
}

/** The last time the calendar showed that day and month, today included; undefined for 31 February. */
export function mostRecent(month: number, day: number, today: Day): Day | undefined {
  // Eight years reach past the longest wait for a 29 February (1896 to 1904).
  for (let back = 0; back <= 8; back += 1) {
    const candidate = { year: today.year - back, month, day };
    if (isDay(candidate) && compareDays(candidate, today) <= 0) return candidate;
  }
  return undefined;
}

/** "Sat 14 Feb 2026", or "Sat Feb 14 2026" where the month is said first; without the year when `year` is false. */
export function sayDay(day: Day, { monthFirst, year }: { monthFirst: boolean; year: boolean }): string {
  const weekday = weekdayNames[weekdayOf(day)]?.slice(0, 3);
  const month = monthNames[day.month - 1]?.slice(0, 3);
  const date = monthFirst ? `${month} ${day.day}` : `${day.day} ${month}`;
  return `${weekday} ${date}${year ? ` ${day.year}` : ''}`;
}

/** Whether people of that BCP 47 locale write the month before the day; no for a locale that is not known. */
export function saysMonthFirst(locale: string): boolean {
  try {
    const parts = new Intl.DateTimeFormat(locale, { month: 'numeric', day: 'numeric' }).formatToParts(0);
    return parts.findIndex(({ type }) => type === 'month') < parts.findIndex(({ type }) => type === 'day');
  } catch {
    // A locale comes from the person's client; a malformed one must not cost them the answer.
    return false;
  }
}

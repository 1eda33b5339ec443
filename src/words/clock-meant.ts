import type { ParsedResult } from 'chrono-node';
import { timeHint } from './time-hint';
import type { WallTime } from './zone';

/** A time of day. An hour of 24 or more is on the next day. */
export type Clock = Pick<WallTime, 'hour' | 'minute' | 'second' | 'millisecond'>;

/**
 * Every time of day that the words can mean: two for an hour without am or pm, and for the midnight "of" a day,
 * which can be its beginning or its end.
 */
export function clocksMeant(
  found: ParsedResult,
  wallNow: WallTime,
): { readonly clocks: readonly Clock[] } | { readonly problem: string } {
  const { start, text } = found;
  const tags = found.tags();
  if (!start.isCertain('hour')) {
    // "2 days ago" is the same time of day; "last week" is no time of day at all.
    const isCount = tags.size === 1 && tags.has('result/relativeDate');
    if (isCount && /\b(?:ago|earlier)\b|^-/i.test(text)) return { clocks: [wallNow] };
    return { problem: `“${text}” names a day but no time of day. Add one, like “${text} at 18:00”.` };
  }
  const at = (hour: number): Clock => ({
    hour,
    minute: start.get('minute') ?? 0,
    second: start.get('second') ?? 0,
    millisecond: start.get('millisecond') ?? 0,
  });
  const hour = start.get('hour') ?? 0;
  const isNight = /\b(?:last night|tonight)\b/i.test(text);
  const hasDay = start.isCertain('day') || start.isCertain('weekday');
  if (tags.has('casualReference/midnight') && isNight) return { clocks: [at(24)] };
  if (tags.has('casualReference/midnight')) return { clocks: hasDay ? [at(0), at(24)] : [at(0)] };
  if (isNight && tags.has('casualReference/noon'))
    return { problem: `“${text}” contradicts itself. ${timeHint}` };
  if (isNight) return { clocks: [at(hourOfNight(hour, start.isCertain('meridiem')))] };
  const settled = ['casualReference/noon', 'casualReference/morning'].some((tag) => tags.has(tag));
  const withoutOffset = text.replace(/[+-]\d{1,2}(?::?\d\d)?/g, '');
  const isBareHour = !start.isCertain('meridiem') && !/\d:\d/.test(withoutOffset) && hour > 0 && hour <= 12;
  if (settled || !isBareHour) return { clocks: [at(hour)] };
  return { clocks: [at(hour % 12), at((hour % 12) + 12)] };
}

// A night begins on one day and ends on the next: its 10:30 is 22:30, its 1:00 is on the next day.
function hourOfNight(hour: number, isCertain: boolean): number {
  const ofNight = !isCertain && hour >= 6 && hour < 12 ? hour + 12 : hour;
  if (ofNight === 12 && !isCertain) return 24;
  return ofNight < 12 ? ofNight + 24 : ofNight;
}

import { sayDay, saysMonthFirst } from './calendar';
import { fixedZone, type WallTime, zoneOf } from './zone';

/** Where, when and in whose manner a time is read or said: `zone` is an IANA name, `locale` a BCP 47 tag. */
export type Speaking = { readonly now: Date; readonly zone: string; readonly locale: string };

/** One instant in the three ways a person needs; `text` is the three together. */
export type SaidTime = {
  readonly local: string;
  readonly utc: string;
  readonly ago: string;
  readonly text: string;
};

/**
 * Says an instant as local time, as UTC and as a distance from now, always all three. Seconds and the year
 * appear only when they matter. In a zone that is not known, local time is UTC and says so.
 * Throws RangeError for an invalid Date, which is a bug of the caller.
 */
export function sayTime(at: Date, { now, zone, locale }: Speaking): SaidTime {
  const here = zoneOf(zone) ?? fixedZone(0);
  const wall = here.wallAt(at);
  const day = sayDay(wall, {
    monthFirst: saysMonthFirst(locale),
    year: wall.year !== here.wallAt(now).year,
  });
  const local = `${sayClock(wall)} on ${day} (${sayOffset(here.offsetAt(at))})`;
  const utc = at.toISOString().replace('.000Z', 'Z');
  const ago = sayDistance(at.getTime() - now.getTime());
  return { local, utc, ago, text: `${local} · ${utc} · ${ago}` };
}

function sayClock({ hour, minute, second }: WallTime): string {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${two(hour)}:${two(minute)}${second === 0 ? '' : `:${two(second)}`}`;
}

function sayOffset(offset: number): string {
  const minutes = Math.round(Math.abs(offset) / 60_000);
  if (minutes === 0) return 'GMT';
  const rest = minutes % 60 === 0 ? '' : `:${String(minutes % 60).padStart(2, '0')}`;
  return `GMT${offset < 0 ? '-' : '+'}${Math.floor(minutes / 60)}${rest}`;
}

function sayDistance(milliseconds: number): string {
  // Cut, not rounded, as clocks do: half a minute ago is not "1 minute ago".
  const seconds = Math.floor(Math.abs(milliseconds) / 1000);
  if (seconds === 0) return 'now';
  const distance = sayDuration(seconds);
  return milliseconds < 0 ? `${distance} ago` : `in ${distance}`;
}

function sayDuration(seconds: number): string {
  if (seconds < 60) return count(seconds, 'second');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return count(minutes, 'minute');
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return pair(count(hours, 'hour'), minutes % 60, 'minute');
  return pair(count(Math.floor(hours / 24), 'day'), hours % 24, 'hour');
}

const pair = (first: string, rest: number, unit: string) =>
  rest === 0 ? first : `${first} ${count(rest, unit)}`;
const count = (n: number, unit: string) => `${n} ${unit}${n === 1 ? '' : 's'}`;

import type { Day } from './calendar';

/** A day and a clock time as a wall shows them, in no particular time zone. */
export type WallTime = Day & {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
};

/**
 * The instants a wall time can stand for: one; two, when clocks go back over it (`fold`); or none, when they
 * jump over it (`gap`). For a gap, `earlier` and `later` are the wall time read with the offset after and
 * before the jump, as Temporal's disambiguation does.
 */
type Resolved =
  | { readonly kind: 'one'; readonly at: Date }
  | { readonly kind: 'fold' | 'gap'; readonly earlier: Date; readonly later: Date };

/** A time zone of the IANA database, as this machine's ICU data knows it. */
export type Zone = {
  /** Milliseconds to add to UTC, at an instant, to get the wall time. */
  readonly offsetAt: (at: Date) => number;
  readonly wallAt: (at: Date) => WallTime;
  readonly resolve: (wall: WallTime) => Resolved;
};

const aDay = 86_400_000;

/** The zone of that IANA name, or undefined when there is no such zone. */
export function zoneOf(name: string): Zone | undefined {
  const format = formatIn(name);
  if (format === undefined) return undefined;
  const offsetAt = (at: Date): number => {
    const shown = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => shown.get(type) ?? 0;
    const wholeSecond = Math.floor(at.getTime() / 1000) * 1000;
    return (
      Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) -
      wholeSecond
    );
  };
  return {
    offsetAt,
    wallAt: (at) => wallFrom(at.getTime() + offsetAt(at)),
    resolve: (wall) => resolve(wall, offsetAt),
  };
}

/** UTC, and every zone at a fixed distance from it; milliseconds east. */
export function fixedZone(offset: number): Zone {
  return {
    offsetAt: () => offset,
    wallAt: (at) => wallFrom(at.getTime() + offset),
    resolve: (wall) => ({ kind: 'one', at: new Date(asUtc(wall) - offset) }),
  };
}

function resolve(wall: WallTime, offsetAt: Zone['offsetAt']): Resolved {
  const asIfUtc = asUtc(wall);
  // No zone changes its clocks twice within two days, so these are all the offsets that can apply.
  const before = offsetAt(new Date(asIfUtc - aDay));
  const after = offsetAt(new Date(asIfUtc + aDay));
  const readBefore = new Date(asIfUtc - before);
  const readAfter = new Date(asIfUtc - after);
  const beforeHolds = offsetAt(readBefore) === before;
  const afterHolds = offsetAt(readAfter) === after;
  if (before === after || (beforeHolds && !afterHolds)) return { kind: 'one', at: readBefore };
  if (afterHolds && !beforeHolds) return { kind: 'one', at: readAfter };
  if (beforeHolds) return { kind: 'fold', earlier: readBefore, later: readAfter };
  return { kind: 'gap', earlier: readAfter, later: readBefore };
}

function formatIn(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    // Intl has no other way to say that it does not know a zone.
    return undefined;
  }
}

function wallFrom(shifted: number): WallTime {
  const wall = new Date(shifted);
  return {
    year: wall.getUTCFullYear(),
    month: wall.getUTCMonth() + 1,
    day: wall.getUTCDate(),
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
    second: wall.getUTCSeconds(),
    millisecond: wall.getUTCMilliseconds(),
  };
}

function asUtc({ year, month, day, hour, minute, second, millisecond }: WallTime): number {
  return Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
}

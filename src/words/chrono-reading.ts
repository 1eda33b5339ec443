import type { ParsedComponents, ParsedResult } from 'chrono-node';
// English alone: the whole package prepares a dozen languages at every start.
import { casual } from 'chrono-node/en';
import { type Clock, clocksMeant } from './clock-meant';
import { dayMeant } from './day-meant';
import { timeHint } from './time-hint';
import { fixedZone, type WallTime, type Zone } from './zone';

/** One thing that words can mean: an instant, and why there is a choice when the clocks made one. */
export type Moment = { readonly at: Date; readonly why?: string };

/** Every instant that the words can mean, or what keeps them from being read. */
export type Reading =
  | { readonly kind: 'moments'; readonly moments: readonly Moment[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'problem'; readonly problem: string };

/**
 * Finds every instant that spelled-out English can mean. chrono finds the words; what it would guess is decided
 * here: the day (the most recent), an hour without am or pm (both), the offset of the zone on that day, and
 * words it passed over (refused: "just before 10:00" is not 10:00).
 */
export function readMoments(text: string, now: Date, zone: Zone): Reading {
  const elapsed = readElapsed(text, now);
  if (elapsed !== undefined) return elapsed;
  const here = readDayAndClock(text, now, zone, zone);
  if (here.kind !== 'moments' || here.stated === undefined) return here;
  if (here.isAbbreviation && here.moments.some(({ at }) => zone.offsetAt(at) !== here.stated)) {
    return { kind: 'problem', problem: unsureOfZone(text) };
  }
  // "Yesterday 10:00 UTC" can be yesterday here or yesterday in UTC, and near midnight these differ.
  const there = readDayAndClock(text, now, fixedZone(here.stated), zone);
  return there.kind === 'moments' ? { kind: 'moments', moments: [...here.moments, ...there.moments] } : there;
}

type DayAndClock =
  | (Extract<Reading, { kind: 'moments' }> & {
      readonly stated: number | undefined;
      readonly isAbbreviation: boolean;
    })
  | Exclude<Reading, { kind: 'moments' }>;

function readDayAndClock(text: string, now: Date, frame: Zone, zone: Zone): DayAndClock {
  const wallNow = frame.wallAt(now);
  // chrono computes with the host's clock; at noon no host's daylight saving can move it to another day.
  const [found, ...others] = parseFrom(text, Date.UTC(wallNow.year, wallNow.month - 1, wallNow.day, 12));
  if (found === undefined) return { kind: 'none' };
  const unread = unreadWords(text, found);
  if (unread !== '' || others.length > 0 || found.end)
    return { kind: 'problem', problem: onlyPartly(found, unread) };
  const stated = statedOffset(found.start);
  const clocks = clocksMeant(found, wallNow);
  if ('problem' in clocks) return { kind: 'problem', problem: clocks.problem };
  const moments: Moment[] = [];
  for (const clock of clocks.clocks) {
    const day = dayMeant(found, clock, wallNow);
    if ('problem' in day) return { kind: 'problem', problem: day.problem };
    moments.push(
      ...momentsOf({ ...day.day, ...timeOf(clock) }, stated === undefined ? zone : fixedZone(stated)),
    );
  }
  return { kind: 'moments', moments, stated, isAbbreviation: !/\b(?:utc|gmt)\b|gmt[+-]/i.test(found.text) };
}

function readElapsed(text: string, now: Date): Reading | undefined {
  // Mid-January: no host's clocks change within weeks of it, so the distance chrono computes is exact.
  const calm = Date.UTC(2001, 0, 17, 12);
  const [found] = parseFrom(text, calm);
  const tags = found?.tags();
  if (found === undefined || !(tags?.has('result/relativeDateAndTime') || tags?.has('casualReference/now'))) {
    return undefined;
  }
  const isMixed = [...tags].some((tag) => !elapsedTags.has(tag)) || found.start.get('timezoneOffset') !== 0;
  const unread = unreadWords(text, found);
  if (unread !== '' || isMixed || vague.test(found.text))
    return { kind: 'problem', problem: onlyPartly(found, unread) };
  return { kind: 'moments', moments: [{ at: new Date(now.getTime() + instantOf(found.start) - calm) }] };
}

// What chrono tags when nothing but a distance was said; with a clock time or a part of the day it has more.
const elapsedTags: ReadonlySet<string> = new Set([
  'result/relativeDate',
  'result/relativeDateAndTime',
  'casualReference/now',
  'parser/ENCasualDateParser',
]);

// "5 minutes before 10:00" chrono computes in the host's own zone, "a few" it takes for three, and a month for
// however long the month of the reference is.
const vague = /\b(?:before|after|since|until|past|few|several|some|couple|(?:month|quarter|year)s?)\b/i;

function momentsOf(wall: WallTime, zone: Zone): readonly Moment[] {
  const resolved = zone.resolve(wall);
  switch (resolved.kind) {
    case 'one':
      return [{ at: resolved.at }];
    case 'fold':
      return [
        { at: resolved.earlier, why: 'before the clocks went back' },
        { at: resolved.later, why: 'after the clocks went back' },
      ];
    case 'gap':
      return [
        { at: resolved.earlier, why: 'the clocks jumped over the time you gave; this is just before' },
        { at: resolved.later, why: 'the clocks jumped over the time you gave; this is just after' },
      ];
  }
}

function parseFrom(text: string, reference: number): readonly ParsedResult[] {
  return casual.parse(text, { instant: new Date(reference), timezone: 0 });
}

function timeOf({ hour, minute, second, millisecond }: Clock): Clock {
  return { hour, minute, second, millisecond };
}

function instantOf(found: ParsedComponents): number {
  const part = (component: Parameters<ParsedComponents['get']>[0]) => found.get(component) ?? 0;
  return Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
    part('millisecond'),
  );
}

function statedOffset(found: ParsedComponents): number | undefined {
  const minutes = found.isCertain('timezoneOffset') ? found.get('timezoneOffset') : null;
  return minutes === null ? undefined : minutes * 60_000;
}

function unreadWords(text: string, found: ParsedResult): string {
  const rest = `${text.slice(0, found.index)} ${text.slice(found.index + found.text.length)}`;
  const words = rest.replace(/\b(?:at|on|the|of|it was|my time|local time|time)\b/gi, ' ');
  return /[\p{L}\p{N}+<>-]/u.test(words) ? words.replace(/\s+/g, ' ').trim() : '';
}

function onlyPartly(found: ParsedResult, unread: string): string {
  if (unread === '') return `“${found.text}” is not one exact time. ${timeHint}`;
  return `I understood “${found.text}” but not “${unread}”. ${timeHint}`;
}

function unsureOfZone(text: string): string {
  return `I am not sure which offset the zone in “${text}” has on that day. Write UTC or an offset, like “10:00 UTC” or “10:00 +01:00”.`;
}

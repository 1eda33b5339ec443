import { saysMonthFirst } from './calendar';
import { type Moment, type Reading, readMoments } from './chrono-reading';
import { type Speaking, sayTime } from './say-time';
import { spellOut } from './spell-out';
import { timeHint } from './time-hint';
import { fixedZone, type Zone, zoneOf } from './zone';

/** One of several instants that the same words can mean, with the words that tell it from the others. */
export type TimeReading = { readonly at: Date; readonly words: string };

/**
 * What a person's words say about time: one instant; several, between which only they can choose; nothing; or
 * something that cannot be read, with `problem` saying what and what to write instead.
 */
export type When =
  | { readonly kind: 'instant'; readonly at: Date }
  | { readonly kind: 'ambiguous'; readonly readings: readonly TimeReading[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable'; readonly text: string; readonly problem: string };

const longest = 200;

/**
 * Reads English words for a time, such as "10:00 on 14 Feb" or "half an hour ago", as a person in that zone
 * means them. A clock time alone is today's, even when still to come; a date without a year is the most recent.
 * Never throws on any text, zone or locale.
 */
export function readTime(text: string, speaking: Speaking): When {
  const typed = text.replace(/\s+/g, ' ').trim();
  if (typed.length > longest) {
    return unreadable(`${typed.slice(0, 60)}…`, `That is too long for a time. ${timeHint}`);
  }
  const { now, zone } = speaking;
  if (Number.isNaN(now.getTime())) return unreadable(typed, 'I do not know what time it is now.');
  const here = zoneOf(zone);
  if (here !== undefined) return whenOf(typed, readAs(typed, speaking, here), speaking);
  // Without a known zone, only what is the same instant everywhere can be read.
  const west = readAs(typed, speaking, fixedZone(-12 * 3_600_000));
  const east = readAs(typed, speaking, fixedZone(14 * 3_600_000));
  return JSON.stringify(west) === JSON.stringify(east)
    ? whenOf(typed, west, speaking)
    : unreadable(
        typed,
        `I do not know the time zone “${zone}”. Write the time in UTC, like “2026-02-14T10:00:00Z”.`,
      );
}

function readAs(typed: string, { now, locale }: Speaking, zone: Zone): Reading {
  const spelledOut = spellOut(typed, { today: zone.wallAt(now), monthFirst: saysMonthFirst(locale) });
  if ('problem' in spelledOut) return { kind: 'problem', problem: spelledOut.problem };
  const readings = spelledOut.texts.map((text) => readMoments(text, now, zone));
  const unread = readings.find((reading) => reading.kind !== 'moments');
  if (unread !== undefined) return unread;
  const moments = readings.flatMap((reading) => (reading.kind === 'moments' ? reading.moments : []));
  return { kind: 'moments', moments: distinct(moments) };
}

function whenOf(typed: string, reading: Reading, speaking: Speaking): When {
  switch (reading.kind) {
    case 'none':
      return soundsLikeTime.test(typed)
        ? unreadable(typed, `I cannot read “${typed}” as a time. ${timeHint}`)
        : { kind: 'none' };
    case 'problem':
      return unreadable(typed, reading.problem);
    case 'moments': {
      const [first, ...others] = reading.moments;
      if (first === undefined || reading.moments.some(({ at }) => Number.isNaN(at.getTime()))) {
        return unreadable(typed, `I cannot read “${typed}” as a time. ${timeHint}`);
      }
      if (others.length === 0) return { kind: 'instant', at: first.at };
      return { kind: 'ambiguous', readings: reading.moments.map((moment) => inWords(moment, speaking)) };
    }
  }
}

const soundsLikeTime =
  /\d|\b(?:now|today|yesterday|tomorrow|tonight|noon|midday|midnight|morning|afternoon|evening|night|ago|hours?|minutes?|seconds?|days?|weeks?|months?|(?:mon|tues|wednes|thurs|fri|satur|sun)day|before|after)\b/i;

function inWords({ at, why }: Moment, speaking: Speaking): TimeReading {
  const { text } = sayTime(at, speaking);
  return { at, words: why === undefined ? text : `${text}, ${why}` };
}

function distinct(moments: readonly Moment[]): readonly Moment[] {
  return moments.filter(
    ({ at }, index) => moments.findIndex((other) => other.at.getTime() === at.getTime()) === index,
  );
}

function unreadable(text: string, problem: string): When {
  return { kind: 'unreadable', text, problem };
}

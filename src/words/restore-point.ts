import { addDays } from './calendar';
import { type Speaking, sayTime } from './say-time';
import type { TimeReading, When } from './when';
import { fixedZone, zoneOf } from './zone';

/** The restorable window of a database, both ends included, and who is asking. */
export type RestoreWindow = Omit<Speaking, 'locale'> & {
  readonly earliest: Date;
  readonly latest: Date;
  /** The database was deleted at `latest`: nothing later will ever come. */
  readonly ended?: boolean;
  readonly locale?: string;
};

/** The recovery point to restore to; or why there is none yet, and the nearest valid choices, at most four. */
export type RestorePoint =
  | { readonly ok: true; readonly at: Date }
  | { readonly ok: false; readonly problem: string; readonly choices: readonly TimeReading[] };

/**
 * Accepts one instant inside the restorable window. Everything else is refused with the reason and with choices
 * that all lie inside the window, so that pressing one of them is always a way on.
 */
export function checkRestorePoint(when: When, window: RestoreWindow): RestorePoint {
  const { now, earliest } = window;
  // Azure can report a latest point a little ahead of our clock; nobody can restore to what has not happened.
  // A deletion is behind us whatever our clock says.
  const latest = window.ended ? window.latest : new Date(Math.min(window.latest.getTime(), now.getTime()));
  if (!(earliest.getTime() <= latest.getTime())) {
    return { ok: false, problem: 'Azure offers no recovery point for this database right now.', choices: [] };
  }
  const speaking: Speaking = { now, zone: window.zone, locale: window.locale ?? 'en-GB' };
  const say = (at: Date) => sayTime(at, speaking).text;
  const isInside = (at: Date) => at >= earliest && at <= latest;
  const [first, last] = wholeSeconds(earliest, latest);
  const early = new Date(first.getTime() + LEEWAY_MS);
  const oldest = early <= last ? early : first;
  const refuse = (problem: string, candidates: readonly TimeReading[]): RestorePoint => ({
    ok: false,
    problem,
    choices: distinct(candidates.filter(({ at }) => isInside(at))).slice(0, 4),
  });
  const offer = (...instants: readonly Date[]): readonly TimeReading[] =>
    instants.map((at) => ({ at, words: say(at) }));

  switch (when.kind) {
    case 'none':
      return refuse('Say which time to restore to, like “10:00” or “20 minutes ago”.', offer(last));
    case 'unreadable':
      return refuse(when.problem, offer(last));
    case 'ambiguous': {
      const inside = when.readings.filter(({ at }) => isInside(at));
      if (inside.length > 0)
        return refuse('That can mean more than one time. Choose the one you mean.', inside);
      const nearest = when.readings.map(({ at }) => (at < earliest ? oldest : last));
      return refuse(
        'Nothing that this can mean is a time the database can be restored to.',
        offer(...nearest),
      );
    }
    case 'instant': {
      const { at } = when;
      if (isInside(at)) return { ok: true, at };
      if (at > now) {
        const [same = last] = sameClock(at, now, window.zone).filter(isInside);
        return refuse(`${say(at)} is still to come. Choose a time that has passed.`, offer(same, last));
      }
      if (at > latest) {
        return refuse(
          window.ended
            ? `The database was deleted before ${say(at)}. The latest Azure can restore it to is ${say(last)}.`
            : `Azure cannot restore to ${say(at)} yet. The latest it can is ${say(last)}.`,
          offer(last),
        );
      }
      if (at < earliest) {
        return refuse(
          `${say(at)} is too long ago. The earliest Azure can restore to is ${say(first)}, and that moves on while people decide.`,
          offer(oldest, ...sameClock(at, new Date(earliest.getTime() + aDay), window.zone)),
        );
      }
      return refuse('That is not a time I can use. Say it again, like “10:00”.', offer(last));
    }
  }
}

const aDay = 86_400_000;

/** The window's beginning moves on with the clock: a moment offered there must still be in it once it is approved. */
const LEEWAY_MS = 3_600_000;

/** The two or three most recent times up to `until` that show the same clock time as `at`, latest first. */
function sameClock(at: Date, until: Date, zone: string): readonly Date[] {
  const here = zoneOf(zone) ?? fixedZone(0);
  const wall = here.wallAt(at);
  const instants = [0, -1, -2].map((days) => {
    const resolved = here.resolve({ ...wall, ...addDays(here.wallAt(until), days) });
    return resolved.kind === 'one' ? resolved.at : resolved.later;
  });
  return instants.filter((instant) => instant <= until);
}

/** The window narrowed to whole seconds, which is what a person can read and type; as it is when too narrow. */
export function wholeSeconds(earliest: Date, latest: Date): readonly [Date, Date] {
  const first = new Date(Math.ceil(earliest.getTime() / 1000) * 1000);
  const last = new Date(Math.floor(latest.getTime() / 1000) * 1000);
  return first <= last ? [first, last] : [earliest, latest];
}

function distinct(choices: readonly TimeReading[]): readonly TimeReading[] {
  return choices.filter(
    ({ at }, index) => choices.findIndex((other) => other.at.getTime() === at.getTime()) === index,
  );
}

import { canonical, type Json } from '../incidents/json';
import { sayTime } from './say-time';

/** When something is said, and in which IANA zone the reader lives; without one only UTC is said. */
export interface Hearing {
  readonly now: Date;
  readonly zone?: string | undefined;
}

/** An instant in local time, UTC and distance from now; in UTC and distance where the reader's zone is unknown. */
export function sayAt(at: Date, { now, zone }: Hearing): string {
  const said = sayTime(at, { now, zone: zone ?? 'UTC', locale: 'en-GB' });
  return zone === undefined ? `${said.utc} · ${said.ago}` : said.text;
}

/** `2026-02-14T09:12:07Z`: also what `{{TIME()}}` in a card needs. */
export const sayUtc = (at: Date): string => at.toISOString().replace(/\.\d+Z$/, 'Z');

/** `09:12:07Z` */
export const sayClockUtc = (at: Date): string => sayUtc(at).slice(11);

/** How long something took, coarse enough for a person: `48 s`, `12 min`, `1 h 5 min`, `2 days`. */
export function sayDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (seconds < 600 && seconds % 60 !== 0) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return sayMinutes(minutes);
}

/** Minutes as a person says them; null is said to be unknown, never 0. */
export function sayMinutes(minutes: number | null): string {
  if (minutes === null) return 'unknown';
  if (minutes > 0 && minutes < 1) return 'under 1 min';
  const whole = Math.round(minutes);
  if (whole < 90) return `${whole} min`;
  const hours = Math.floor(whole / 60);
  if (hours >= 48) return `${Math.floor(hours / 24)} days`;
  return whole % 60 === 0 ? `${hours} h` : `${hours} h ${whole % 60} min`;
}

/** `1 approver`, `2 approvers`. */
export const sayCount = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** `a, b and c`, or with another last word. */
export const sayList = (words: readonly string[], last = 'and'): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;

/** A value of Azure's state for people. */
export function sayJson(value: Json): string {
  if (value === null || value === '') return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(sayJson).join(', ');
  return typeof value === 'object' ? canonical(value) : String(value);
}

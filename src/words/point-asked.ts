import { z } from 'zod/v4';
import type { Choice, FormData } from '../engine/runbook';
import type { JsonObject } from '../incidents/json';
import { checkRestorePoint } from './restore-point';
import type { Speaking } from './say-time';
import { readTime, type When } from './when';

/** The moment a form asks for, checked; or why it cannot be, with what can; null when it asks for none. */
export type PointAsked =
  | { readonly at: Date }
  | { readonly problem: string; readonly choices: readonly Choice[] }
  | null;

/** Whether a form's values are about a moment to go back to. */
export const asksForPoint = (known: JsonObject): boolean =>
  typeof known['at'] === 'string' || typeof known['time'] === 'string';

/**
 * What a form's values mean as a time. An instant that was chosen from offered ones (`at`) is that instant; words that
 * a form has shown as read (`read`) and that are still the same mean what was shown, however long the form was open;
 * any other words (`time`) are read now, to the second.
 */
export function timeMeant(speaking: Speaking, { at, time, read }: JsonObject): When {
  if (typeof at === 'string') return { kind: 'instant', at: new Date(at) };
  const shown = shownReading.safeParse(read).data;
  if (shown && shown.text === time) return { kind: 'instant', at: new Date(shown.at) };
  return readTime(typeof time === 'string' ? time : '', speaking);
}

const shownReading = z.object({ text: z.string(), at: z.string() });

/** How a form's words were read when it was shown, to be kept with its buttons; empty for words that are no instant. */
export const readingShown = (when: When, text: string): JsonObject =>
  when.kind === 'instant' ? { read: { text, at: when.at.toISOString() } } : {};

/** Holds the moment that somebody asked for against what Azure can restore to. */
export function pointAsked(speaking: Speaking, known: JsonObject, data: FormData): PointAsked {
  if (!asksForPoint(known)) return null;
  const when = timeMeant(speaking, known);
  const [earliest, latest] = [data['earliest'], data['latest']].map(dateOf);
  if (!earliest || !latest)
    return { problem: 'Azure offers no recovery point for this database right now.', choices: [] };
  const ended = data['ended'] === true;
  const checked = checkRestorePoint(when, { ...speaking, earliest, latest, ended });
  if (checked.ok) return { at: checked.at };
  const choices = checked.choices.map(({ at, words }) => ({ words, parameters: { at: at.toISOString() } }));
  return { problem: checked.problem, choices };
}

/** A date out of what a form holds; null when there is none. */
export const dateOf = (value: unknown): Date | null =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? new Date(value) : null;

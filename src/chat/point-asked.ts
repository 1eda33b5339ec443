import type { Choice, FormData } from '../engine/runbook';
import type { JsonObject } from '../incidents/json';
import { type Asker, speakingOf } from './asker';
import { checkRestorePoint } from './words/restore-point';
import { readTime } from './words/when';

/** The moment a form asks for, checked; or why it cannot be, with what can; null when it asks for none. */
export type PointAsked =
  | { readonly at: Date }
  | { readonly problem: string; readonly choices: readonly Choice[] }
  | null;

/** Whether a form's values are about a moment to go back to. */
export const asksForPoint = (known: JsonObject): boolean =>
  typeof known['at'] === 'string' || typeof known['time'] === 'string';

/**
 * Holds the moment that somebody asked for against what Azure can restore to. `at` is an instant that they chose from
 * offered ones; `time` is what they typed, read as they mean it.
 */
export function pointAsked(asker: Asker, now: Date, known: JsonObject, data: FormData): PointAsked {
  const { at: chosen, time } = known;
  if (!asksForPoint(known)) return null;
  const speaking = speakingOf(asker, now);
  const when =
    typeof chosen === 'string'
      ? ({ kind: 'instant', at: new Date(chosen) } as const)
      : readTime(String(time), speaking);
  const [earliest, latest] = [data['earliest'], data['latest']].map(dateOf);
  if (!earliest || !latest)
    return { problem: 'Azure offers no recovery point for this database right now.', choices: [] };
  const checked = checkRestorePoint(when, { ...speaking, earliest, latest });
  if (checked.ok) return { at: checked.at };
  const choices = checked.choices.map(({ at, words }) => ({ words, parameters: { at: at.toISOString() } }));
  return { problem: checked.problem, choices };
}

/** A date out of what a form holds; null when there is none. */
export const dateOf = (value: unknown): Date | null =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? new Date(value) : null;

import { withoutSecrets } from '../without-secrets';
import type { Actor, Draft, Event, EventType } from './event';

/**
 * A draft as the store will give it back: through JSON once, so that what is sealed is what will be read. Characters
 * that PostgreSQL keeps nowhere (NUL, half a surrogate pair) become U+FFFD: what people type must not fail here. Secrets
 * that somebody's words carry are not kept.
 */
export function storable(draft: Draft): Draft {
  const { actor, event } = draft;
  // A plan and what is taken from it are signed to the letter, and made of names alone.
  const kept = signed.has(event.type) ? clean : (text: string) => withoutSecrets(clean(text));
  const read: { readonly actor: Actor; readonly event: Event } = JSON.parse(
    JSON.stringify({ actor, event }),
    (_key, value: unknown) => (typeof value === 'string' ? kept(value) : value),
  );
  return { ...draft, ...read, id: clean(draft.id) };
}

const signed: ReadonlySet<EventType> = new Set(['plan.compiled', 'step.intended', 'undo.begun']);

const clean = (text: string): string => text.replaceAll('\0', '\uFFFD').replace(/\p{Surrogate}/gu, '\uFFFD');

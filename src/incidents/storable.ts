import type { Actor, Draft, Event } from './event';

/**
 * A draft as the store will give it back: through JSON once, so that what is sealed is what will be read. Characters
 * that PostgreSQL keeps nowhere (NUL, half a surrogate pair) become U+FFFD: what people type must not fail here.
 */
export function storable(draft: Draft): Draft {
  const { actor, event } = draft;
  const read: { readonly actor: Actor; readonly event: Event } = JSON.parse(
    JSON.stringify({ actor, event }),
    (_key, value: unknown) => (typeof value === 'string' ? clean(value) : value),
  );
  return { ...draft, ...read, id: clean(draft.id) };
}

const clean = (text: string): string => text.replaceAll('\0', '\uFFFD').replace(/\p{Surrogate}/gu, '\uFFFD');

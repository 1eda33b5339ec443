import type { Json, JsonObject } from '../incidents/json';

/** How much of everything is shown: characters of one text, rows of one list. */
export interface Limits {
  readonly text: number;
  readonly rows: number;
}

const spaces = /\s+/g;

/** One line of at most `limit` characters; what does not fit is marked by "…". */
export function cut(text: string, limit: number): string {
  const line = text.replace(spaces, ' ').trim();
  if (line.length <= limit) return line;
  const characters = [...line];
  return characters.length <= limit ? line : `${characters.slice(0, Math.max(1, limit - 1)).join('')}…`;
}

const active = /[&<>`*_~[\]\\|]/g;

/**
 * A person's words for a place where Teams reads Markdown or HTML (messages, `fallbackText`): every character
 * that could start formatting, a link, a mention or a tag becomes a character reference, which both show as
 * the character itself and never read as structure.
 */
export function plain(text: string, limit = 600): string {
  return cut(text, limit)
    .replace(active, reference)
    .replace(/^[#+-]/, reference)
    .replace(/^(\d+)([.)])/, (_opening, digits: string, mark: string) => digits + reference(mark));
}

const reference = (character: string) => `&#${character.codePointAt(0)};`;

/** A list cut to `limit` rows, and in words what was left out. */
export function firstOf<T>(
  rows: readonly T[],
  limit: number,
): { readonly shown: readonly T[]; readonly more: string } {
  if (rows.length <= limit) return { shown: rows, more: '' };
  return { shown: rows.slice(0, limit), more: `… and ${rows.length - limit} more: @dr timeline` };
}

/** A value of a runbook with every text and list cut; names what was cut in lists: `databases: 40 of 200`. */
export function capped(
  data: JsonObject,
  limits: { readonly text: number; readonly rows: number },
): { readonly data: JsonObject; readonly dropped: readonly string[] } {
  const dropped: string[] = [];
  const cap = (value: Json, name: string): Json => {
    if (typeof value === 'string') return cut(value, limits.text);
    if (Array.isArray(value)) {
      if (value.length > limits.rows) dropped.push(`${name}: ${limits.rows} of ${value.length}`);
      return value.slice(0, limits.rows).map((member: Json) => cap(member, name));
    }
    if (isObject(value))
      return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, cap(member, key)]));
    return value;
  };
  return {
    data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, cap(value, key)])),
    dropped,
  };
}

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

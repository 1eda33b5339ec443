import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'adaptivecards-templating';
import type { Json, JsonObject } from '../../incidents/json';
import type { Limits } from '../../words/plain';

/** An Adaptive Card, ready to be sent. */
export type Card = JsonObject;

/** What a card's template is filled with. */
export type CardData = JsonObject;

/** UTF-8 bytes that no card may exceed; Teams documents more, but fails and stops refreshing well before it. */
export const cardBudget = 28_000;

/** Bytes left for the activity around the card. */
const envelope = 2_000;

// The same distance from src/chat/cards and from dist/chat/cards.
const folder = join(__dirname, '..', '..', '..', 'cards');
const templates = new Map<string, CardTemplate>();

/**
 * Fills `cards/<name>.json` with data. What people wrote stays literal, `${…}` included; control and
 * direction-changing characters, which can make a name look like another one, are left out.
 * @throws when a member is undefined or the template names something that the data lacks: a bug, not an event.
 */
export function renderCard(name: string, data: CardData): Card {
  const expanded: unknown = templateOf(name).template.expand({ $root: veiled(data, name) });
  const card = unveiled(expanded, name);
  if (!isObject(card)) throw new Error(`cards/${name}.json is not an object.`);
  return card;
}

const levels: readonly Limits[] = [
  { text: 600, rows: 60 },
  { text: 400, rows: 40 },
  { text: 240, rows: 30 },
  { text: 140, rows: 20 },
  { text: 90, rows: 12 },
  { text: 60, rows: 7 },
  { text: 40, rows: 4 },
  { text: 24, rows: 2 },
];

/** The most generous drawing of a card that still fits into {@link cardBudget}. @throws when none does. */
export function fitting(draw: (limits: Limits) => Card): Card {
  for (const limits of levels) {
    const card = draw(limits);
    if (sizeOf(card) <= cardBudget - envelope) return card;
  }
  throw new Error('The card does not fit into a Teams message even with everything cut short.');
}

/** The size of a card in UTF-8 bytes. */
export const sizeOf = (card: Card): number => Buffer.byteLength(JSON.stringify(card));

/** The ids of the inputs that people fill in on `cards/<name>.json`. */
export const inputsOf = (name: string): ReadonlySet<string> => templateOf(name).inputs;

interface CardTemplate {
  readonly template: Template;
  readonly inputs: ReadonlySet<string>;
}

function templateOf(name: string): CardTemplate {
  const known = templates.get(name);
  if (known) return known;
  if (!/^[a-z][a-z0-9-]*$/.test(name)) throw new Error(`"${name}" is not the name of a card.`);
  const inputs = new Set<string>();
  const layout: unknown = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'), (_key, value) => {
    if (isObject(value) && /^Input\./.test(String(value['type']))) inputs.add(String(value['id']));
    return value;
  });
  const made = { template: new Template(layout), inputs };
  templates.set(name, made);
  return made;
}

// A private-use character stands in for "${" while the template is filled, so that a binding that was left
// unfilled can be told from a person's own words.
const veil = '\uE000';
// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these are to be left out.
const unwanted = /[\u0000-\u0008\u000B-\u001F\u007F\u200E\u200F\u202A-\u202E\u2066-\u2069\uE000\uFEFF]/g;

/** Halves of a character outside the basic plane, which are not valid in JSON sent as UTF-8. */
const halves = /\p{Surrogate}/gu;

function veiled(value: unknown, path: string): Json {
  if (value === undefined) throw new Error(`Card data: ${path} is undefined.`);
  if (typeof value === 'string')
    return value
      .replace(unwanted, '')
      .replace(halves, '\uFFFD')
      .replaceAll('$' + '{', veil);
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map((member, index) => veiled(member, `${path}[${index}]`));
  if (isObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, veiled(member, `${path}.${key}`)]),
    );
  throw new Error(`Card data: ${path} is a ${typeof value}.`);
}

/**
 * Leaves out what Teams refuses in places: the nulls that a false `$when` on a member leaves behind, and text runs
 * without a text.
 */
function unveiled(value: unknown, name: string): Json {
  if (typeof value === 'string') {
    if (value.includes('$' + '{')) throw new Error(`cards/${name}.json: nothing fills ${value}.`);
    return value.replaceAll(veil, '$' + '{');
  }
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value))
    return value
      .filter((member) => member !== null && !isEmptyRun(member))
      .map((member) => unveiled(member, name));
  if (isObject(value))
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, member]) => member !== null && member !== undefined)
        .map(([key, member]) => [key, unveiled(member, name)]),
    );
  throw new Error(`cards/${name}.json: a ${typeof value} is left in the card.`);
}

const isEmptyRun = (value: unknown): boolean =>
  isObject(value) && value['type'] === 'TextRun' && value['text'] === '';

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

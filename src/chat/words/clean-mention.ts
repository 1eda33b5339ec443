/** The part of a Teams message activity that holds its words; `entities` are as they came over the wire. */
export type TypedMessage = {
  readonly text?: string | undefined;
  readonly entities?: readonly unknown[] | undefined;
};

/** The bot as messages mention it: its id in mention entities, and the names people type after an @. */
export type Addressee = { readonly id: string; readonly names: readonly string[] };

/** The words meant for the bot, in plain text, and whether they mention it; or that there are too many of them to be a command. */
export type Cleaned =
  | { readonly kind: 'words'; readonly words: string; readonly mentioned: boolean }
  | { readonly kind: 'too-long'; readonly length: number; readonly limit: number };

/** How many characters of plain words a message may have. */
export const longestMessage = 2_000;

// Tags and entities take room too, but past this it is no command and not worth reading.
const longestMarkup = 10 * longestMessage;
const mostMentions = 200;
const longestName = 200;
const mostPartsOfName = 6;

/**
 * The words of a Teams message without the mention of the bot, wherever it stands and however Teams split it.
 * Mentions of other people become their names; HTML, non-breaking and invisible characters become plain text.
 */
export function cleanMention({ text = '', entities = [] }: TypedMessage, bot: Addressee): Cleaned {
  if (text.length > longestMarkup) return { kind: 'too-long', length: text.length, limit: longestMessage };
  const marked = markMentions(
    text.replaceAll(ours, ''),
    entities.slice(0, mostMentions).flatMap(mentionIn),
    bot,
  );
  const plain = plainText(marked);
  const typed = markTypedNames(plain, bot.names);
  const words = collapse(typed.replace(oursAndPause, ' '));
  if (words.length > longestMessage) return { kind: 'too-long', length: words.length, limit: longestMessage };
  return { kind: 'words', words, mentioned: typed.includes(ours) };
}

// Stands for a mention of the bot until the text is plain; a private-use character that no keyboard types.
const ours = '\uE000';
const oursAndPause = /\uE000\s*[,:;]?/g;

type Mention = { readonly id: string; readonly name: string };

function mentionIn(entity: unknown): readonly Mention[] {
  if (!isRecord(entity) || entity['type'] !== 'mention' || !isRecord(entity['mentioned'])) return [];
  const { text } = entity;
  const { id } = entity['mentioned'];
  return typeof id === 'string' && typeof text === 'string' && text.length <= longestName
    ? [{ id, name: squeeze(text) }]
    : [];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

// Mentions side by side, since Teams splits a name of two words into two tags when a person edits it.
const mentions = /<at\b[^<>]*>[^<]*<\/at>(?:(?:\s|&nbsp;|&#160;)*<at\b[^<>]*>[^<]*<\/at>)*/gi;
const mention = /<at\b[^<>]*>([^<]*)<\/at>/gi;

function markMentions(text: string, known: readonly Mention[], bot: Addressee): string {
  const names = bot.names.map(squeeze);
  const isOurs = (shown: readonly string[]): boolean => {
    const name = squeeze(shown.join(''));
    const ids = known.filter((each) => each.name === name).map(({ id }) => id);
    return ids.length === 0 ? names.includes(name) : ids.includes(bot.id);
  };
  return text.replace(mentions, (run) => {
    const shown = [...run.matchAll(mention)].map(([, name = '']) => name);
    const said: string[] = [];
    for (let start = 0; start < shown.length; ) {
      const parts = shown.slice(start, start + mostPartsOfName);
      const last = parts.findLastIndex((_, index) => isOurs(parts.slice(0, index + 1)));
      said.push(last === -1 ? (parts[0] ?? '') : ours);
      start += Math.max(last, 0) + 1;
    }
    return ` ${said.join(' ')} `;
  });
}

function markTypedNames(plain: string, names: readonly string[]): string {
  return names.reduce((words, name) => {
    const spaced = name.trim().split(/\s+/).map(escapeForPattern).join('\\s*');
    return words.replace(
      new RegExp(`(^|[\\s(])@\\s?${spaced}(?=$|\\s|[,:;!?)]|\\.(?:\\s|$))`, 'giu'),
      `$1${ours}`,
    );
  }, plain);
}

const escapeForPattern = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** A name as it compares: without tags, spaces and letter case. */
function squeeze(name: string): string {
  return plainText(name).replace(/[\s@]/g, '').toLowerCase();
}

// Only tags that Teams itself writes, written as it writes them; "a<b and c>d" is what a person typed.
const attributes = /(?:\s+[\w:-]+=(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+))*\s*\/?/.source;
const tag = (names: string): RegExp => new RegExp(`</?(?:${names})${attributes}>`, 'gi');
const blockTag = tag('p|div|br|ul|ol|li|pre|blockquote|h[1-6]|hr|table|tbody|thead|tr|td|th');
const inlineTag = tag('at|span|b|strong|i|em|u|s|a|code|font|img|emoji|attachment|sub|sup');

function plainText(text: string): string {
  return collapse(decodeCharacters(text.replace(blockTag, ' ').replace(inlineTag, '')));
}

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

// In one pass, so that a typed "&amp;lt;" stays the "&lt;" that it shows.
function decodeCharacters(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,5}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return named[String(name).toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

// Spaces of every kind become one; control characters, lone surrogates, zero-width and direction marks go,
// because they hide what a command says and PostgreSQL refuses some of them.
function collapse(text: string): string {
  return text
    .replace(/[\s\u200b]+/gu, ' ')
    .replace(/[\p{Cc}\p{Cs}\u00ad\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu, '')
    .replace(/ +/g, ' ')
    .trim();
}

import { withoutSecrets } from '../without-secrets';
import { addressee } from './for-bot';
import type { Incoming } from './incoming';
import { cleanMention } from './words/clean-mention';

/** Under these stand ids, addresses and the tokens of buttons: they come back to the letter, or nothing is found by them. */
const toTheLetter = /^(?:id|token|serviceUrl|.*Id)$/;

/** A value without the secrets in its texts, however deep they stand. */
export function withoutSecretsIn<Value>(value: Value): Value {
  const read: unknown = value;
  if (typeof read === 'string') return withoutSecrets(read) as Value;
  if (Array.isArray(read)) return read.map(withoutSecretsIn) as Value;
  if (typeof read !== 'object' || read === null) return value;
  return Object.fromEntries(
    Object.entries(read).map(([key, member]) => [
      key,
      typeof member === 'string' && toTheLetter.test(key) ? member : withoutSecretsIn(member),
    ]),
  ) as Value;
}

/**
 * An activity as it may be kept: without secrets, which its words show only once they are plain text, and without the
 * copy of them that Teams attaches as HTML.
 */
export function keepable(activity: Incoming): Incoming {
  const { attachments: _same, text, ...rest } = activity;
  return { ...withoutSecretsIn(rest), ...(text ? { text: plainWords(activity, text) } : {}) };
}

function plainWords(activity: Incoming, text: string): string {
  const cleaned = cleanMention({ text, entities: activity.entities ?? [] }, addressee(activity));
  // Too long to be a command: only its length is told.
  if (cleaned.kind === 'too-long') return withoutSecrets(text);
  return withoutSecrets(cleaned.words).replace(/[&<>]/g, (sign) => references[sign] ?? sign);
}

/** Teams' words are HTML, and read as such. */
const references: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

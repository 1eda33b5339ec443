import type { JsonObject } from '../incidents/json';
import { withoutThread } from './incoming';
import type { Content } from './outbox';
import type { References } from './references';

/**
 * Asks whether a message of the bot is in a conversation: its id there, false when it certainly is not, `unknown`
 * when nobody can tell, `later` when nobody can tell at present. Asked when the outcome of a send is not known, so that
 * nothing is said twice or left out.
 */
export type Arrived = (
  /** The thread or chat; for the root of a new thread, its channel. */
  conversation: string,
  message: { readonly id: string; readonly content: Content },
  /** When its sending was begun, by the bot's clock. */
  begunAt: Date,
) => Promise<string | false | 'unknown' | 'later'>;

/** A message as it is read back from Teams (Microsoft Graph, `chatMessage`). */
export interface ReadBack {
  readonly id: string;
  /** Its text as plain text or HTML. */
  readonly text: string;
  readonly cards: readonly unknown[];
}

/** Where messages can be read back from, in Microsoft Graph's words. */
export type Place =
  | { readonly team: string; readonly channel: string; readonly root: string }
  | { readonly chat: string };

/** How far the bot's clock and that of Teams may be apart. */
const CLOCKS_APART_MS = 300_000;

/** Asks by reading what was said in the conversation since then; what cannot be read is `unknown`, or `later`. */
export function createArrived(
  references: Pick<References, 'of'>,
  /** Everything that was said since; more does no harm. */
  read: (place: Place, since: Date) => Promise<readonly ReadBack[]>,
  /** Whether what kept it from being read goes away by itself: Graph overloaded, in trouble or out of reach. */
  isPassing: (error: unknown) => boolean,
): Arrived {
  return async (conversation, message, begunAt) => {
    const reference = await references.of(conversation);
    const root = conversation.split(';messageid=')[1];
    const place = placeOf(withoutThread(conversation), root, reference?.teamGroup ?? null);
    if (!place) return 'unknown';
    try {
      const since = new Date(begunAt.getTime() - CLOCKS_APART_MS);
      return findArrived(await read(place, since), message) ?? false;
    } catch (error) {
      // Not being allowed to read, or not reaching Graph, says nothing about whether the message is there.
      return isPassing(error) ? 'later' : 'unknown';
    }
  };
}

function placeOf(top: string, root: string | undefined, team: string | null): Place | null {
  if (root !== undefined) return team === null ? null : { team, channel: top, root };
  return team === null ? { chat: top } : null;
}

/** The card with the message's own id in an invisible block, which is what it is recognised by when read back. */
export function marked(card: JsonObject, id: string): JsonObject {
  const { body } = card;
  const mark = { type: 'TextBlock', id: markOf(id), text: ' ', isVisible: false };
  return { ...card, body: [...(Array.isArray(body) ? body : []), mark] };
}

const markOf = (id: string): string => `dr:${id}`;

/** The id in Teams of one of the bot's messages among those read back; null when it is not among them. */
export function findArrived(
  messages: readonly ReadBack[],
  { id, content }: { readonly id: string; readonly content: Content },
): string | null {
  const found = messages.find((message) =>
    'text' in content
      ? plainText(message.text) === plainText(content.text)
      : message.cards.some((card) => carries(card, markOf(id))),
  );
  return found?.id ?? null;
}

/** Whether a block with that id is anywhere in a card. */
function carries(value: unknown, mark: string): boolean {
  if (Array.isArray(value)) return value.some((one) => carries(one, mark));
  if (value === null || typeof value !== 'object') return false;
  return Object.entries(value).some(
    ([key, member]) => (key === 'id' && member === mark) || carries(member, mark),
  );
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', nbsp: ' ' };

/** The letters and digits of a text: what Teams adds (tags) or changes (escapes, references, white space) left out. */
const plainText = (text: string): string =>
  text
    .replace(/&#(\d{1,6});/g, (_whole, code: string) =>
      String.fromCodePoint(Math.min(Number(code), 0x10ffff)),
    )
    .replace(/&(\w+);/g, (whole, name: string) => named[name] ?? whole)
    // After the references: an escaped bracket of a person's own may come back as the bracket itself.
    .replace(/<[^>]*>/g, ' ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

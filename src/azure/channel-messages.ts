import { DefaultAzureCredential, type TokenCredential } from '@azure/identity';
import { z } from 'zod/v4';
import { callWithin } from './call';
import { reading } from './connection';
import { observedProblem } from './problem';
import { rawGet } from './raw';

/** A message as Microsoft Graph shows it (chatMessage). */
export interface ChannelMessage {
  readonly id: string;
  readonly createdAt: Date;
  /** The text without its HTML. */
  readonly text: string;
  /** The Adaptive Cards that it carries. */
  readonly cards: readonly unknown[];
}

/** Where messages are: the thread under a channel's message, or a chat. */
export type MessagePlace =
  | { readonly team: string; readonly channel: string; readonly root: string }
  | { readonly chat: string };

const adaptiveCard = 'application/vnd.microsoft.card.adaptive';

const moment = z.iso.datetime({ offset: true }).transform((value) => new Date(value));

const page = z.object({
  value: z.array(
    z.object({
      id: z.string(),
      createdDateTime: moment,
      lastModifiedDateTime: moment.nullish(),
      deletedDateTime: z.string().nullish(),
      body: z.object({ content: z.string().nullish() }).nullish(),
      attachments: z.array(z.object({ contentType: z.string().nullish(), content: z.unknown() })).nullish(),
    }),
  ),
  '@odata.nextLink': z.url().nullish(),
});

/** Graph gives at most so many a page. */
const A_PAGE = 50;
/** What is said in one thread or chat while a bot is away comes nowhere near it. */
const MOST_PAGES = 100;

/**
 * Reads what has been said in a Teams conversation since a moment, newest first, and as far back beyond it as its page goes: `GET /teams/{team}/channels/{channel}/messages/{root}/replies`
 * and `GET /chats/{chat}/messages` of Microsoft Graph. Deleted messages are left out. Needs the application right
 * `ChannelMessage.Read.All` (or the app's own consent in that team) and `Chat.Read.All`.
 * @throws AzureProblem when Graph refuses or cannot be reached, or when too much was said since then to be read.
 */
export function channelMessages(options: {
  readonly credential?: TokenCredential;
  /** How long the reading of one page may take, in milliseconds; 30 s unless told. */
  readonly deadlineMs?: number;
}): (place: MessagePlace, since: Date) => Promise<readonly ChannelMessage[]> {
  const credential = options.credential ?? new DefaultAzureCredential();
  const call = callWithin(options.deadlineMs ?? 30_000);
  const get = rawGet(credential, 'https://graph.microsoft.com/.default');
  return async (place, since) => {
    const where =
      'chat' in place ? `chat ${place.chat}` : `the thread ${place.root} of channel ${place.channel}`;
    const found: ChannelMessage[] = [];
    let next: string | null | undefined = addressOf(place);
    for (let pages = 0; next; pages += 1) {
      if (pages === MOST_PAGES)
        throw observedProblem('TooManyMessages', `More was said in ${where} than can be read back.`);
      const url: string = next;
      const { value, '@odata.nextLink': more } = await call(reading(where), async (abortSignal) =>
        page.parse(await get(url, abortSignal)),
      );
      found.push(...value.filter((message) => !message.deletedDateTime).map(messageFrom));
      next = value.some((message) => lastTouched(message) < since) ? null : more;
    }
    return found.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  };
}

/** Graph sorts some lists by creation and some by the last change; what follows this message is older than it by either. */
const lastTouched = ({ createdDateTime, lastModifiedDateTime }: Listed): Date =>
  lastModifiedDateTime && lastModifiedDateTime > createdDateTime ? lastModifiedDateTime : createdDateTime;

function addressOf(place: MessagePlace): string {
  const id = encodeURIComponent;
  const path =
    'chat' in place
      ? `chats/${id(place.chat)}/messages`
      : `teams/${id(place.team)}/channels/${id(place.channel)}/messages/${id(place.root)}/replies`;
  return `https://graph.microsoft.com/v1.0/${path}?$top=${A_PAGE}`;
}

type Listed = z.infer<typeof page>['value'][number];

function messageFrom(message: Listed): ChannelMessage {
  return {
    id: message.id,
    createdAt: message.createdDateTime,
    text: textOf(message.body?.content ?? ''),
    cards: (message.attachments ?? [])
      .filter((attachment) => attachment.contentType === adaptiveCard)
      .map((attachment) => cardIn(attachment.content)),
  };
}

/** Graph hands a card over as text. */
function cardIn(content: unknown): unknown {
  if (typeof content !== 'string') return content;
  try {
    return JSON.parse(content);
  } catch {
    // A card that is no JSON is still evidence that a message arrived.
    return content;
  }
}

const entities: { readonly [name: string]: string } = {
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  nbsp: ' ',
  amp: '&',
};

const textOf = (html: string): string =>
  html
    .replace(/<(br|\/p|\/div)[^>]*>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(#39|[a-z]+);/g, (whole, name: string) => entities[name] ?? whole)
    .trim();

import { DefaultAzureCredential, type TokenCredential } from '@azure/identity';
import { z } from 'zod/v4';
import { callWithin } from './call';
import { reading } from './connection';
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

const page = z.object({
  value: z.array(
    z.object({
      id: z.string(),
      createdDateTime: z.iso.datetime({ offset: true }).transform((value) => new Date(value)),
      deletedDateTime: z.string().nullish(),
      body: z.object({ content: z.string().nullish() }).nullish(),
      attachments: z.array(z.object({ contentType: z.string().nullish(), content: z.unknown() })).nullish(),
    }),
  ),
  '@odata.nextLink': z.url().nullish(),
});

/**
 * Reads what stands in a Teams conversation, newest first: `GET /teams/{team}/channels/{channel}/messages/{root}/replies`
 * and `GET /chats/{chat}/messages` of Microsoft Graph. Deleted messages are left out. Needs the application right
 * `ChannelMessage.Read.All` (or the app's own consent in that team) and `Chat.Read.All`.
 * @throws AzureProblem when Graph refuses or cannot be reached.
 */
export function channelMessages(options: {
  readonly credential?: TokenCredential;
  /** How long the reading of one page may take, in milliseconds; 30 s unless told. */
  readonly deadlineMs?: number;
}): (place: MessagePlace, limit: number) => Promise<readonly ChannelMessage[]> {
  const credential = options.credential ?? new DefaultAzureCredential();
  const call = callWithin(options.deadlineMs ?? 30_000);
  const get = rawGet(credential, 'https://graph.microsoft.com/.default');
  return async (place, limit) => {
    const words = reading(
      'chat' in place ? `chat ${place.chat}` : `the thread ${place.root} of channel ${place.channel}`,
    );
    const found: ChannelMessage[] = [];
    let next: string | null | undefined = addressOf(place, limit);
    while (next && found.length < limit) {
      const url: string = next;
      const body = await call(words, async (abortSignal) => page.parse(await get(url, abortSignal)));
      found.push(...body.value.filter((message) => !message.deletedDateTime).map(messageFrom));
      next = body['@odata.nextLink'];
    }
    return found.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime()).slice(0, limit);
  };
}

function addressOf(place: MessagePlace, limit: number): string {
  const id = encodeURIComponent;
  const path =
    'chat' in place
      ? `chats/${id(place.chat)}/messages`
      : `teams/${id(place.team)}/channels/${id(place.channel)}/messages/${id(place.root)}/replies`;
  // Graph gives at most 50 a page.
  return `https://graph.microsoft.com/v1.0/${path}?$top=${Math.min(limit, 50)}`;
}

function messageFrom(message: z.infer<typeof page>['value'][number]): ChannelMessage {
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

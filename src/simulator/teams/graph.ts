import { failure, type HttpAnswer } from './connector';
import type { Message, Store } from './store';
import { ownerOfChat, partsOf, personWithId, type Tenant, threadId } from './tenant';

/** A request as `node:http` gives it, with the body read. */
export type GraphRequest = {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body?: unknown;
};

type Page = { readonly messages: readonly Message[]; readonly root?: string };

/**
 * Microsoft Graph's view of the tenant's messages: list the replies to a channel message, get a channel message, list a chat's
 * messages (Graph v1.0, chatMessage). Newest first; pages of `$top` (20, at most 50); deleted messages stay, without content.
 */
export function answerGraph(tenant: Tenant, store: Store, request: GraphRequest): HttpAnswer {
  const authorization = request.headers['authorization'];
  if (typeof authorization !== 'string' || !authorization.startsWith('Bearer ')) {
    return failure(401, 'InvalidAuthenticationToken', 'Access token is empty.');
  }
  const url = new URL(request.url ?? '/', 'https://graph.microsoft.com');
  if (request.method !== 'GET') return failure(405, 'Request_BadRequest', 'Only GET is supported here.');
  const path = url.pathname.split('/').slice(1).map(decodeURIComponent);
  if (path[0] !== 'v1.0') return failure(400, 'BadRequest', `Invalid version: ${path[0]}`);

  const [, kind, id = '', , channel = '', , root = '', replies] = path;
  if (kind === 'chats' && path[3] === 'messages' && path.length === 4) {
    if (ownerOfChat(tenant, id) === undefined) return missing(id);
    return page(tenant, url, { messages: everIn(store, id) });
  }
  const isTeam = kind === 'teams' && (id === tenant.team.id || id === tenant.team.aadGroupId);
  if (!isTeam || path[3] !== 'channels' || path[5] !== 'messages') return missing(url.pathname);
  const first = store.get(root);
  if (first === undefined || partsOf(first.conversation).top !== channel) return missing(root);
  if (replies === undefined) return { status: 200, body: chatMessage(tenant, first, undefined) };
  if (replies !== 'replies' || path.length !== 8) return missing(url.pathname);
  const thread = everIn(store, threadId(channel, root));
  return page(tenant, url, { messages: thread.filter((message) => message.id !== root), root });
}

function everIn(store: Store, conversation: string): readonly Message[] {
  return store.all().filter((message) => message.conversation === conversation);
}

function page(tenant: Tenant, url: URL, { messages, root }: Page): HttpAnswer {
  const top = Number(url.searchParams.get('$top') ?? 20);
  if (!Number.isInteger(top) || top < 1 || top > 50) {
    return failure(400, 'BadRequest', 'Invalid value for $top: it must be from 1 to 50.');
  }
  const skip = Number(url.searchParams.get('$skiptoken') ?? 0) || 0;
  const newestFirst = [...messages].reverse();
  const value = newestFirst.slice(skip, skip + top).map((message) => chatMessage(tenant, message, root));
  const next = new URL(url);
  next.searchParams.set('$skiptoken', String(skip + top));
  return {
    status: 200,
    body: {
      '@odata.context': `https://graph.microsoft.com/v1.0/$metadata#${url.pathname.slice(6)}`,
      '@odata.count': value.length,
      ...(skip + top < newestFirst.length ? { '@odata.nextLink': next.toString() } : {}),
      value,
    },
  };
}

function chatMessage(tenant: Tenant, message: Message, root: string | undefined) {
  const gone = message.deletedAt !== undefined;
  const attachments = gone ? [] : (message.activity.attachments ?? []).map(attachment);
  const marks = attachments.map(({ id }) => `<attachment id="${id}"></attachment>`).join('');
  const { top, root: thread } = partsOf(message.conversation);
  return {
    id: message.id,
    replyToId: root ?? null,
    etag: String(new Date(message.deletedAt ?? message.updatedAt ?? message.createdAt).getTime()),
    messageType: 'message',
    createdDateTime: message.createdAt,
    lastModifiedDateTime: message.deletedAt ?? message.updatedAt ?? message.createdAt,
    lastEditedDateTime: message.updatedAt ?? null,
    deletedDateTime: message.deletedAt ?? null,
    subject: null,
    summary: null,
    chatId: thread === undefined ? top : null,
    importance: 'normal',
    locale: 'en-us',
    webUrl: null,
    from: sender(tenant, message),
    body: { contentType: 'html', content: gone ? '' : `${message.text}${marks}` },
    channelIdentity: thread === undefined ? null : { teamId: tenant.team.aadGroupId, channelId: top },
    attachments,
    mentions: [],
    reactions: [],
  };
}

function attachment(
  { contentType, content, name }: { contentType: string; content?: unknown; name?: string },
  at: number,
) {
  return {
    id: `attachment-${at}`,
    contentType,
    contentUrl: null,
    content: content === undefined ? null : typeof content === 'string' ? content : JSON.stringify(content),
    name: name ?? null,
    thumbnailUrl: null,
  };
}

function sender(tenant: Tenant, { from }: Message) {
  if (from.kind === 'bot') {
    return {
      user: null,
      device: null,
      application: { id: from.id, displayName: from.name, applicationIdentityType: 'bot' },
    };
  }
  const id = personWithId(tenant, from.id)?.aadObjectId ?? from.id;
  const user = { id, displayName: from.name, userIdentityType: 'aadUser', tenantId: tenant.tenantId };
  return { application: null, device: null, user };
}

function missing(what: string): HttpAnswer {
  return failure(404, 'NotFound', `Graph has no message or path "${what}" here.`);
}

import type { Activity } from './activity';
import { cardOf, isObject } from './card';
import type { LimitedOperation } from './limits';
import type { Destination, Store } from './store';
import {
  channelOf,
  ownerOfChat,
  type Person,
  partsOf,
  personalChatId,
  personWithId,
  type Tenant,
} from './tenant';

/** A request to the connector, its path taken apart and decoded. */
export type ConnectorRequest = {
  readonly method: string;
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly body: unknown;
};

/** An answer in HTTP's words; `body` is sent as JSON. */
export type HttpAnswer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

/** The tenant and its messages, as the connector's operations need them. */
export type ConnectorState = { readonly tenant: Tenant; readonly store: Store; readonly serviceUrl: string };

// Bot messages are about 100 KB at most (learn.microsoft.com, format-your-bot-messages).
const largestMessage = 100 * 1024;

/** Which of Teams' limits a request counts against, and in which conversation; nothing for a request that is not limited. */
export function limitOf(
  request: ConnectorRequest,
): { readonly operation: LimitedOperation; readonly conversation: string } | undefined {
  const [version, kind, id, what] = request.path;
  if (version !== 'v3') return undefined;
  if (kind === 'conversations' && id === undefined) {
    const channel = channelIn(request.body);
    return { operation: 'create', conversation: channel ?? JSON.stringify(membersIn(request.body)) };
  }
  const conversation = partsOf(id ?? '').top;
  return { operation: what === 'activities' && request.method !== 'GET' ? 'send' : 'read', conversation };
}

/** Answers a request of the bot as the Bot Connector does (Bot Connector REST API v3), changing the store where it asks for it. */
export function answer(state: ConnectorState, request: ConnectorRequest): HttpAnswer {
  const { method } = request;
  const [version, kind, id, what, activityId, part] = request.path;
  if (version !== 'v3') return notFound(request);
  if (kind === 'teams' && id !== undefined && method === 'GET') return team(state, id, what);
  if (kind !== 'conversations') return notFound(request);
  if (id === undefined)
    return method === 'POST' ? createConversation(state, request.body) : notFound(request);
  if (!isKnown(state.tenant, id)) return failure(404, 'ConversationNotFound', 'Conversation not found.');
  if (what === 'members' && method === 'GET') return members(state, id, activityId);
  if (what === 'pagedmembers' && method === 'GET') return pagedMembers(state, id, request.query);
  if (what !== 'activities') return notFound(request);
  if (part === 'members' && method === 'GET') return members(state, id, undefined);
  if (method === 'POST') return post(state, id, activityId, request.body);
  if (method === 'PUT' && activityId !== undefined) return update(state, id, activityId, request.body);
  if (method === 'DELETE' && activityId !== undefined) return remove(state, id, activityId);
  return notFound(request);
}

function createConversation(state: ConnectorState, body: unknown): HttpAnswer {
  const activity = isObject(body) ? activityFrom(body['activity']) : undefined;
  const channel = channelIn(body);
  if (channel !== undefined) {
    if (channelOf(state.tenant, channel) === undefined) {
      return failure(404, 'ChannelNotFound', `Channel ${channel} is not in the team.`);
    }
    if (activity === undefined) {
      return failure(400, 'BadSyntax', 'Starting a thread in a channel needs an activity.');
    }
    return posted(state, { kind: 'new thread', channel }, activity, true);
  }
  const [member] = membersIn(body);
  const person = member === undefined ? undefined : personWithId(state.tenant, member);
  if (person === undefined) {
    return failure(403, 'ForbiddenOperationException', 'The bot is not installed for that member.');
  }
  const id = personalChatId(person);
  if (activity === undefined) return { status: 201, body: { id, serviceUrl: state.serviceUrl } };
  return posted(state, { kind: 'conversation', id }, activity, true);
}

function post(
  state: ConnectorState,
  conversation: string,
  replyTo: string | undefined,
  body: unknown,
): HttpAnswer {
  const activity = activityFrom(body);
  if (activity === undefined) return failure(400, 'BadSyntax', 'The activity has no type.');
  if (activity.type !== 'message') return { status: 202, body: {} };
  const { top, root } = partsOf(conversation);
  const isChannel = channelOf(state.tenant, top) !== undefined;
  if (!isChannel || root !== undefined) {
    return posted(state, { kind: 'conversation', id: conversation }, activity, false);
  }
  // A reply sent to the bare channel goes to the thread of the message replied to, or starts a new one.
  const repliedTo = replyTo === undefined ? undefined : state.store.get(replyTo);
  const to: Destination =
    repliedTo === undefined || partsOf(repliedTo.conversation).top !== top
      ? { kind: 'new thread', channel: top }
      : { kind: 'conversation', id: repliedTo.conversation };
  return posted(state, to, activity, false);
}

function posted(state: ConnectorState, to: Destination, activity: Activity, created: boolean): HttpAnswer {
  const refused = refusalOf(activity);
  if (refused !== undefined) return refused;
  const { bot } = state.tenant;
  const message = state.store.add(to, { kind: 'bot', id: bot.id, name: bot.name }, activity);
  return created
    ? {
        status: 201,
        body: { id: message.conversation, activityId: message.id, serviceUrl: state.serviceUrl },
      }
    : { status: 201, body: { id: message.id } };
}

function update(state: ConnectorState, conversation: string, id: string, body: unknown): HttpAnswer {
  const activity = activityFrom(body);
  if (activity === undefined) return failure(400, 'BadSyntax', 'The activity has no type.');
  const refused = unchangeable(state, conversation, id) ?? refusalOf(activity);
  if (refused !== undefined) return refused;
  state.store.update(id, activity);
  return { status: 200, body: { id } };
}

function remove(state: ConnectorState, conversation: string, id: string): HttpAnswer {
  const refused = unchangeable(state, conversation, id);
  if (refused !== undefined) return refused;
  state.store.remove(id);
  return { status: 200 };
}

function unchangeable({ store }: ConnectorState, conversation: string, id: string): HttpAnswer | undefined {
  const message = store.get(id);
  const here = message !== undefined && partsOf(message.conversation).top === partsOf(conversation).top;
  if (!here || message.deletedAt !== undefined) {
    return failure(404, 'ActivityNotFoundInConversation', `There is no message ${id} in the conversation.`);
  }
  if (message.from.kind !== 'bot') {
    return failure(403, 'ForbiddenOperationException', `Message ${id} was not sent by the bot.`);
  }
  return undefined;
}

function refusalOf(activity: Activity): HttpAnswer | undefined {
  if ((activity.text ?? '') === '' && (activity.attachments ?? []).length === 0) {
    return failure(400, 'BadSyntax', "Activity must include non empty 'text' field or at least 1 attachment");
  }
  if (Buffer.byteLength(JSON.stringify(activity)) > largestMessage) {
    return failure(413, 'MessageSizeTooBig', 'Message size too large.');
  }
  const card = cardOf(activity);
  if (card !== undefined && card['type'] !== 'AdaptiveCard') {
    return failure(400, 'BadSyntax', 'The Adaptive Card attachment has no type AdaptiveCard.');
  }
  return undefined;
}

function members({ tenant }: ConnectorState, conversation: string, id: string | undefined): HttpAnswer {
  const present = membersOf(tenant, conversation);
  if (id === undefined) return { status: 200, body: present.map((one) => account(tenant, one)) };
  const found = present.find((one) => one.id === id || one.aadObjectId === id);
  if (found !== undefined) return { status: 200, body: account(tenant, found) };
  return failure(404, 'MemberNotFoundInConversation', `Nobody in the conversation has the id ${id}.`);
}

function pagedMembers({ tenant }: ConnectorState, conversation: string, query: URLSearchParams): HttpAnswer {
  const size = Math.min(500, Math.max(50, Number(query.get('pageSize') ?? 200) || 200));
  const start = Number(query.get('continuationToken') ?? 0) || 0;
  const present = membersOf(tenant, conversation);
  const next = start + size < present.length ? { continuationToken: String(start + size) } : {};
  const page = present.slice(start, start + size).map((one) => account(tenant, one));
  return { status: 200, body: { ...next, members: page } };
}

function team({ tenant }: ConnectorState, id: string, what: string | undefined): HttpAnswer {
  const { team, people, tenantId } = tenant;
  if (partsOf(id).top !== team.id) return failure(404, 'BadArgument', 'Cannot find team with provided id');
  if (what === 'conversations') {
    const conversations = team.channels.map((channel) =>
      // Teams gives no name for General, so that clients can show it in their language.
      channel.id === team.id ? { id: channel.id, name: null } : { id: channel.id, name: channel.name },
    );
    return { status: 200, body: { conversations } };
  }
  const { name, aadGroupId, channels } = team;
  const counts = { channelCount: channels.length, memberCount: people.length };
  return { status: 200, body: { id: team.id, name, aadGroupId, tenantId, type: 'standard', ...counts } };
}

/** Who sees a conversation: everybody in the team, or the one person of a 1:1 chat. */
export function membersOf(tenant: Tenant, conversation: string): readonly Person[] {
  const owner = ownerOfChat(tenant, conversation);
  return owner === undefined ? tenant.people : [owner];
}

function account({ tenantId }: Tenant, { id, aadObjectId, name, givenName, surname, email }: Person) {
  const names = { name, givenName, surname, email, userPrincipalName: email };
  return { id, aadObjectId, objectId: aadObjectId, ...names, tenantId, userRole: 'user' };
}

function isKnown(tenant: Tenant, conversation: string): boolean {
  return channelOf(tenant, conversation) !== undefined || ownerOfChat(tenant, conversation) !== undefined;
}

function activityFrom(body: unknown): Activity | undefined {
  return isObject(body) && typeof body['type'] === 'string' ? (body as Activity) : undefined;
}

function channelIn(body: unknown): string | undefined {
  const data = isObject(body) ? body['channelData'] : undefined;
  const channel = isObject(data) ? data['channel'] : undefined;
  return isObject(channel) && typeof channel['id'] === 'string' ? channel['id'] : undefined;
}

function membersIn(body: unknown): readonly string[] {
  const list = isObject(body) ? body['members'] : undefined;
  if (!Array.isArray(list)) return [];
  return list.flatMap((one: unknown) => (isObject(one) && typeof one['id'] === 'string' ? [one['id']] : []));
}

function notFound({ method, path }: ConnectorRequest): HttpAnswer {
  return failure(404, 'NotFound', `The Bot Connector has no ${method} /${path.join('/')}.`);
}

/** An error as the Bot Connector writes it. */
export function failure(status: number, code: string, message: string): HttpAnswer {
  return { status, body: { error: { code, message } } };
}

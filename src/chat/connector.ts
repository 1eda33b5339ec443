import type { Activity } from 'botbuilder';
import type { ConnectorClient } from 'botframework-connector';
import type { ConversationsGetConversationPagedMembersOptionalParams as PageAsked } from 'botframework-connector/lib/connectorApi/models';
import { NotInCharge } from '../fence';
import { withoutSecrets } from '../without-secrets';
import type { Adapter } from './adapter';
import type { Acquaintance, Reference } from './references';

/**
 * What came of a request to Teams. `not sent`: it certainly had no effect and can be tried again. `unknown`: it may
 * have had its effect. `refused`: trying again is of no use.
 */
export type Sent<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  | { readonly kind: 'not sent'; readonly retryAfterMs: number | null; readonly problem: string }
  | { readonly kind: 'unknown'; readonly problem: string }
  | { readonly kind: 'refused'; readonly problem: string };

/** Where a message is in Teams. */
export interface Landed {
  readonly conversation: string;
  readonly activity: string;
}

/** What the bot asks of Teams (Bot Connector REST API v3). Every call is one request. */
export interface Connector {
  readonly post: (to: Reference, conversation: string, message: Partial<Activity>) => Promise<Sent<Landed>>;
  readonly startThread: (to: Reference, channel: string, message: Partial<Activity>) => Promise<Sent<Landed>>;
  readonly update: (to: Reference, at: Landed, message: Partial<Activity>) => Promise<Sent<Landed>>;
  /** Opens the 1:1 chat with somebody, or finds the one there is. */
  readonly openChat: (by: Reference, member: string) => Promise<Sent<string>>;
  readonly members: (of: Reference, conversation: string) => Promise<Sent<readonly Acquaintance[]>>;
}

const PATIENCE_MS = 15_000;

/** The connector over botbuilder's own client. */
export function createConnector(adapter: Adapter): Connector {
  const call = async <Value>(
    reference: Reference,
    ask: (client: ConnectorClient, options: { readonly abortSignal: AbortSignal }) => Promise<Value>,
  ): Promise<Sent<Value>> => {
    try {
      const client = await adapter.connector(reference.serviceUrl);
      return { kind: 'done', value: await ask(client, { abortSignal: AbortSignal.timeout(PATIENCE_MS) }) };
    } catch (error) {
      if (error instanceof NotInCharge) throw error;
      return outcomeOf(error);
    }
  };
  return {
    post: (to, conversation, message) =>
      call(to, async (client, options) => {
        const { id } = await client.conversations.sendToConversation(
          conversation,
          outgoing(to, message),
          options,
        );
        return { conversation, activity: id };
      }),
    startThread: (to, channel, message) =>
      call(to, async (client, options) => {
        const answer = await client.conversations.createConversation(
          {
            isGroup: true,
            bot: to.bot,
            channelData: { channel: { id: channel }, ...(to.tenant ? { tenant: { id: to.tenant } } : {}) },
            activity: outgoing(to, message),
            ...(to.tenant ? { tenantId: to.tenant } : {}),
          } as Parameters<ConnectorClient['conversations']['createConversation']>[0],
          options,
        );
        return { conversation: answer.id, activity: answer.activityId };
      }),
    update: (to, at, message) =>
      call(to, async (client, options) => {
        const changed = { ...outgoing(to, message), id: at.activity };
        await client.conversations.updateActivity(at.conversation, at.activity, changed, options);
        return at;
      }),
    openChat: (by, member) =>
      call(by, async (client, options) => {
        const answer = await client.conversations.createConversation(
          {
            isGroup: false,
            bot: by.bot,
            members: [{ id: member, name: '' }],
            ...(by.tenant ? { tenantId: by.tenant, channelData: { tenant: { id: by.tenant } } } : {}),
          } as Parameters<ConnectorClient['conversations']['createConversation']>[0],
          options,
        );
        return answer.id;
      }),
    members: (of, conversation) =>
      call(of, async (client, options) => {
        const people: Acquaintance[] = [];
        let page: { continuationToken?: string } = {};
        do {
          // The type wants a continuation token for the first page too, which Teams does not.
          const asked = { ...options, pageSize: 500, ...page } as PageAsked;
          const answer = await client.conversations.getConversationPagedMembers(conversation, asked);
          for (const { id, name, aadObjectId } of answer.members)
            if (aadObjectId) people.push({ person: aadObjectId, mri: id, name });
          page = answer.continuationToken ? { continuationToken: answer.continuationToken } : {};
        } while (page.continuationToken);
        return people;
      }),
  };
}

const outgoing = (to: Reference, message: Partial<Activity>): Activity =>
  ({ type: 'message', from: to.bot, ...message }) as Activity;

const NEVER_LEFT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/** What a failed request means for trying again (bot-connector error codes; Teams' advice on 412, 429, 502, 504). */
function outcomeOf(error: unknown): Exclude<Sent<never>, { kind: 'done' }> {
  const { statusCode, code, message, retryAfter } = read(error);
  const problem = [statusCode, code, message].filter((part) => part !== null).join(' ');
  if (statusCode === null)
    return code !== null && NEVER_LEFT.includes(code)
      ? { kind: 'not sent', retryAfterMs: null, problem }
      : { kind: 'unknown', problem };
  if ([401, 412, 429].includes(statusCode))
    return { kind: 'not sent', retryAfterMs: retryAfter === null ? null : retryAfter * 1_000, problem };
  return statusCode >= 500 || statusCode === 408
    ? { kind: 'unknown', problem }
    : { kind: 'refused', problem };
}

function read(error: unknown) {
  if (!(error instanceof Error))
    return { statusCode: null, code: null, message: String(error), retryAfter: null };
  const { statusCode, code, response } = error as Error & {
    readonly statusCode?: unknown;
    readonly code?: unknown;
    readonly response?: { readonly headers?: { readonly get?: (name: string) => string | undefined } };
  };
  const seconds = Number(response?.headers?.get?.('retry-after') ?? Number.NaN);
  return {
    statusCode: typeof statusCode === 'number' ? statusCode : null,
    code: typeof code === 'string' ? code : null,
    message: withoutSecrets(error.message).slice(0, 300),
    retryAfter: Number.isFinite(seconds) ? seconds : null,
  };
}

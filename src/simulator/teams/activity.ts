import { randomUUID } from 'node:crypto';
import { channelOf, type Person, partsOf, type Tenant } from './tenant';

/** One message of the Bot Framework protocol; the fields that are read here are named, the rest is carried along. */
export type Activity = {
  readonly type: string;
  readonly id?: string;
  readonly name?: string;
  readonly text?: string;
  readonly textFormat?: string;
  readonly serviceUrl?: string;
  readonly replyToId?: string;
  readonly from?: { readonly id: string; readonly name?: string; readonly aadObjectId?: string };
  readonly conversation?: { readonly id: string; readonly [more: string]: unknown };
  readonly entities?: readonly unknown[];
  readonly attachments?: readonly Attachment[];
  readonly value?: unknown;
  readonly [more: string]: unknown;
};

/** What hangs on an activity: a card, or a file. */
type Attachment = { readonly contentType: string; readonly content?: unknown; readonly name?: string };

/** Where an activity happens: who does it, in which conversation, seen from the bot. */
export type Place = {
  readonly tenant: Tenant;
  readonly serviceUrl: string;
  readonly person: Person;
  readonly conversation: string;
  readonly at: Date;
  readonly timezone: string;
  readonly locale: string;
};

/** The fields that every activity from Teams has, as the Bot Connector fills them. */
export function activityIn(place: Place, type: string): Activity {
  const { tenant, person, conversation, at } = place;
  const channel = channelOf(tenant, conversation);
  return {
    type,
    id: `f:${randomUUID()}`,
    timestamp: at.toISOString(),
    localTimestamp: localTimestamp(at, place.timezone),
    localTimezone: place.timezone,
    locale: place.locale,
    channelId: 'msteams',
    serviceUrl: place.serviceUrl,
    from: { id: person.id, name: person.name, aadObjectId: person.aadObjectId },
    recipient: { id: tenant.bot.id, name: tenant.bot.name },
    conversation: conversationAccount(tenant, conversation),
    entities: [clientInfo(place)],
    channelData: {
      tenant: { id: tenant.tenantId },
      ...(channel === undefined
        ? {}
        : {
            teamsTeamId: tenant.team.id,
            teamsChannelId: channel.id,
            team: { id: tenant.team.id, name: tenant.team.name, aadGroupId: tenant.team.aadGroupId },
            channel: { id: channel.id },
          }),
    },
  };
}

/** The `conversation` of an activity, as Teams writes it for a channel thread or a 1:1 chat. */
function conversationAccount(tenant: Tenant, conversation: string) {
  return channelOf(tenant, conversation) === undefined
    ? { id: conversation, conversationType: 'personal', tenantId: tenant.tenantId }
    : { id: conversation, conversationType: 'channel', isGroup: true, tenantId: tenant.tenantId };
}

function clientInfo({ locale, timezone }: Place) {
  const country = locale.split('-')[1] ?? 'US';
  return { type: 'clientInfo', locale, country, platform: 'Web', timezone };
}

/** The wall clock of `timezone` at this moment with its offset, as in `2026-02-14T10:00:00.000+01:00`. */
function localTimestamp(at: Date, timezone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'longOffset',
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? '';
  const offset = part('timeZoneName').replace('GMT', '') || '+00:00';
  const millis = String(at.getUTCMilliseconds()).padStart(3, '0');
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}.${millis}${offset}`;
}

/** A message of a person; with `mention` the bot is mentioned where the text says `@<bot name>`, or in front. */
export function messageIn(place: Place, text: string, mention: boolean): Activity {
  const base = activityIn(place, 'message');
  if (!mention) return { ...base, text, textFormat: 'plain' };
  const { bot } = place.tenant;
  const tag = `<at>${bot.name}</at>`;
  const spoken = new RegExp(`@${bot.name}\\b`, 'i');
  return {
    ...base,
    text: spoken.test(text) ? text.replace(spoken, tag) : `${tag} ${text}`,
    textFormat: 'plain',
    entities: [
      { type: 'mention', mentioned: { id: bot.id, name: bot.name }, text: tag },
      ...(base.entities ?? []),
    ],
  };
}

/** The invoke that Teams sends for `Action.Execute`: pressed by a person (`manual`) or for a user-specific view (`automatic`). */
export function executeIn(
  place: Place,
  replyToId: string,
  action: { readonly id?: string; readonly title?: string; readonly verb?: string; readonly data: unknown },
  trigger: 'manual' | 'automatic',
): Activity {
  const base = activityIn(place, 'invoke');
  return {
    ...base,
    name: 'adaptiveCard/action',
    replyToId,
    value: { action: { type: 'Action.Execute', ...action }, trigger },
    channelData: { ...(base['channelData'] as object), source: { name: 'message' }, legacy: { replyToId } },
  };
}

/** The invoke that Teams sends when somebody chooses an action of the app on a message (`composeExtension/fetchTask`). */
export function messageActionIn(
  place: Place,
  commandId: string,
  message: { readonly id: string; readonly at: Date; readonly author: string; readonly text: string },
): Activity {
  const messagePayload = {
    id: message.id,
    createdDateTime: message.at.toISOString(),
    from: { user: { displayName: message.author, userIdentityType: 'aadUser' } },
    body: {
      contentType: 'html',
      content: `<p>${message.text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</p>`,
    },
  };
  return {
    ...activityIn(place, 'invoke'),
    name: 'composeExtension/fetchTask',
    value: { commandId, commandContext: 'message', messagePayload },
  };
}

/** The message without text that Teams sends for `Action.Submit`. */
export function submitIn(place: Place, replyToId: string, value: unknown): Activity {
  return { ...activityIn(place, 'message'), replyToId, value };
}

/** What Teams tells the bot when somebody installs it: once for the team (its General channel) or for a 1:1 chat. */
export function installationIn(place: Place): readonly Activity[] {
  const { tenant } = place;
  const inTeam = channelOf(tenant, place.conversation) !== undefined;
  const top = { ...place, conversation: partsOf(place.conversation).top };
  const added = activityIn(top, 'conversationUpdate');
  const installed = activityIn(top, 'installationUpdate');
  const settings = { selectedChannel: { id: top.conversation } };
  return [
    {
      ...added,
      membersAdded: [{ id: tenant.bot.id }],
      channelData: {
        ...(added['channelData'] as object),
        ...(inTeam ? { eventType: 'teamMemberAdded', settings } : {}),
      },
    },
    {
      ...installed,
      action: 'add',
      channelData: {
        ...(installed['channelData'] as object),
        source: { name: 'message' },
        ...(inTeam ? { settings } : {}),
      },
    },
  ];
}

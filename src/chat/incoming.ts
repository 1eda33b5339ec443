import { z } from 'zod/v4';

const id = z.string().min(1).max(1_000);
const words = z.string().max(200_000);
const account = z.looseObject({ id, name: words.optional(), aadObjectId: id.optional() });

/**
 * An activity of the Bot Framework protocol, as far as it is read here (botframework-schema, `Activity`). What is of
 * another shape than this is refused before anything is done with it.
 */
export const incoming = z.looseObject({
  type: z.string().min(1).max(100),
  id: id.optional(),
  name: z.string().max(200).optional(),
  channelId: z.string().max(100),
  serviceUrl: z.url({ protocol: /^https?$/ }).max(2_000),
  from: account,
  recipient: account,
  conversation: z.looseObject({
    id,
    conversationType: z.string().max(100).nullish(),
    tenantId: z.string().max(200).nullish(),
  }),
  text: words.nullish(),
  replyToId: id.nullish(),
  locale: z.string().max(100).nullish(),
  localTimezone: z.string().max(100).nullish(),
  entities: z.array(z.unknown()).max(500).nullish(),
  value: z.unknown(),
  channelData: z.unknown(),
});

/** An activity that was read. */
export type Incoming = z.infer<typeof incoming>;

const channelData = z.looseObject({
  tenant: z.looseObject({ id: z.string() }).optional(),
  team: z.looseObject({ id: z.string(), aadGroupId: z.string().optional() }).optional(),
  channel: z.looseObject({ id: z.string() }).optional(),
});

/** Where in Teams an activity comes from: its tenant, and team and channel when it is not a chat. */
export interface Whereabouts {
  readonly tenant: string | null;
  readonly team: string | null;
  /** The team's Microsoft 365 group, which Microsoft Graph calls the team's id. */
  readonly teamGroup: string | null;
  readonly channel: string | null;
}

/** Reads where an activity comes from; what Teams does not say is null. */
export function whereabouts(activity: Incoming): Whereabouts {
  const data = channelData.safeParse(activity.channelData).data;
  return {
    tenant: activity.conversation.tenantId ?? data?.tenant?.id ?? null,
    team: data?.team?.id ?? null,
    teamGroup: data?.team?.aadGroupId ?? null,
    channel: data?.channel?.id ?? null,
  };
}

const clientInfo = z.looseObject({ type: z.literal('clientInfo'), timezone: z.string().min(1).max(100) });

/** The person's IANA time zone, as their Teams client says it; null when it does not. */
export function zoneOf(activity: Incoming): string | null {
  for (const entity of activity.entities ?? []) {
    const info = clientInfo.safeParse(entity);
    if (info.success) return info.data.timezone;
  }
  return activity.localTimezone || null;
}

/** A conversation without the thread in it: the channel of a thread, or the chat itself. Teams counts sends by it. */
export const withoutThread = (conversation: string): string =>
  conversation.split(';messageid=', 1)[0] ?? conversation;

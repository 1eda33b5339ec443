import type { Pool } from 'pg';
import { type Incoming, whereabouts, withoutThread } from './incoming';

/** Where something can be posted: Teams' address for a conversation, and who the bot is in it. */
export interface Reference {
  readonly conversation: string;
  readonly kind: 'personal' | 'channel' | 'group';
  readonly serviceUrl: string;
  readonly bot: { readonly id: string; readonly name: string };
  readonly tenant: string | null;
  /** The Entra object id of the one person in a 1:1 chat. */
  readonly person: string | null;
  readonly channel: string | null;
  readonly team: string | null;
  readonly teamGroup: string | null;
}

/** Somebody Teams has told the bot about: their Entra object id, and Teams' own id for them. */
export interface Acquaintance {
  readonly person: string;
  readonly mri: string;
  readonly name: string;
}

/** What is known about reaching people and conversations; learned from every activity that comes in. */
export interface References {
  readonly remember: (activity: Incoming, at: Date) => Promise<void>;
  readonly save: (reference: Reference, at: Date) => Promise<void>;
  readonly meet: (people: readonly Acquaintance[], at: Date) => Promise<void>;
  /** The conversation itself or, for a thread that was never heard from, its channel. */
  readonly of: (conversation: string) => Promise<Reference | null>;
  readonly chatWith: (person: string) => Promise<Reference | null>;
  /** The newest of any kind, preferring a channel: to open a chat with somebody, a service URL and a tenant are needed. */
  readonly newest: () => Promise<Reference | null>;
  readonly acquaintances: () => Promise<ReadonlyMap<string, Acquaintance>>;
}

interface Row {
  readonly conversation: string;
  readonly kind: Reference['kind'];
  readonly service_url: string;
  readonly bot_id: string;
  readonly bot_name: string;
  readonly tenant: string | null;
  readonly person: string | null;
  readonly channel: string | null;
  readonly team: string | null;
  readonly team_group: string | null;
}

const referenceOf = (row: Row): Reference => ({
  conversation: row.conversation,
  kind: row.kind,
  serviceUrl: row.service_url,
  bot: { id: row.bot_id, name: row.bot_name },
  tenant: row.tenant,
  person: row.person,
  channel: row.channel,
  team: row.team,
  teamGroup: row.team_group,
});

/** The reference that an activity carries. */
export function referenceIn(activity: Incoming): Reference {
  const { conversation, recipient, from, serviceUrl } = activity;
  const { tenant, team, teamGroup, channel } = whereabouts(activity);
  const kind = kindOf(conversation.conversationType ?? null, channel);
  return {
    conversation: conversation.id,
    kind,
    serviceUrl,
    bot: { id: recipient.id, name: recipient.name ?? '' },
    tenant,
    person: kind === 'personal' ? (from.aadObjectId?.toLowerCase() ?? null) : null,
    channel: kind === 'channel' ? (channel ?? withoutThread(conversation.id)) : null,
    team,
    teamGroup,
  };
}

function kindOf(conversationType: string | null, channel: string | null): Reference['kind'] {
  if (conversationType === 'channel' || channel !== null) return 'channel';
  return conversationType === 'groupChat' ? 'group' : 'personal';
}

/** The references in the store. */
export function createReferences(pool: Pool): References {
  const save: References['save'] = async (reference, at) => {
    const { conversation, kind, serviceUrl, bot, tenant, person, channel, team, teamGroup } = reference;
    await pool.query(
      `insert into conversation_references
         (conversation, kind, service_url, bot_id, bot_name, tenant, person, channel, team, team_group, seen_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
       on conflict (conversation) do update set
         kind = excluded.kind, service_url = excluded.service_url, bot_id = excluded.bot_id,
         bot_name = excluded.bot_name, tenant = coalesce(excluded.tenant, conversation_references.tenant),
         person = coalesce(excluded.person, conversation_references.person),
         channel = coalesce(excluded.channel, conversation_references.channel),
         team = coalesce(excluded.team, conversation_references.team),
         team_group = coalesce(excluded.team_group, conversation_references.team_group),
         seen_at = excluded.seen_at`,
      [conversation, kind, serviceUrl, bot.id, bot.name, tenant, person, channel, team, teamGroup, at],
    );
  };
  const first = async (where: string, values: readonly string[]): Promise<Reference | null> => {
    const { rows } = await pool.query<Row>(`select * from conversation_references ${where} limit 1`, [
      ...values,
    ]);
    return rows[0] ? referenceOf(rows[0]) : null;
  };
  const meet: References['meet'] = async (people, at) => {
    for (const { person, mri, name } of people) {
      await pool.query(
        `insert into acquaintances (person, mri, name, seen_at) values ($1, $2, $3, $4)
         on conflict (person) do update set mri = excluded.mri, name = excluded.name, seen_at = excluded.seen_at`,
        [person.toLowerCase(), mri, name, at],
      );
    }
  };
  return {
    save,
    meet,
    remember: async (activity, at) => {
      await save(referenceIn(activity), at);
      const { aadObjectId, id, name } = activity.from;
      if (aadObjectId) await meet([{ person: aadObjectId, mri: id, name: (name ?? '').slice(0, 200) }], at);
    },
    of: async (conversation) =>
      (await first('where conversation = $1', [conversation])) ??
      (await first('where channel = $1 order by seen_at desc', [withoutThread(conversation)])),
    chatWith: (person) =>
      first(`where person = $1 and kind = 'personal' order by seen_at desc`, [person.toLowerCase()]),
    newest: () => first(`order by (kind = 'channel') desc, seen_at desc`, []),
    acquaintances: async () => {
      const { rows } = await pool.query<Acquaintance>('select person, mri, name from acquaintances');
      return new Map(rows.map((row) => [row.person, row]));
    },
  };
}

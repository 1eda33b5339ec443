import { createHash } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { canonical, type JsonObject } from '../incidents/json';
import { inTransaction } from '../store/in-transaction';
import { withoutSecretsIn } from './without-secrets-in';

/** What a message shows: a line of text, or an Adaptive Card. */
export type Content = { readonly text: string } | { readonly card: JsonObject };

/** A message that the bot wants in a conversation. Wanting it again under the same id redraws it in place. */
export interface Message {
  readonly id: string;
  /**
   * A conversation's id; or `person:<Entra object id>`, their 1:1 chat with the bot; or `new:<channel id>`, a new
   * thread in that channel.
   */
  readonly conversation: string;
  readonly content: Content;
  /** Tells drawings apart that differ in what they say; the content's own hash unless given. */
  readonly version?: string;
  /** `calm` messages are redrawn at leisure; everything is posted as soon as Teams' limits allow. */
  readonly urgency?: 'now' | 'calm';
}

/** A message as it stands in the store. */
export interface OutboxRow {
  readonly id: string;
  readonly conversation: string;
  readonly urgency: 'now' | 'calm';
  readonly content: Content;
  readonly version: string;
  readonly state: 'waiting' | 'sending' | 'sent' | 'parked';
  readonly shown: string | null;
  /** The conversation in which it is, once it is there, and its id there. */
  readonly landed: string | null;
  readonly activity: string | null;
  readonly attempts: number;
  readonly doubts: number;
  readonly not_before: Date | null;
  /** When its sending was last begun. */
  readonly begun_at: Date | null;
  /** Since when Graph has been in trouble while it was asked whether the message arrived. */
  readonly unsure_since: Date | null;
}

/** The messages that the bot wants in its conversations, and what became of them. */
export interface Outbox {
  /** Wants messages, in this order. Those that are there already with the same version are left alone. */
  readonly put: (messages: readonly Message[]) => Promise<void>;
  /** Wants the message that Teams knows under an activity id to show something else. */
  readonly redraw: (activity: string, message: Message) => Promise<void>;
  readonly find: (id: string) => Promise<OutboxRow | null>;
  readonly versions: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
}

/** The outbox in the store. */
export function createOutbox(pool: Pool, now: () => Date): Outbox {
  return {
    put: async (messages) => {
      if (messages.length === 0) return;
      await inTransaction(pool, async (client) => {
        for (const message of messages) await put(client, keepable(message), now());
      });
    },
    redraw: async (activity, message) => {
      const kept = keepable(message);
      const { id, conversation, content, urgency = 'now' } = kept;
      const drawn = [JSON.stringify(content), versionOf(kept), now()];
      const { rowCount } = await pool.query(
        `update outbox set content = $1, version = $2, changed_at = $3 where activity = $4 and landed = $5`,
        [...drawn, activity, conversation],
      );
      if (rowCount !== 0) return;
      await pool.query(
        `insert into outbox
           (content, version, created_at, changed_at, activity, landed, conversation, id, urgency, state)
         values ($1, $2, $3, $3, $4, $5, $5, $6, $7, 'sent')
         on conflict (id) do update set content = excluded.content, version = excluded.version, changed_at = $3`,
        [...drawn, activity, conversation, id, urgency],
      );
    },
    find: async (id) => {
      const { rows } = await pool.query<OutboxRow>('select * from outbox where id = $1', [id]);
      return rows[0] ?? null;
    },
    versions: async (ids) => {
      const { rows } = await pool.query<{ id: string; version: string }>(
        'select id, version from outbox where id = any ($1::text[])',
        [ids],
      );
      return new Map(rows.map(({ id, version }) => [id, version]));
    },
  };
}

/** A message shows what people wrote and Azure said, and neither with a secret in it. */
const keepable = (message: Message): Message => ({ ...message, content: withoutSecretsIn(message.content) });

async function put(client: PoolClient, message: Message, at: Date): Promise<void> {
  const { id, conversation, content, urgency = 'now' } = message;
  await client.query(
    `insert into outbox (id, conversation, urgency, content, version, created_at, changed_at)
     values ($1, $2, $3, $4, $5, $6, $6)
     on conflict (id) do update set content = excluded.content, version = excluded.version,
       urgency = excluded.urgency, changed_at = $6
      where outbox.version <> excluded.version`,
    [id, conversation, urgency, JSON.stringify(content), versionOf(message), at],
  );
}

const versionOf = ({ version, content }: Message): string =>
  version ?? createHash('sha256').update(canonical(content)).digest('hex');

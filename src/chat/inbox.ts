import type { Pool } from 'pg';
import type { Incoming } from './incoming';
import { keepable } from './without-secrets-in';

/** Something that came in and is to be worked on after it was acknowledged. */
export interface Letter {
  /** What every id of what is done about it derives from, so that doing it twice is doing it once. */
  readonly id: string;
  readonly kind: 'message' | 'press' | 'installed';
  readonly activity: Incoming;
  readonly receivedAt: Date;
  /** 1 for the first try. */
  readonly attempt: number;
}

/** The store between acknowledging an activity and working on it. */
export interface Inbox {
  /** Keeps a letter, without the secrets in it; false when the same one was kept before. */
  readonly add: (kind: Letter['kind'], activity: Incoming, key: string, at: Date) => Promise<boolean>;
  /** Letters to be worked on now, oldest first, without those under way. */
  readonly next: (underWay: readonly string[], now: Date) => Promise<readonly Letter[]>;
  readonly done: (id: string, at: Date) => Promise<void>;
  readonly later: (id: string, notBefore: Date) => Promise<void>;
}

const AT_ONCE = 16;

/** The inbox in the store. */
export function createInbox(pool: Pool): Inbox {
  return {
    add: async (kind, activity, key, at) => {
      const { rowCount } = await pool.query(
        `insert into inbox (conversation, activity, kind, body, received_at) values ($1, $2, $3, $4, $5)
         on conflict (conversation, activity) do nothing`,
        [activity.conversation.id, key, kind, JSON.stringify(keepable(activity)), at],
      );
      return rowCount === 1;
    },
    next: async (underWay, now) => {
      const { rows } = await pool.query<{
        id: string;
        kind: Letter['kind'];
        body: Incoming;
        received_at: Date;
        attempts: number;
      }>(
        `select id, kind, body, received_at, attempts from inbox
          where done_at is null and (not_before is null or not_before <= $1) and not id = any ($2::bigint[])
          order by id limit $3`,
        [now, underWay, AT_ONCE],
      );
      return rows.map(({ id, kind, body, received_at, attempts }) => ({
        id,
        kind,
        activity: body,
        receivedAt: received_at,
        attempt: attempts + 1,
      }));
    },
    done: async (id, at) => {
      await pool.query('update inbox set done_at = $2 where id = $1', [id, at]);
    },
    later: async (id, notBefore) => {
      await pool.query('update inbox set attempts = attempts + 1, not_before = $2 where id = $1', [
        id,
        notBefore,
      ]);
    },
  };
}

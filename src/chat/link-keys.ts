import { createHash, randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import type { Person } from '../engine/approval';
import { isLoopbackAddress } from './adapter';
import type { Knock } from './reply';

const GOOD_FOR_MS = 24 * 3_600_000;

/** Keys to what is shown over HTTP: each opens one thing, to whoever has it, for a day. */
export interface LinkKeys {
  /**
   * Whether somebody may see it: with its key, or on this machine while there are no credentials. `reader` is whom the
   * link was made for; null on this machine, where nobody is named.
   */
  readonly opens: (subject: string, knock: Knock) => Promise<{ readonly reader: Person | null } | null>;
  /** An address with a fresh key in it; null when the bot does not know its own address. */
  readonly link: (
    subject: string,
    by: Person,
    path: string,
    query?: Readonly<Record<string, string>>,
  ) => Promise<string | null>;
}

const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');

/** The keys in the store. */
export function createLinkKeys(ports: {
  readonly pool: Pool;
  readonly now: () => Date;
  /** The bot's address as people's browsers reach it; null when it is not known. */
  readonly publicUrl: () => string | null;
  readonly open: boolean;
}): LinkKeys {
  const { pool, now, open } = ports;
  return {
    opens: async (subject, { key, from, forwarded }) => {
      if (key !== null) {
        const { rows } = await pool.query<{ person: string; person_name: string }>(
          'select person, person_name from export_links where token = $1 and incident = $2 and expires_at > $3',
          [hashOf(key), subject, now()],
        );
        const [link] = rows;
        if (link) return { reader: { id: link.person, name: link.person_name, roles: [] } };
      }
      return open && !forwarded && isLoopbackAddress(from) ? { reader: null } : null;
    },
    link: async (subject, by, path, query = {}) => {
      const publicUrl = ports.publicUrl();
      if (publicUrl === null) return null;
      const key = randomBytes(16).toString('base64url');
      const expires = new Date(now().getTime() + GOOD_FOR_MS);
      await pool.query('delete from export_links where expires_at < $1', [now()]);
      await pool.query(
        `insert into export_links (token, incident, expires_at, person, person_name)
         values ($1, $2, $3, $4, $5)`,
        [hashOf(key), subject, expires, by.id, by.name],
      );
      return new URL(`${path}?${new URLSearchParams({ ...query, key })}`, publicUrl).href;
    },
  };
}

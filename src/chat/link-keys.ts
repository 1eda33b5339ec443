import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { isLoopbackAddress } from './adapter';
import type { Knock } from './reply';

const GOOD_FOR_MS = 24 * 3_600_000;

/** Keys to what is shown over HTTP: each opens one thing, to whoever has it, for a day. */
export interface LinkKeys {
  /** Whether somebody may see it: with its key, or on this machine while there are no credentials. */
  readonly opens: (subject: string, knock: Knock) => Promise<boolean>;
  /** An address with a fresh key in it; null when the bot does not know its own address. */
  readonly link: (
    subject: string,
    path: string,
    query?: Readonly<Record<string, string>>,
  ) => Promise<string | null>;
}

/** The keys in the store. */
export function createLinkKeys(ports: {
  readonly pool: Pool;
  readonly now: () => Date;
  /** The bot's address as people's browsers reach it; null when it is not known. */
  readonly publicUrl: string | null;
  readonly open: boolean;
}): LinkKeys {
  const { pool, now, publicUrl, open } = ports;
  return {
    opens: async (subject, { key, from, forwarded }) => {
      if (open && !forwarded && isLoopbackAddress(from)) return true;
      if (key === null) return false;
      const { rowCount } = await pool.query(
        'select 1 from export_links where token = $1 and incident = $2 and expires_at > $3',
        [key, subject, now()],
      );
      return rowCount === 1;
    },
    link: async (subject, path, query = {}) => {
      if (publicUrl === null) return null;
      const key = randomBytes(16).toString('base64url');
      const expires = new Date(now().getTime() + GOOD_FOR_MS);
      await pool.query('delete from export_links where expires_at < $1', [now()]);
      await pool.query('insert into export_links (token, incident, expires_at) values ($1, $2, $3)', [
        ...[key, subject, expires],
      ]);
      return new URL(`${path}?${new URLSearchParams({ ...query, key })}`, publicUrl).href;
    },
  };
}

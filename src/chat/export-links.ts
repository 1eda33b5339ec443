import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import type { Engine } from '../engine/engine';
import { isLoopbackAddress } from './adapter';
import { exportJson, exportMarkdown } from './cards/export-incident';
import { postedSeals } from './posted-seals';
import type { ExportAsked, Reply } from './reply';

const GOOD_FOR_MS = 24 * 3_600_000;

/** Incidents over HTTP: for this machine while there are no credentials, else for whoever holds a link's key. */
export function createExports(ports: {
  readonly pool: Pool;
  readonly engine: Pick<Engine, 'incident'>;
  readonly now: () => Date;
  /** The bot's address as people's browsers reach it; null when it is not known. */
  readonly publicUrl: string | null;
  readonly open: boolean;
}) {
  const { pool, engine, now, publicUrl, open } = ports;

  async function holdsKey(incident: string, key: string | null): Promise<boolean> {
    if (key === null) return false;
    const { rowCount } = await pool.query(
      'select 1 from export_links where token = $1 and incident = $2 and expires_at > $3',
      [key, incident, now()],
    );
    return rowCount === 1;
  }

  const answer: (asked: ExportAsked) => Promise<Reply> = async ({
    incident,
    format,
    key,
    from,
    forwarded,
  }) => {
    const isHere = open && !forwarded && isLoopbackAddress(from);
    if (!isHere && !(await holdsKey(incident, key)))
      return refusal(403, 'This link is not good any more. Type "@dr timeline export" for a new one.');
    const view = await engine.incident(incident);
    if (!view) return refusal(404, `There is no incident "${incident}".`);
    return format === 'json'
      ? { status: 200, body: exportJson(view, await postedSeals(pool, incident)) }
      : { status: 200, body: exportMarkdown(view), contentType: 'text/markdown; charset=utf-8' };
  };

  return {
    answer,
    /** A link that shows one incident to whoever has it, for a day. */
    link: async (incident: string, format: 'json' | 'markdown'): Promise<string | null> => {
      if (publicUrl === null) return null;
      const key = randomBytes(16).toString('base64url');
      const expires = new Date(now().getTime() + GOOD_FOR_MS);
      await pool.query('delete from export_links where expires_at < $1', [now()]);
      await pool.query('insert into export_links (token, incident, expires_at) values ($1, $2, $3)', [
        key,
        incident,
        expires,
      ]);
      const path = `/incidents/${encodeURIComponent(incident)}`;
      return new URL(`${path}?format=${format}&key=${key}`, publicUrl).href;
    },
  };
}

const refusal = (status: number, message: string): Reply => ({ status, body: { error: { message } } });

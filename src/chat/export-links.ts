import type { Pool } from 'pg';
import type { Engine } from '../engine/engine';
import { exportJson, exportMarkdown } from './cards/export-incident';
import type { LinkKeys } from './link-keys';
import { postedSeals } from './posted-seals';
import type { ExportAsked, Reply } from './reply';

/** Incidents over HTTP: for this machine while there are no credentials, else for whoever holds a link's key. */
export function createExports(ports: {
  readonly pool: Pool;
  readonly engine: Pick<Engine, 'incident'>;
  readonly keys: LinkKeys;
}) {
  const { pool, engine, keys } = ports;

  const answer: (asked: ExportAsked) => Promise<Reply> = async ({ incident, format, ...knock }) => {
    if (!(await keys.opens(incident, knock)))
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
    link: (incident: string, format: 'json' | 'markdown'): Promise<string | null> =>
      keys.link(incident, `/incidents/${encodeURIComponent(incident)}`, { format }),
  };
}

const refusal = (status: number, message: string): Reply => ({ status, body: { error: { message } } });

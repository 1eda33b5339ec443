import type { Pool } from 'pg';
import type { Person } from '../engine/approval';
import type { Engine, IncidentView } from '../engine/engine';
import { exportJson, exportMarkdown } from './cards/export-incident';
import type { LinkKeys } from './link-keys';
import { readSeals } from './posted-seals';
import type { ExportAsked, Reply } from './reply';

/** Incidents over HTTP: for this machine while there are no credentials, else for whoever holds a link's key. */
export function createExports(ports: {
  readonly pool: Pool;
  readonly engine: Pick<Engine, 'incident' | 'note'>;
  readonly now: () => Date;
  readonly keys: LinkKeys;
}) {
  const { pool, engine, keys, now } = ports;

  /**
   * Reading is written down as well, by whom the link was made for: each time that there is something new to read, and
   * else once a minute. Without that bound whoever has a link could make the timeline of a recovery under way as long as
   * they like, and everything is computed from it.
   */
  async function recordReading(
    { incident, entries }: IncidentView,
    format: 'json' | 'markdown',
    by: Person,
  ): Promise<void> {
    const at = now();
    const newest = entries.findLast(({ event }) => event.type !== 'timeline.read')?.seq ?? 0;
    const id = `read:link:${by.id}:${format}:${newest}:${at.toISOString().slice(0, 16)}`;
    await engine.note({ id, incident, event: { type: 'timeline.read', format }, by, at });
  }

  const answer: (asked: ExportAsked) => Promise<Reply> = async ({ incident, format, ...knock }) => {
    const opened = await keys.opens(incident, knock);
    if (!opened)
      return refusal(403, 'This link is not good any more. Type "@dr timeline export" for a new one.');
    const sealsOf = await readSeals(pool, incident);
    const view = await engine.incident(incident);
    if (!view) return refusal(404, `There is no incident "${incident}".`);
    if (opened.reader) await recordReading(view, format, opened.reader);
    return format === 'json'
      ? { status: 200, body: exportJson(view, sealsOf(view.entries)) }
      : { status: 200, body: exportMarkdown(view), contentType: 'text/markdown; charset=utf-8' };
  };

  return {
    answer,
    /** A link that shows one incident to whoever has it, for a day. */
    link: (incident: string, format: 'json' | 'markdown', by: Person): Promise<string | null> =>
      keys.link(incident, by, `/incidents/${encodeURIComponent(incident)}`, { format }),
  };
}

const refusal = (status: number, message: string): Reply => ({ status, body: { error: { message } } });

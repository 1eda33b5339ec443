import type { Pool } from 'pg';
import type { Entry } from '../incidents/event';
import { type PostedSeal, sealing, sealsIn } from '../incidents/posted-seal';

/** The seals of an incident's timeline: those that stand in its thread, and the entries whose seal is still to come. */
export interface Seals {
  readonly posted: readonly PostedSeal[];
  readonly unposted: readonly number[];
}

/**
 * Reads what was sent to an incident's thread; gives its seals once the entries are known. Read before the entries: a
 * seal that is posted meanwhile must not look as if its entry were missing.
 */
export async function readSeals(pool: Pool, incident: string): Promise<(entries: readonly Entry[]) => Seals> {
  const lines = await pool.query<{ seq: number; sent: boolean; text: string | null }>(
    `select split_part(id, ':', 3)::integer as seq, state = 'sent' as sent, content ->> 'text' as text
       from outbox where id like $1 order by seq`,
    [`entry:${incident}:%`],
  );
  const told = await pool.query<{ seq: number }>('select seq from told where incident = $1', [incident]);
  const toldUpTo = told.rows[0]?.seq ?? 0;
  const posted = lines.rows.flatMap(({ seq, sent, text }) =>
    sent ? sealsIn(text ?? '').filter((seal) => seal.seq === seq) : [],
  );
  const known = new Set(posted.map(({ seq }) => seq));
  const waiting = new Set(lines.rows.flatMap(({ seq, sent }) => (sent ? [] : [seq])));
  return (entries) => ({
    posted,
    unposted: entries.flatMap(({ seq, event }) =>
      sealing.has(event.type) && !known.has(seq) && (seq > toldUpTo || waiting.has(seq)) ? [seq] : [],
    ),
  });
}

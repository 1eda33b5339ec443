import type { Pool } from 'pg';
import { type PostedSeal, sealsIn } from '../incidents/verify-export';

/** The seals of an incident's timeline that stand in its thread, as they were sent, oldest first. */
export async function postedSeals(pool: Pool, incident: string): Promise<readonly PostedSeal[]> {
  const { rows } = await pool.query<{ text: string }>(
    `select content ->> 'text' as text from outbox
      where id like $1 and state = 'sent' and content ->> 'text' is not null`,
    [`entry:${incident}:%`],
  );
  return rows.flatMap(({ text }) => sealsIn(text)).toSorted((a, b) => a.seq - b.seq);
}

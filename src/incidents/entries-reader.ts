import type { Pool, PoolClient } from 'pg';
import type { Entry } from './event';
import { type EntryRow, toEntry } from './timeline-rows';

/** Reads an incident's entries, in their order; not from within a transaction that has added some. */
export type ReadEntries = (client: Pool | PoolClient, incident: string) => Promise<readonly Entry[]>;

/** Of how many incidents the entries are remembered. */
const REMEMBERED = 50;

/**
 * A reader that asks the store only for what is newer than what it has read: entries never change. Each time it makes
 * sure by the seal that what it remembers is still what the store has (one that was put back from a backup has
 * something else), and otherwise reads everything anew.
 */
export function entriesReader(): ReadEntries {
  const remembered = new Map<string, readonly Entry[]>();
  return async (client, incident) => {
    const known = remembered.get(incident) ?? [];
    const entries = (await continued(client, incident, known)) ?? (await entriesFrom(client, incident, 0));
    // The newest incidents last, so that the one that nobody has asked about for longest is forgotten first.
    remembered.delete(incident);
    remembered.set(incident, entries);
    const [oldest = ''] = remembered.keys();
    if (remembered.size > REMEMBERED) remembered.delete(oldest);
    return entries;
  };
}

/** What is known and what came after it; null when the store does not have what is known. */
async function continued(
  client: Pool | PoolClient,
  incident: string,
  known: readonly Entry[],
): Promise<readonly Entry[] | null> {
  const last = known.at(-1);
  if (!last) return null;
  const [same, ...newer] = await entriesFrom(client, incident, last.seq);
  if (same?.hash !== last.hash) return null;
  return newer.length === 0 ? known : [...known, ...newer];
}

async function entriesFrom(
  client: Pool | PoolClient,
  incident: string,
  seq: number,
): Promise<readonly Entry[]> {
  const { rows } = await client.query<EntryRow>(
    'select * from timeline where incident = $1 and seq >= $2 order by seq',
    [incident, seq],
  );
  return rows.map(toEntry);
}

import { createHash } from 'node:crypto';
import type { Entry } from './event';
import { canonical } from './json';

/**
 * The hash that seals an entry to all entries before it: SHA-256 over the previous hash and everything the entry
 * says. Changing, dropping, inserting or reordering an earlier entry changes every hash after it.
 */
export function seal(previousHash: string, entry: Omit<Entry, 'hash'>): string {
  const { incident, seq, id, run, actor, happenedAt, recordedAt, event } = entry;
  const said = canonical({ previousHash, incident, seq, id, run, actor, happenedAt, recordedAt, event });
  return createHash('sha256').update(said).digest('hex');
}

/** The first entry whose seal does not hold, oldest first, or null when the whole chain does. */
export function firstBroken(entries: readonly Entry[]): Entry | null {
  let previousHash = '';
  for (const [index, entry] of entries.entries()) {
    if (entry.seq !== index + 1 || seal(previousHash, entry) !== entry.hash) return entry;
    previousHash = entry.hash;
  }
  return null;
}

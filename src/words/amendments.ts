import type { Entry } from '../incidents/event';

/**
 * What was said later about each entry, by its number: ` (amended by #15: “…”)`, to stand behind the entry's own words.
 * Empty for an entry that nobody has amended.
 */
export function amendmentsIn(entries: readonly Entry[]): (seq: number) => string {
  const told = new Map<number, string>();
  for (const { seq, event } of entries)
    if (event.type === 'entry.amended')
      told.set(event.seq, `${told.get(event.seq) ?? ''} (amended by #${seq}: “${event.text}”)`);
  return (seq) => told.get(seq) ?? '';
}

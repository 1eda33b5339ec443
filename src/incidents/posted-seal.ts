import type { EventType } from './event';

/** The seal of an entry as it was posted to the channel, where nobody who can change the store can change it. */
export interface PostedSeal {
  readonly seq: number;
  readonly hash: string;
}

/** Entries whose seal is posted to the channel, so that no later change of what stands before them goes unseen. */
export const sealing: ReadonlySet<EventType> = new Set(['gate.closed', 'gate.broken', 'run.finished']);

/** What stands at the end of the line of a sealing entry, and nowhere else. */
export const sealWords = (hash: string): string => ` · Sealed to here: ${hash}`;

/**
 * Words without anything that reads as a seal: a note that ends like a sealing line would otherwise discredit the
 * timeline for good. Said in other letters and not as character references, which are gone once the line is copied.
 */
export const withoutSeal = (words: string): string => words.replace(/(sealed\s+to\s+here)\s*:/gi, '$1 –');

const line = /^\s*#(\d{1,9}) .* · Sealed to here: ([0-9a-f]{64})\s*$/;

/** The seals in lines copied out of the channel: `#12 … · Sealed to here: 3f9a…`, each whole and on a line of its own. */
export const sealsIn = (text: string): readonly PostedSeal[] =>
  text.split(/\r\n?|\n/).flatMap((one) => {
    const [, seq, hash] = line.exec(one) ?? [];
    return seq === undefined || hash === undefined ? [] : [{ seq: Number(seq), hash }];
  });

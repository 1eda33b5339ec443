import { z } from 'zod/v4';
import type { Entry } from './event';
import { seal } from './seal';

/** The seal of an entry as it was posted to the channel, where nobody who can change the store can change it. */
export interface PostedSeal {
  readonly seq: number;
  readonly hash: string;
}

/** Whether an exported timeline is whole, or the first entry that is not as it was written, and why that is known. */
export type Verdict =
  | {
      readonly whole: true;
      readonly entries: number;
      readonly hash: string;
      /** How many posted seals were compared; without any, a timeline that was sealed anew as a whole looks whole. */
      readonly compared: number;
    }
  | { readonly whole: false; readonly seq: number; readonly why: string };

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const time = z.iso.datetime().transform((text) => new Date(text));

/** What an export must have to be verified; everything else in it is for people. */
const exported = z.object({
  incident: z.string(),
  seal: z.object({ seq: z.int().min(0), hash: z.union([hash, z.literal('')]) }),
  posted: z.array(z.object({ seq: z.int(), hash })).default([]),
  entries: z.array(
    z.looseObject({
      ...{ incident: z.string(), seq: z.int(), id: z.string(), run: z.string().nullable(), hash: z.string() },
      ...{ happenedAt: time, recordedAt: time },
    }),
  ),
});

/**
 * Checks an exported timeline by itself and against seals that were posted outside of it.
 * @throws Error in words when the document is no export of a timeline.
 */
export function verifyExport(document: unknown, outside: readonly PostedSeal[]): Verdict {
  const parsed = exported.safeParse(document);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(
      `This is no timeline as the bot exports it: ${issue?.path.join('.') || 'the whole'}: ${issue?.message}.`,
    );
  }
  const { seal: head, posted } = parsed.data;
  // What the schema does not name (actor, event) is part of what was sealed.
  const entries = parsed.data.entries as unknown as readonly Entry[];
  return (
    brokenLink(entries) ??
    cutOff(entries, head) ??
    otherThanPosted(entries, [...posted, ...outside]) ?? {
      whole: true,
      entries: entries.length,
      hash: entries.at(-1)?.hash ?? '',
      compared: posted.length + outside.length,
    }
  );
}

const bad = (seq: number, why: string): Verdict => ({ whole: false, seq, why });

/** The first entry that is not where it belongs, or whose seal does not hold. */
function brokenLink(entries: readonly Entry[]): Verdict | null {
  let previous = '';
  for (const [index, entry] of entries.entries()) {
    const expected = index + 1;
    if (entry.seq > expected)
      return entries.some(({ seq }) => seq === expected)
        ? bad(expected, `entry ${expected} is not in its place: entry ${entry.seq} stands there`)
        : bad(expected, `entry ${expected} is missing: entry ${entry.seq} follows entry ${expected - 1}`);
    if (entry.seq < expected)
      return bad(entry.seq, `entry ${entry.seq} stands a second time, behind entry ${expected - 1}`);
    if (seal(previous, entry) !== entry.hash)
      return bad(
        expected,
        `the seal of entry ${expected} does not fit what it says and what stands before it: it was changed or put in`,
      );
    previous = entry.hash;
  }
  return null;
}

/** Entries that the export's own head counts and that are not there. */
function cutOff(entries: readonly Entry[], head: PostedSeal): Verdict | null {
  const last = entries.at(-1);
  if (head.seq > entries.length)
    return bad(
      entries.length + 1,
      `the newest entries are cut off: there should be ${head.seq}, and entry ${entries.length + 1} is missing`,
    );
  if (head.seq !== entries.length || head.hash !== (last?.hash ?? ''))
    return bad(
      entries.length,
      `entry ${entries.length} is not the one that the export ends with: its head is ${head.seq} · ${head.hash || 'empty'}`,
    );
  return null;
}

/** The first posted seal that the entries do not have. A chain that was sealed anew as a whole fails here alone. */
function otherThanPosted(entries: readonly Entry[], posted: readonly PostedSeal[]): Verdict | null {
  let good = 0;
  for (const seq of [...new Set(posted.map((one) => one.seq))].toSorted((a, b) => a - b)) {
    const found = entries[seq - 1];
    if (!found)
      return bad(
        entries.length + 1,
        `the newest entries are cut off: the seal of entry ${seq} was posted, and entry ${entries.length + 1} is missing`,
      );
    if (posted.some((one) => one.seq === seq && one.hash !== found.hash))
      return bad(
        good + 1,
        `all was sealed anew: the seal of entry ${seq} is not the one that was posted, so the first changed entry is ${good + 1 === seq ? `entry ${seq}` : `one of ${good + 1} to ${seq}`}`,
      );
    good = seq;
  }
  return null;
}

const postedLine = /#(\d+)\b[^#]*?\bSealed to here: ([0-9a-f]{64})\b/g;

/** The seals in words copied out of the channel: `#12 … Sealed to here: 3f9a…`. */
export const sealsIn = (text: string): readonly PostedSeal[] =>
  [...text.matchAll(postedLine)].map(([, seq, found = '']) => ({ seq: Number(seq), hash: found }));

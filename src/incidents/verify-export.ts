import { z } from 'zod/v4';
import type { Entry } from './event';
import { type PostedSeal, sealing } from './posted-seal';
import { repeatedMember } from './repeated-member';
import { seal } from './seal';

/** Whether an exported timeline is whole, or the first entry that is not as it was written, and why that is known. */
export type Verdict =
  | {
      readonly whole: true;
      readonly entries: number;
      readonly timeline: readonly Entry[];
      readonly hash: string;
      /** Of how many entries posted seals were compared; without any, what was sealed anew as a whole looks whole. */
      readonly compared: number;
      /** Entries that seal the timeline and whose seal was not in the channel yet. */
      readonly uncompared: readonly number[];
    }
  | { readonly whole: false; readonly seq: number; readonly why: string };

type Bad = Extract<Verdict, { whole: false }>;

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** An export. What is not read here is computed from the entries, so it is compared with them and not believed. */
const exported = z.strictObject({
  incident: z.string(),
  ...{
    title: z.unknown(),
    app: z.unknown(),
    simulated: z.unknown(),
    openedAt: z.unknown(),
    runs: z.unknown(),
  },
  seal: z.strictObject({ seq: z.int().min(0), hash: z.union([hash, z.literal('')]) }),
  posted: z.array(z.strictObject({ seq: z.int().min(1), hash })).default([]),
  /** Sealing entries that were not in the channel when the timeline was exported. */
  unposted: z.array(z.int().min(1)).default([]),
  entries: z.array(z.unknown()),
});

/** The store's own spelling of a time; any other one could hide digits that the seal does not cover. */
const time = z
  .string()
  .refine(isSpelled, 'is not spelled as the bot writes a time')
  .transform((text) => new Date(text));

const exportedEntry = z.strictObject({
  ...{ incident: z.string(), seq: z.int(), id: z.string(), run: z.string().nullable(), hash: z.string() },
  ...{ happenedAt: time, recordedAt: time, actor: z.looseObject({}), event: z.looseObject({}) },
});

function isSpelled(text: string): boolean {
  const at = new Date(text);
  return !Number.isNaN(at.getTime()) && at.toISOString() === text;
}

/**
 * Checks the text of an exported timeline by itself and against seals that were posted outside of it.
 * @throws Error in words when it is no export of a timeline.
 */
export function verifyText(text: string, outside: readonly PostedSeal[]): Verdict {
  const document: unknown = JSON.parse(text);
  const repeated = repeatedMember(text);
  if (repeated === null) return verifyExport(document, outside);
  const [list, index] = repeated;
  const name = repeated.at(-1);
  if (list !== 'entries' || typeof index !== 'number')
    throw new Error(`This is no timeline as the bot exports it: it has "${repeated.join('.')}" twice.`);
  return bad(index + 1, `entry ${index + 1} says "${name}" twice, so it reads one way and is sealed another`);
}

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
  const { incident, seal: head, unposted } = parsed.data;
  const read = linked(parsed.data.entries, incident);
  if ('whole' in read) return read;
  const { entries } = read;
  const posted = [...parsed.data.posted, ...outside];
  const compared = new Set(posted.map(({ seq }) => seq));
  return (
    cutOff(entries, head) ??
    otherThanPosted(entries, posted) ??
    neverPosted(entries, new Set([...compared, ...unposted])) ?? {
      ...{
        whole: true,
        entries: entries.length,
        timeline: entries,
        hash: head.hash,
        compared: compared.size,
      },
      uncompared: sealingIn(entries).filter((seq) => !compared.has(seq)),
    }
  );
}

const bad = (seq: number, why: string): Bad => ({ whole: false, seq, why });

const sealingIn = (entries: readonly Entry[]): readonly number[] =>
  entries.flatMap(({ seq, event }) => (sealing.has(event.type) ? [seq] : []));

/** The entries, when each is where it belongs and its seal holds; else the first for which that is not so. */
function linked(read: readonly unknown[], incident: string): Bad | { readonly entries: readonly Entry[] } {
  const numbers = read.map(numberOf);
  const entries: Entry[] = [];
  for (const [index, one] of read.entries()) {
    const wrong = misplaced(index + 1, numbers);
    if (wrong) return wrong;
    const parsed = exportedEntry.safeParse(one);
    if (!parsed.success)
      return bad(index + 1, `entry ${index + 1} is not as the bot writes one: ${issueIn(parsed.error)}`);
    // Actor and event are sealed whole, whatever they say.
    const entry = parsed.data as unknown as Entry;
    const untrue = unsealed(entry, entries.at(-1)?.hash ?? '') ?? outOfPlace(entry, incident);
    if (untrue) return untrue;
    entries.push(entry);
  }
  return entries.length === 0
    ? bad(1, 'entry 1 is missing: every timeline begins with one, and there is none')
    : { entries };
}

const numberOf = (entry: unknown): unknown =>
  typeof entry === 'object' && entry !== null && 'seq' in entry ? entry.seq : null;

const issueIn = ({ issues: [issue] }: z.ZodError): string =>
  `${issue?.path.join('.') || 'its members'}: ${issue?.message}`;

function misplaced(expected: number, numbers: readonly unknown[]): Bad | null {
  const found = numbers[expected - 1];
  if (typeof found !== 'number' || found === expected) return null;
  if (found < expected)
    return bad(found, `entry ${found} stands a second time, behind entry ${expected - 1}`);
  return numbers.includes(expected)
    ? bad(expected, `entry ${expected} is not in its place: entry ${found} stands there`)
    : bad(expected, `entry ${expected} is missing: entry ${found} follows entry ${expected - 1}`);
}

const unsealed = (entry: Entry, previous: string): Bad | null =>
  seal(previous, entry) === entry.hash
    ? null
    : bad(
        entry.seq,
        `the seal of entry ${entry.seq} does not fit what it says and what stands before it: it was changed or put in`,
      );

function outOfPlace({ seq, incident: own, event }: Entry, incident: string): Bad | null {
  if (own !== incident)
    return bad(seq, `entry ${seq} is of ${own}, and the file says that it is of ${incident}`);
  if (event.type === 'entry.amended' && !(event.seq >= 1 && event.seq < seq))
    return bad(seq, `entry ${seq} amends entry ${event.seq}, which does not stand before it`);
  return null;
}

/** Entries that the store's own head counts and that are not there. */
function cutOff(entries: readonly Entry[], head: PostedSeal): Bad | null {
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
function otherThanPosted(entries: readonly Entry[], posted: readonly PostedSeal[]): Bad | null {
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

/** The first entry whose seal must have been posted, and is neither there nor was still to come. */
function neverPosted(entries: readonly Entry[], known: ReadonlySet<number>): Bad | null {
  const seq = sealingIn(entries).find((one) => !known.has(one));
  return seq === undefined
    ? null
    : bad(
        seq,
        `the seal of entry ${seq} was posted when it was written, and is not among those posted: it was taken out, or the entry was put in`,
      );
}

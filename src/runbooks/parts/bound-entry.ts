import { z } from 'zod/v4';
import type { CompileContext } from '../../engine/runbook';
import { type Happening, happeningsIn, type Source, sourceWords } from './happenings';
import { refuse } from './refuse';

/** The entry of a log that a restore goes back behind: part of the plan, so that people approve it. */
export const boundEntry = z.object({
  source: z.enum(['audit trail', 'activity log'] satisfies readonly Source[]),
  id: z.string().min(1).max(200),
  /** When it happened, UTC. */
  at: z.iso.datetime(),
  words: z.string().min(1).max(600),
});
export type BoundEntry = z.infer<typeof boundEntry>;

/** A happening as a plan is bound to it. */
export const boundTo = ({ source, id, at, words }: Happening): BoundEntry => ({
  ...{ source, id, at: at.toISOString(), words },
});

/**
 * The moment to restore to so that something is not included: the last whole second that lies a second or more before
 * it, since clocks differ and a log may be written a little after what it tells.
 */
export const momentBefore = (at: Date): Date => new Date(Math.floor((at.getTime() - 1000) / 1000) * 1000);

/** A log's own time may be finer than ours; an operation's events may follow one another. */
const WITHIN_MS = 1_000;

/**
 * Why a restore cannot be bound to its entry; null when the entry is still there, says the same, and lies behind the
 * restore point. @throws AzureProblem when its log cannot be read.
 */
export async function boundRefusal(
  { database, at, entry }: { readonly database: string; readonly at: string; readonly entry: BoundEntry },
  context: CompileContext,
) {
  const happened = new Date(entry.at);
  if (momentBefore(happened).getTime() !== Date.parse(at))
    return refuse(
      'EntryMismatch',
      `${at} is not the moment just before "${entry.words}" (${entry.at}). Ask again with "@dr restore".`,
    );
  const between = { since: happened, until: new Date(happened.getTime() + WITHIN_MS) };
  const told = await happeningsIn(entry.source, context, database, between);
  const found = told.find(({ id }) => id === entry.id);
  const where = sourceWords[entry.source];
  const instead = `Ask again with "@dr restore", or type the time yourself: "@dr restore db to ${at}".`;
  if (!found)
    return refuse(
      'EntryGone',
      `The entry that this restore was to go back behind is not in ${where} any more: "${entry.words}", ${entry.at}. ${instead}`,
    );
  if (found.words !== entry.words || found.at.getTime() !== happened.getTime())
    return refuse(
      'EntryChanged',
      `The entry that this restore was to go back behind says something else now: "${found.words}", ${found.at.toISOString()}, and not "${entry.words}", ${entry.at}. ${instead}`,
    );
  return null;
}

/** What people are told about the entry that a plan is bound to. */
export const boundNotice = ({ source, words, at, id }: BoundEntry): string =>
  `The restore point lies just before "${words}", ${at} (${sourceWords[source]}, entry ${id}). That is not included; everything after it is lost as well.`;

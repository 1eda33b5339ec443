import type { Database } from '../../azure/azure';
import type { Context, OfferedMoment } from '../../engine/runbook';
import type { Json } from '../../incidents/json';
import { boundTo, momentBefore } from './bound-entry';
import { entryWords, type Happening, happenings, sourceWords } from './happenings';

/** More nobody reads at night. */
const MOST = 5;
/** Of them, what deleted nothing: changes that were wrong in another way. What was added is everyday business. */
const MOST_HARMLESS = 2;

/** Deletions by one person, each so soon after the one before, are one deletion in several steps. */
const ONE_STEP_MS = 2 * 60_000;

/** What a form says about the moments that it offers. */
export type Offered = { readonly moments: readonly OfferedMoment[]; readonly notices: readonly Json[] };

/**
 * The moments just before something was done to a live database: deletions first, the newest first, as far back as
 * Azure can restore. What cannot be found out is said.
 */
export async function offeredMoments(context: Context, live: Database): Promise<Offered> {
  const since = live.earliestRestore;
  if (since === null) return { moments: [], notices: [] };
  const { known, unknown } = await happenings(context, live.name, { since, until: context.now });
  const offered = stepsTogether(known)
    .map((happening) => ({ happening, point: momentBefore(happening.at) }))
    .filter(({ point }) => point >= since)
    .toSorted((a, b) => b.happening.at.getTime() - a.happening.at.getTime());
  const deletions = offered.filter(({ happening }) => happening.destructive).slice(0, MOST);
  const others = offered
    .filter(
      ({ happening, point }) =>
        !happening.destructive && happening.entry?.action !== 'insert' && point <= live.latestRestore,
    )
    .slice(0, Math.min(MOST_HARMLESS, MOST - deletions.length));
  const lag = context.now.getTime() - live.latestRestore.getTime();
  return {
    moments: [...deletions, ...others].map(({ happening, point }) => ({
      ...{ label: 'Just before', short: 'Just before this', words: happening.told },
      happened: happening.at.toISOString(),
      from: sourceWords[happening.source],
      parameters: { database: live.name, at: point.toISOString(), entry: boundTo(happening) },
      possibleFrom: point > live.latestRestore ? new Date(point.getTime() + lag).toISOString() : null,
    })),
    notices: unknown,
  };
}

/** A happening, and all that it stands for in words: the first of several steps stands for them all. */
type Told = Happening & { readonly told: string };

/** Deletions that belong together as one, with the first of them in front: a restore has to go back behind that. */
function stepsTogether(known: readonly Happening[]): readonly Told[] {
  const groups: Happening[][] = [];
  for (const one of known.toSorted((a, b) => a.at.getTime() - b.at.getTime())) {
    const group = groups.findLast((steps) => steps[0] !== undefined && isOneDeletion(steps[0], one));
    const last = group?.at(-1);
    if (group && last && one.at.getTime() - last.at.getTime() <= ONE_STEP_MS) group.push(one);
    else groups.push([one]);
  }
  return groups.flatMap((steps) => {
    const [first] = steps;
    return first ? [{ ...first, told: toldOf(first, steps) }] : [];
  });
}

const isOneDeletion = ({ entry: a }: Happening, { entry: b }: Happening): boolean =>
  a?.action === 'delete' && b?.action === 'delete' && a.by === b.by && a.table === b.table;

function toldOf(first: Happening, steps: readonly Happening[]): string {
  if (!first.entry || steps.length === 1) return first.words;
  const rows = steps.reduce((sum, { entry }) => sum + (entry?.rows ?? 0), 0);
  return `${entryWords({ ...first.entry, rows })} in ${steps.length} steps`;
}

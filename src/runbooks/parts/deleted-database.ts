import { AzureProblem } from '../../azure/operation';
import type { DroppedDatabase } from '../../azure/sql/dropped-databases';
import { toTheSecond } from '../../azure/to-the-second';
import { deletedName } from '../../engine/deleted-name';
import type { Context, OfferedMoment } from '../../engine/runbook';
import type { JsonObject } from '../../incidents/json';
import { refuse } from './refuse';

/** More of them nobody looks through in a list on a phone. */
const MOST_LISTED = 20;
const MOST_OFFERED = 5;

/** The deleted databases of the app's server; or, in words, that they could not be listed. */
export async function deletedDatabases({ app, azure }: Context): Promise<{
  readonly deleted: readonly DroppedDatabase[];
  readonly unknown: readonly string[];
}> {
  try {
    return { deleted: await azure.sql.dropped(app.sqlServer), unknown: [] };
  } catch (error) {
    if (!(error instanceof AzureProblem)) throw error;
    const words = `Deleted databases could not be listed (${error.details.code}): a database that is not in the list may still be restorable.`;
    return { deleted: [], unknown: [words] };
  }
}

/** The databases that can be chosen: those that are there, and those that were deleted, marked as such. */
export const choosable = (names: readonly string[], deleted: readonly DroppedDatabase[]): JsonObject[] => [
  ...names.map((name) => ({ title: name, value: name })),
  ...deleted.slice(0, MOST_LISTED).map(({ id, name, deletedAt }) => ({
    title: `${name} · deleted ${toTheSecond(deletedAt)}`,
    value: id,
  })),
];

/**
 * Which database is meant by what was asked for: one that is there, a deleted one by its own name in Azure, or the last
 * deleted one that was called so. Null when there is none.
 */
export function databaseMeant(
  asked: string,
  names: readonly string[],
  deleted: readonly DroppedDatabase[],
): string | DroppedDatabase | null {
  const wanted = asked.toLowerCase();
  return (
    names.find((name) => name.toLowerCase() === wanted) ??
    deleted.find(({ id }) => id.toLowerCase() === wanted) ??
    deleted.find(({ name }) => name.toLowerCase() === (deletedName(asked)?.name ?? asked).toLowerCase()) ??
    null
  );
}

/** The form's values about a deleted database. */
export function deletedValues(
  meant: DroppedDatabase,
  names: readonly string[],
  deleted: readonly DroppedDatabase[],
): JsonObject {
  const back = names.some((name) => name.toLowerCase() === meant.name.toLowerCase())
    ? `a database of that name exists again, so it can only be restored beside it`
    : 'it comes back under its own name';
  return {
    database: meant.id,
    earliest: meant.earliestRestore?.toISOString() ?? null,
    latest: meant.deletedAt.toISOString(),
    ended: true,
    tier: meant.tier ?? 'unknown tier',
    size: 'unknown size',
    replication: `Deleted ${toTheSecond(meant.deletedAt)}: ${back}.`,
    moments: deleted
      .filter(({ name }) => name.toLowerCase() === meant.name.toLowerCase())
      .slice(0, MOST_OFFERED)
      .map(atItsDeletion),
  };
}

/** Back to the last thing that was in it: what a deletion took is the whole database, so nothing has to be left out. */
const atItsDeletion = ({ id, name, deletedAt }: DroppedDatabase): OfferedMoment => ({
  ...{ label: 'As it was when', short: 'As it was then', words: `${name} was deleted` },
  happened: deletedAt.toISOString(),
  from: "Azure's list of deleted databases",
  parameters: { database: id, at: deletedAt.toISOString() },
  possibleFrom: null,
});

/** What is said when a database is not there because it was deleted; null when Azure lists no deletion of it. */
export async function deletedRefusal(database: string, context: Context) {
  const { deleted } = await deletedDatabases(context);
  const last = deleted.find(({ name }) => name.toLowerCase() === database.toLowerCase());
  return last
    ? refuse(
        'DatabaseDeleted',
        `${last.name} was deleted ${toTheSecond(last.deletedAt)}. The whole database can be brought back: "@dr restore ${last.name}" offers it, marked as deleted.`,
      )
    : null;
}

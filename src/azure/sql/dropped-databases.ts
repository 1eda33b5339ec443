import type { RestorableDroppedDatabase } from '@azure/arm-sql';
import { all } from '../call';
import { type Connection, reading } from '../connection';
import type { SqlServerRef } from '../refs';
import { sqlServerId } from '../resource-id';
import { objectiveOf } from './objective-of';

/** A database that was deleted and can still be restored, on the server it was on. Times are UTC. */
export interface DroppedDatabase {
  /** Azure's own name of it, `<name>,<deletion in ticks>`: tells apart those of the same name. */
  readonly id: string;
  readonly name: string;
  readonly deletedAt: Date;
  readonly earliestRestore: Date | null;
  /** The service objective that it had; null where Azure does not say. */
  readonly tier: string | null;
  readonly location: string;
  readonly tags: { readonly [name: string]: string };
}

/** RestorableDroppedDatabases_ListByServer, the last deleted first. A deletion takes minutes to appear in it. */
export async function droppedDatabases(
  azure: Connection,
  server: SqlServerRef,
): Promise<readonly DroppedDatabase[]> {
  const { sql } = azure.clients(server.subscriptionId);
  const found = await azure.call(reading(`the deleted databases of ${server.server}`), (abortSignal) =>
    all(sql.restorableDroppedDatabases.listByServer(server.resourceGroup, server.server, { abortSignal })),
  );
  return found.flatMap(droppedDatabase).sort((a, b) => b.deletedAt.getTime() - a.deletedAt.getTime());
}

/** The resource id that a restore is asked with. */
export const droppedDatabaseId = (server: SqlServerRef, id: string): string =>
  `${sqlServerId(server)}/restorableDroppedDatabases/${id}`;

/** What Azure does not name or date cannot be asked for. */
function droppedDatabase(found: RestorableDroppedDatabase): readonly DroppedDatabase[] {
  const { name: id, databaseName: name, deletionDate: deletedAt } = found;
  if (!id || !name || !deletedAt) return [];
  return [
    {
      ...{ id, name, deletedAt, earliestRestore: found.earliestRestoreDate ?? null },
      tier: objectiveOf(found.sku),
      ...{ location: found.location ?? '', tags: found.tags ?? {} },
    },
  ];
}

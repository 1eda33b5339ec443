import { orNull } from '../call';
import { type Connection, databaseWords, reading } from '../connection';
import type { SqlServerRef } from '../refs';
import { sqlServerId } from '../resource-id';

/** The newest geo-backup of a database: it is kept in the paired region, and outlives its own. */
export interface GeoBackup {
  /** UTC: what was written later is not in it. Null where Azure does not say. */
  readonly at: Date | null;
  /** The service objective that the database had; null in an elastic pool, or where Azure does not say. */
  readonly tier: string | null;
}

/** The id of a database's geo-backups. */
export const recoverableId = (server: SqlServerRef, database: string): string =>
  `${sqlServerId(server)}/recoverableDatabases/${database}`;

/** RecoverableDatabases_Get; null when Azure has no geo-backup of it. */
export async function geoBackup(
  azure: Connection,
  server: SqlServerRef,
  database: string,
): Promise<GeoBackup | null> {
  const { sql } = azure.clients(server.subscriptionId);
  const found = await orNull(
    azure.call(reading(`the geo-backups of ${databaseWords(server, database)}`), (abortSignal) =>
      sql.recoverableDatabases.get(server.resourceGroup, server.server, database, { abortSignal }),
    ),
  );
  const tier = found?.serviceLevelObjective ?? null;
  return (
    found && {
      at: found.lastAvailableBackupDate ?? null,
      tier: tier === 'ElasticPool' || found.elasticPoolName ? null : tier,
    }
  );
}

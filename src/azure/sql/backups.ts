import { orNull } from '../call';
import { type Connection, databaseWords, reading } from '../connection';
import type { SqlServerRef } from '../refs';
import { sdkDatabase } from './sdk-database';

/** How the backups of a database are kept. */
export interface Backups {
  /** `Geo`, `GeoZone`, `Zone` or `Local`; null where Azure does not say. */
  readonly redundancy: string | null;
  /** How many days back a point-in-time restore reaches; null where Azure does not say. */
  readonly days: number | null;
  /** Hours between differential backups; null where Azure does not say. */
  readonly differentialHours: number | null;
}

/** Databases_Get and BackupShortTermRetentionPolicies_Get; null when there is no such database. */
export async function backups(
  azure: Connection,
  server: SqlServerRef,
  database: string,
): Promise<Backups | null> {
  const { sql } = azure.clients(server.subscriptionId);
  const [found, policy] = await Promise.all([
    sdkDatabase(azure, server, database),
    orNull(
      azure.call(reading(`the backup retention of ${databaseWords(server, database)}`), (abortSignal) =>
        sql.backupShortTermRetentionPolicies.get(server.resourceGroup, server.server, database, 'default', {
          abortSignal,
        }),
      ),
    ),
  ]);
  if (!found) return null;
  return {
    redundancy: found.currentBackupStorageRedundancy ?? found.requestedBackupStorageRedundancy ?? null,
    days: policy?.retentionDays ?? null,
    differentialHours: policy?.diffBackupIntervalInHours ?? null,
  };
}

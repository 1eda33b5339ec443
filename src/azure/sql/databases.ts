import type { Database as SdkDatabase } from '@azure/arm-sql';
import type { Database } from '../azure';
import { all } from '../call';
import { type Connection, databaseWords, reading } from '../connection';
import { AzureProblem } from '../operation';
import type { SqlServerRef } from '../refs';
import { databaseResourceId } from '../resource-id';
import { failoverGroupOf } from './failover-groups';
import { replicationLinks } from './replication';
import { sdkDatabase } from './sdk-database';

/** Databases_ListByServer, without the system's own `master`. */
export async function databaseNames(azure: Connection, server: SqlServerRef): Promise<readonly string[]> {
  const { sql } = azure.clients(server.subscriptionId);
  const databases = await azure.call(reading(`the databases of ${server.server}`), (abortSignal) =>
    all(sql.databases.listByServer(server.resourceGroup, server.server, { abortSignal })),
  );
  return databases.flatMap(({ name }) => (name && name !== 'master' ? [name] : []));
}

/** Everything about one database, from five readings side by side; null when it does not exist. */
export async function database(
  azure: Connection,
  server: SqlServerRef,
  name: string,
): Promise<Database | null> {
  const [found, replication, failoverGroup, retentionDays, usedBytes] = await Promise.all([
    sdkDatabase(azure, server, name),
    replicationLinks(azure, server, name),
    failoverGroupOf(azure, server, name),
    orUnknown(azure, retention(azure, server, name)),
    orUnknown(azure, sizeInUse(azure, server, name)),
  ]);
  if (!found) return null;
  return {
    name: found.name ?? name,
    resourceId: found.id ?? databaseResourceId(server, name),
    databaseId: found.databaseId ?? '',
    status: found.status ?? 'Unknown',
    location: found.location,
    tier: tierOf(found),
    elasticPoolId: found.elasticPoolId ?? null,
    collation: found.collation ?? null,
    earliestRestore: found.earliestRestoreDate ?? null,
    latestRestore: new Date(azure.now().getTime() - azure.logBackupLagMinutes * 60_000),
    retentionDays,
    usedBytes,
    maxBytes: found.maxSizeBytes ?? null,
    failoverGroup,
    replication,
    tags: found.tags ?? {},
  };
}

/** The service objective that a database has now, or will have when Azure has not settled it yet. */
export const tierOf = (found: SdkDatabase): string =>
  found.currentServiceObjectiveName ?? found.requestedServiceObjectiveName ?? found.sku?.name ?? 'Unknown';

/** DatabaseUsages_ListByDatabase, `database_size`: bytes that the data takes; null when Azure gives none. */
export async function sizeInUse(
  azure: Connection,
  server: SqlServerRef,
  name: string,
): Promise<number | null> {
  const { sql } = azure.clients(server.subscriptionId);
  const usages = await azure.call(reading(`the size of ${databaseWords(server, name)}`), (abortSignal) =>
    all(sql.databaseUsages.listByDatabase(server.resourceGroup, server.server, name, { abortSignal })),
  );
  return usages.find((usage) => usage.name === 'database_size')?.currentValue ?? null;
}

async function retention(azure: Connection, server: SqlServerRef, name: string): Promise<number | null> {
  const { sql } = azure.clients(server.subscriptionId);
  const policy = await azure.call(
    reading(`the backup retention of ${databaseWords(server, name)}`),
    (abortSignal) =>
      sql.backupShortTermRetentionPolicies.get(server.resourceGroup, server.server, name, 'default', {
        abortSignal,
      }),
  );
  return policy.retentionDays ?? null;
}

/**
 * The value, or null where Azure refuses to tell: missing rights must not stop a recovery. What may pass is
 * thrown, since a value that comes and goes would look like a change of the database.
 */
export async function orUnknown<T>(azure: Connection, value: Promise<T | null>): Promise<T | null> {
  try {
    return await value;
  } catch (error) {
    if (!(error instanceof AzureProblem) || error.details.passing) throw error;
    // What is asked of a database that is not there needs no mention: that it is not there is the answer.
    if (error.details.status !== 404) azure.log(error.message);
    return null;
  }
}

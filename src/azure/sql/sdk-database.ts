import type { Database as SdkDatabase } from '@azure/arm-sql';
import { orNull } from '../call';
import { type Connection, databaseWords, reading } from '../connection';
import type { SqlServerRef } from '../refs';

/** Databases_Get as the SDK gives it; null when the server has no such database. */
export function sdkDatabase(
  azure: Connection,
  server: SqlServerRef,
  name: string,
): Promise<SdkDatabase | null> {
  const { sql } = azure.clients(server.subscriptionId);
  return orNull(
    azure.call(reading(databaseWords(server, name)), (abortSignal) =>
      sql.databases.get(server.resourceGroup, server.server, name, { abortSignal }),
    ),
  );
}

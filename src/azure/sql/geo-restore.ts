import type { Database } from '@azure/arm-sql';
import { type Connection, databaseWords } from '../connection';
import { type LongRunning, longRunning } from '../handler';
import type { OperationHandler, OperationOf } from '../operation';
import { percentOf } from './database-operations';
import { factsOf, lookForNewDatabase } from './new-database';
import { recoverableId } from './recoverable';

type GeoRestore = OperationOf<'sql.geo-restore'>;

/**
 * Databases_CreateOrUpdate with `createMode: Recovery`: the newest geo-backup becomes a database on another server.
 * Azure takes the newest one there is when the restore begins.
 */
export function geoRestore(azure: Connection): OperationHandler<GeoRestore> {
  const restore: LongRunning<GeoRestore, Database, Database> = {
    rest: ({ server, target, from, source }) =>
      `PUT ${server.server}/databases/${target} (createMode Recovery, geo-backup of ${source} on ${from.server})`,
    target: ({ server, target }) => `${server.server}/${target}`,
    words: ({ server, target, from, source }) => ({
      doing: `Restoring the newest geo-backup of "${source}" on ${from.server} to`,
      resource: databaseWords(server, target),
    }),
    look: ({ server, target, from, source }, sent) =>
      lookForNewDatabase(azure, server, target, recoverableId(from, source), sent),
    prepare: ({ from, source, tier, location }) =>
      Promise.resolve({
        location,
        createMode: 'Recovery',
        recoverableDatabaseId: recoverableId(from, source),
        // A pool belongs to the old server: the new one's default holds where the database was in one.
        ...(tier === null ? {} : { sku: { name: tier } }),
      }),
    send: ({ server, target, location }, prepared, options) =>
      azure
        .clients(server.subscriptionId)
        .sql.databases.beginCreateOrUpdate(
          server.resourceGroup,
          server.server,
          target,
          prepared ?? { location },
          options,
        ),
    facts: ({ server, target }, result) => factsOf(azure, server, target, result),
    percent: ({ server, target }) => percentOf(azure, server, target),
  };
  return longRunning(azure, restore);
}

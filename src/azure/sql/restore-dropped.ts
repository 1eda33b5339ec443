import type { Database } from '@azure/arm-sql';
import { type Connection, databaseWords } from '../connection';
import { type LongRunning, longRunning } from '../handler';
import type { OperationHandler, OperationOf } from '../operation';
import { percentOf } from './database-operations';
import { droppedDatabaseId } from './dropped-databases';
import { factsOf, lookForNewDatabase } from './new-database';

type RestoreDropped = OperationOf<'sql.restore-dropped'>;

/** Databases_CreateOrUpdate with `createMode: Restore`: a deleted database, at its deletion or at an earlier moment. */
export function restoreDropped(azure: Connection): OperationHandler<RestoreDropped> {
  const restore: LongRunning<RestoreDropped, Database, Database> = {
    rest: ({ target, dropped, at }) =>
      `PUT …/databases/${target} (createMode Restore, restorableDroppedDatabases/${dropped}${at === null ? '' : `, restorePointInTime ${at}`})`,
    target: ({ target }) => target,
    words: ({ server, dropped, target }) => ({
      doing: `Restoring the deleted database "${dropped}" to`,
      resource: databaseWords(server, target),
    }),
    look: ({ server, target, dropped }, sent) =>
      lookForNewDatabase(azure, server, target, droppedDatabaseId(server, dropped), sent),
    prepare: ({ server, dropped, at, tier, location }) =>
      Promise.resolve({
        location,
        createMode: 'Restore',
        restorableDroppedDatabaseId: droppedDatabaseId(server, dropped),
        ...(at === null ? {} : { restorePointInTime: new Date(at) }),
        // Which elastic pool it was in, Azure does not say: then its default holds.
        ...(tier === null || tier === 'ElasticPool' ? {} : { sku: { name: tier } }),
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

import type { Database } from '@azure/arm-sql';
import { type Connection, databaseWords } from '../connection';
import { type LongRunning, longRunning } from '../handler';
import type { Look, OperationHandler, OperationOf } from '../operation';
import { databaseResourceId } from '../resource-id';
import { percentOf } from './database-operations';
import { factsOf, lookForNewDatabase, placement } from './new-database';

type Restore = OperationOf<'sql.point-in-time-restore'>;

/** Databases_CreateOrUpdate with `createMode: PointInTimeRestore`: a copy as it was at a moment, beside its source. */
export function pointInTimeRestore(azure: Connection): OperationHandler<Restore> {
  const restore: LongRunning<Restore, Database, Database> = {
    rest: ({ target, source, at }) =>
      `PUT …/databases/${target} (createMode PointInTimeRestore, source ${source}, restorePointInTime ${at})`,
    target: ({ target }) => target,
    words: ({ server, source, target, at }) => ({
      doing: `Restoring "${source}" as of ${at} to`,
      resource: databaseWords(server, target),
    }),
    look: ({ server, target, source }, sent): Promise<Look> =>
      lookForNewDatabase(azure, server, target, databaseResourceId(server, source), sent),
    prepare: async ({ server, source, at, tier, location }) => ({
      location,
      createMode: 'PointInTimeRestore',
      sourceDatabaseId: databaseResourceId(server, source),
      restorePointInTime: new Date(at),
      ...(await placement(azure, server, source, tier)),
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

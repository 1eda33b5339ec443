import { type Connection, databaseWords } from '../connection';
import { type LongRunning, longRunning } from '../handler';
import { lookWithTrace } from '../look-with-trace';
import type { Look, OperationHandler, OperationOf, Sent } from '../operation';
import { observedProblem } from '../problem';
import { databaseResourceId, sameName } from '../resource-id';
import { percentOf } from './database-operations';
import { sdkDatabase } from './sdk-database';

type Delete = OperationOf<'sql.delete'>;

/** Databases_Delete, and only of the database with this GUID: a name may have come to mean another. */
export function deleteDatabase(azure: Connection): OperationHandler<Delete> {
  const one: LongRunning<Delete, null, void> = {
    rest: ({ database }) => `DELETE …/databases/${database}`,
    target: ({ database }) => database,
    words: ({ server, database }) => ({ doing: 'Deleting', resource: databaseWords(server, database) }),
    look: (operation, sent) => look(azure, operation, sent),
    prepare: () => Promise.resolve(null),
    send: ({ server, database }, _, options) =>
      azure
        .clients(server.subscriptionId)
        .sql.databases.beginDelete(server.resourceGroup, server.server, database, options),
    facts: () => Promise.resolve({}),
    percent: ({ server, database }) => percentOf(azure, server, database),
  };
  return longRunning(azure, one);
}

async function look(azure: Connection, operation: Delete, sent: Sent): Promise<Look> {
  const { server, database } = operation;
  const traced = {
    subscriptionId: server.subscriptionId,
    resourceId: databaseResourceId(server, database),
    action: 'Microsoft.Sql/servers/databases/delete',
  };
  return lookWithTrace(azure, traced, database, sent, () => effectOf(azure, operation));
}

async function effectOf(azure: Connection, { server, database, databaseId }: Delete): Promise<Look | null> {
  const found = await sdkDatabase(azure, server, database);
  if (!found) return { state: 'done', facts: {} };
  if (sameName(found.databaseId, databaseId)) return null;
  return {
    state: 'blocked',
    problem: observedProblem(
      'DatabaseReplaced',
      `"${database}" on ${server.server} is not the database that was to be deleted: expected ${databaseId}, found ${found.databaseId ?? 'no id'}. Nothing was deleted. Skip this step, or delete the right one by hand.`,
    ),
  };
}

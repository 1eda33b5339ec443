import type { DatabaseOperation } from '@azure/arm-sql';
import { all, orNull } from '../call';
import { type Connection, databaseWords, reading } from '../connection';
import { notBefore } from '../not-before';
import type { AzureProblem } from '../operation';
import { observedProblem } from '../problem';
import type { SqlServerRef } from '../refs';

/** DatabaseOperations_ListByDatabase since a moment, newest first; empty when Azure has no such database. */
export async function operationsSince(
  azure: Connection,
  server: SqlServerRef,
  database: string,
  since: Date,
): Promise<readonly DatabaseOperation[]> {
  const { sql } = azure.clients(server.subscriptionId);
  const found = await orNull(
    azure.call(reading(`the operations of ${databaseWords(server, database)}`), (abortSignal) =>
      all(
        sql.databaseOperations.listByDatabase(server.resourceGroup, server.server, database, { abortSignal }),
      ),
    ),
  );
  return (found ?? [])
    .filter((operation) => notBefore(operation.startTime, since))
    .sort((a, b) => (b.startTime?.getTime() ?? 0) - (a.startTime?.getTime() ?? 0));
}

/** Whether Azure still works on it. */
export const isRunning = (operation: DatabaseOperation): boolean =>
  operation.state === 'Pending' || operation.state === 'InProgress' || operation.state === 'CancelInProgress';

/** The percentage of the operation that runs on a database; null when none does or Azure gives none. */
export async function percentOf(
  azure: Connection,
  server: SqlServerRef,
  database: string,
): Promise<number | null> {
  const operations = await operationsSince(azure, server, database, new Date(0));
  return operations.find(isRunning)?.percentComplete ?? null;
}

/** A database operation that ended badly, as the problem that it is; null for any other. */
export function failureOf(operation: DatabaseOperation | undefined, database: string): AzureProblem | null {
  if (operation?.state !== 'Failed' && operation?.state !== 'Cancelled') return null;
  const code = operation.errorCode ? `SqlError${operation.errorCode}` : `Operation${operation.state}`;
  const said = operation.errorDescription ?? `Azure ended it as ${operation.state} without a reason`;
  return observedProblem(
    code,
    `"${operation.operationFriendlyName ?? operation.operation ?? 'The operation'}" on database "${database}" did not work: ${said} (${code}) Nothing stands under that name. Mend the cause and retry.`,
  );
}

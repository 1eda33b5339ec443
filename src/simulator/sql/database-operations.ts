import { endBadly, operationsOn, percentComplete } from '../arm/operations';
import { type Call, param, type Route } from '../arm/route';
import { AzureError } from '../azure-error';
import { realTimeAt } from '../clock';
import { effects } from '../effects';
import type { HostAnswer } from '../host';
import type { Database, Operation } from '../state';
import { timeStamp } from '../world';
import { databaseId, databasePath, findDatabase } from './databases';
import { findServer } from './servers';

const apiVersions = ['2021-02-01-preview', '2023-08-01-preview'];

/** What is going on with a database, how far it is, and stopping it (Microsoft.Sql 2021-02-01-preview, DatabaseOperations). */
export const databaseOperationRoutes: readonly Route[] = [
  {
    operation: 'DatabaseOperations_ListByDatabase',
    method: 'GET',
    path: `${databasePath}/operations`,
    apiVersions,
    handler: (call) => {
      const database = findDatabase(call);
      const value = operationsOn(call.world, database.databaseId).map((operation) =>
        view(call, database, operation),
      );
      return { status: 200, body: { value } };
    },
  },
  {
    operation: 'DatabaseOperations_Cancel',
    method: 'POST',
    path: `${databasePath}/operations/{operationId}/cancel`,
    apiVersions,
    handler: cancel,
  },
];

function cancel(call: Call): HostAnswer {
  const database = findDatabase(call);
  const id = param(call, 'operationId');
  const operation = operationsOn(call.world, database.databaseId).find(
    (known) => known.id === id.toLowerCase(),
  );
  if (operation === undefined) {
    throw new AzureError(404, 'OperationIdNotFound', `The operation with Id '${id}' does not exist.`);
  }
  if (operation.state !== 'InProgress' || !operation.cancellable) {
    throw new AzureError(
      409,
      'CannotCancelOperation',
      'The management operation is in a state that cannot be cancelled.',
    );
  }
  const error = { code: 'OperationCancelled', message: 'The operation has been cancelled by user.' };
  endBadly(call.world, effects, operation, 'Cancelled', error, timeStamp(call.world));
  return { status: 200 };
}

function view(call: Call, database: Database, operation: Operation): unknown {
  const { world } = call;
  const estimated = new Date(realTimeAt(world.state.clock, operation.startedAt + operation.duration));
  return {
    properties: {
      databaseName: database.name,
      serverName: database.server,
      operation: operation.name,
      operationFriendlyName: operation.friendlyName,
      percentComplete: percentComplete(world, operation),
      startTime: operation.startTime,
      state: operation.state,
      isCancellable: operation.cancellable && operation.state === 'InProgress',
      ...(operation.state === 'InProgress' ? { estimatedCompletionTime: estimated.toISOString() } : {}),
      ...(operation.error === undefined
        ? {}
        : { errorDescription: operation.error.message, isUserError: false }),
    },
    id: `${databaseId(world, findServer(call), database.name)}/operations/${operation.id}`,
    name: operation.id,
    type: 'Microsoft.Sql/servers/databases/operations',
  };
}

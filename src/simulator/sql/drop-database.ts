import { endBadly, operationsOn, startOperation } from '../arm/operations';
import { type Call, param, type Route } from '../arm/route';
import { AzureError } from '../azure-error';
import { SECOND } from '../clock';
import { effects } from '../effects';
import type { HostAnswer } from '../host';
import { timeStamp } from '../world';
import { databaseNamed, databasePath, databaseVersions, groupOf, refuseReservedName } from './databases';
import { findServer } from './servers';

/** Deleting a database (Microsoft.Sql 2022-08-01-preview, Databases_Delete): 204 when there is none. */
export const dropDatabaseRoutes: readonly Route[] = [
  {
    operation: 'Databases_Delete',
    method: 'DELETE',
    path: databasePath,
    apiVersions: databaseVersions,
    handler: drop,
  },
];

function drop(call: Call): HostAnswer {
  const { world } = call;
  const server = findServer(call);
  const name = param(call, 'databaseName');
  refuseReservedName(name);
  const database = databaseNamed(world, server.name, name);
  if (database === undefined) {
    return { status: 204 };
  }
  if (groupOf(world, database) !== undefined) {
    throw new AzureError(
      409,
      'InvalidOperationForDatabaseInReplicationRelationship',
      `The database '${name}' is part of a failover group. Remove it from the group before it is deleted.`,
    );
  }
  const underWay = operationsOn(world, database.databaseId).filter(
    (operation) => operation.state === 'InProgress',
  );
  const creation = underWay.find((operation) => operation.effect.type === 'database.created');
  if (creation !== undefined) {
    // Deleting the target of a restore is Azure's way to cancel it.
    const error = { code: 'OperationCancelled', message: 'The operation has been cancelled by user.' };
    endBadly(world, effects, creation, 'Cancelled', error, timeStamp(world));
    return { status: 200 };
  }
  if (underWay.length > 0) {
    throw new AzureError(
      409,
      'ConflictingDatabaseOperation',
      'There is already some operation on the database and the current operation should wait till it is done.',
    );
  }
  return startOperation(call, {
    collection: 'database',
    name: 'DropLogicalDatabase',
    friendlyName: 'DROP DATABASE',
    server,
    databaseId: database.databaseId,
    duration: 20 * SECOND,
    effect: { type: 'database.dropped', databaseId: database.databaseId },
    endsIn: 'nothing',
  });
}

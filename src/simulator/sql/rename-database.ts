import { type Call, param, type Route } from '../arm/route';
import { AzureError } from '../azure-error';
import type { HostAnswer } from '../host';
import { textAt } from '../json';
import { readResourceId, sameName } from '../resource-id';
import {
  databaseNamed,
  databasePath,
  databaseVersions,
  groupOf,
  linksOf,
  refuseReservedName,
} from './databases';
import { findServer } from './servers';
import { refuseWhileBusy } from './update-database';

/** Renaming a database: at once, without a long-running operation (Microsoft.Sql 2022-08-01-preview, Databases_Rename). */
export const renameDatabaseRoutes: readonly Route[] = [
  {
    operation: 'Databases_Rename',
    method: 'POST',
    path: `${databasePath}/move`,
    apiVersions: databaseVersions,
    handler: rename,
  },
];

function rename(call: Call): HostAnswer {
  const { world } = call;
  const server = findServer(call);
  const database = databaseNamed(world, server.name, param(call, 'databaseName'));
  if (database === undefined) {
    throw new AzureError(
      404,
      'SourceDatabaseNotFound',
      `The source database '${param(call, 'databaseName')}' does not exist.`,
    );
  }
  const target = readTarget(call, server.name);
  refuseReservedName(database.name);
  refuseReservedName(target);
  if (linksOf(world, database).length > 0 || groupOf(world, database) !== undefined) {
    throw new AzureError(
      409,
      'InvalidOperationForDatabaseInReplicationRelationship',
      `The operation cannot be performed since the database '${database.name}' is in a replication relationship.`,
    );
  }
  if (databaseNamed(world, server.name, target) !== undefined) {
    throw new AzureError(
      400,
      'DatabaseNameInUse',
      `Database '${target}' already exists. Choose a different database name.`,
    );
  }
  refuseWhileBusy(call, database);
  database.name = target;
  return { status: 200 };
}

function readTarget(call: Call, server: string): string {
  const id = textAt(call.request.body, 'id');
  if (id === undefined) {
    throw new AzureError(400, 'InvalidResourceMoveRequest', 'The resource move request is invalid.');
  }
  const target = readResourceId(id);
  const [targetServer, name] = target?.names ?? [];
  const isDatabase =
    target?.provider.toLowerCase() === 'microsoft.sql' && target.type.toLowerCase() === 'servers/databases';
  if (!isDatabase || targetServer === undefined || name === undefined) {
    throw new AzureError(
      400,
      'InvalidMoveTargetResourceId',
      'The target resource identifier in move request is invalid.',
    );
  }
  if (!sameName(target.subscription, param(call, 'subscriptionId'))) {
    throw new AzureError(
      400,
      'MismatchingSubscriptionWithUrl',
      'The provided subscription did not match the subscription in the Url.',
    );
  }
  if (!sameName(target.resourceGroup, param(call, 'resourceGroupName'))) {
    throw new AzureError(
      400,
      'MismatchingResourceGroupNameWithUrl',
      'The provided resource group name did not match the name in the Url.',
    );
  }
  if (!sameName(targetServer, server)) {
    throw new AzureError(
      400,
      'MismatchingServerNameWithUrl',
      'The provided server name did not match the name in the Url.',
    );
  }
  return name;
}

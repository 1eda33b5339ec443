import { operationsOn, startOperation } from '../arm/operations';
import type { Call, Route } from '../arm/route';
import { AzureError } from '../azure-error';
import { MINUTE, SECOND } from '../clock';
import type { HostAnswer } from '../host';
import { numberAt, textsAt } from '../json';
import type { Database, DatabaseChange } from '../state';
import { databasePath, databaseVersions, findDatabase, refuseReservedName } from './databases';
import { readRedundancy } from './redundancy';
import { serverNamed } from './servers';
import { objectiveNamed, readSku } from './service-objectives';

/** PATCH of a database (Microsoft.Sql 2022-08-01-preview, Databases_Update). */
export const updateDatabaseRoutes: readonly Route[] = [
  {
    operation: 'Databases_Update',
    method: 'PATCH',
    path: databasePath,
    apiVersions: databaseVersions,
    handler: (call) => updateDatabase(call, findDatabase(call)),
  },
];

/** Starts the change that a PATCH, or a PUT of a database that exists, asks for. */
export function updateDatabase(call: Call, database: Database): HostAnswer {
  refuseReservedName(database.name);
  refuseWhileBusy(call, database);
  const server = serverNamed(call.world, database.server);
  if (server === undefined) {
    throw new Error(`The database ${database.name} has no server ${database.server}.`);
  }
  const change = readChange(call, database);
  return startOperation(call, {
    collection: 'database',
    name: 'UpdateLogicalDatabase',
    friendlyName: 'ALTER DATABASE',
    server,
    databaseId: database.databaseId,
    duration: change.objective === undefined ? 15 * SECOND : 3 * MINUTE,
    effect: { type: 'database.updated', databaseId: database.databaseId, change },
    endsIn: 'resource',
  });
}

/** Throws 409 while another operation on the database has not ended. */
export function refuseWhileBusy(call: Call, database: Database): void {
  const busy = operationsOn(call.world, database.databaseId).find(
    (operation) => operation.state === 'InProgress',
  );
  if (busy !== undefined) {
    throw new AzureError(
      409,
      'ConflictingDatabaseOperation',
      `There is already some operation on the database '${database.name}' (${busy.friendlyName}) and the current operation should wait till it is done.`,
    );
  }
}

function readChange({ request }: Call, database: Database): DatabaseChange {
  const objective = readSku(request.body);
  const largest = (objective ?? objectiveNamed(database.objective)).largestMaxSize;
  if (database.dataBytes > largest) {
    throw new AzureError(
      400,
      'CurrentDatabaseSizeExceedsMaxSize',
      `The database holds ${database.dataBytes} bytes, more than the ${largest} that the requested tier allows.`,
    );
  }
  const asked = numberAt(request.body, 'properties', 'maxSizeBytes');
  if (asked !== undefined && asked > largest) {
    throw new AzureError(
      400,
      'InvalidMaxSizeTierCombination',
      `The specified tier does not support the database max size '${asked}'.`,
    );
  }
  if (asked !== undefined && asked < database.dataBytes) {
    throw new AzureError(
      400,
      'CurrentDatabaseSizeExceedsDbMaxSize',
      'User attempted to reduce the max size for a database to a size smaller than the current usage.',
    );
  }
  const maxSizeBytes = asked ?? (database.maxSizeBytes > largest ? largest : undefined);
  const tags = textsAt(request.body, 'tags');
  const backupRedundancy = readRedundancy(request.body);
  return {
    ...(objective === undefined || objective.name === database.objective
      ? {}
      : { objective: objective.name }),
    ...(maxSizeBytes === undefined ? {} : { maxSizeBytes }),
    ...(tags === undefined ? {} : { tags }),
    ...(backupRedundancy === undefined ? {} : { backupRedundancy }),
  };
}

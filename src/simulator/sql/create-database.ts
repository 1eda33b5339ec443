import { operationsOn, startOperation } from '../arm/operations';
import { type Call, param, type Route } from '../arm/route';
import { AzureError } from '../azure-error';
import { MINUTE } from '../clock';
import type { HostAnswer } from '../host';
import { isObject, numberAt, textAt, textsAt } from '../json';
import type { Database, DatabaseStatus, Server } from '../state';
import { newId, timeStamp } from '../world';
import { copySource, geoSecondarySource } from './copy-source';
import { databaseNamed, databasePath, databaseVersions, refuseReservedName } from './databases';
import { readRedundancy } from './redundancy';
import { droppedSource, geoBackupSource, pointInTimeSource } from './restore-source';
import { findServer } from './servers';
import { GIB, objectiveNamed, readSku } from './service-objectives';
import { updateDatabase } from './update-database';

/** PUT of a database, with every `createMode` (Microsoft.Sql 2022-08-01-preview, Databases_CreateOrUpdate). */
export const createDatabaseRoutes: readonly Route[] = [
  {
    operation: 'Databases_CreateOrUpdate',
    method: 'PUT',
    path: databasePath,
    apiVersions: databaseVersions,
    handler: createOrUpdate,
  },
];

/** Where a new database's content comes from. `duration` is how long Azure takes, in milliseconds of Azure time. */
export interface Source {
  readonly from:
    | Pick<Database, 'objective' | 'maxSizeBytes' | 'dataBytes' | 'collation' | 'history'>
    | undefined;
  readonly status: DatabaseStatus;
  readonly duration: number;
  readonly operation: string;
  /** Joins the new database to its primary as a geo-secondary. */
  readonly replicates?: Database;
}

function createOrUpdate(call: Call): HostAnswer {
  const { world, request } = call;
  const server = findServer(call);
  const name = param(call, 'databaseName');
  if (!isObject(request.body) || textAt(request.body, 'location') === undefined) {
    throw new AzureError(400, 'LocationRequired', 'The location property is required for this definition.');
  }
  const location = textAt(request.body, 'location')?.toLowerCase().replaceAll(' ', '');
  if (location !== server.location) {
    throw new AzureError(
      400,
      'InvalidResourceLocation',
      `The resource '${name}' cannot be created in location '${location}': its server '${server.name}' is in location '${server.location}'. Please select a new resource name or location.`,
    );
  }
  refuseReservedName(name);
  if (name.length > 128 || /[<>*%&:\\/?]|[. ]$/.test(name)) {
    throw new AzureError(
      400,
      'UnsupportedServiceName',
      `The specified name '${name}' is an invalid name because it contains one or more unsupported unicode characters.`,
    );
  }
  const mode = textAt(request.body, 'properties', 'createMode') ?? 'Default';
  const existing = databaseNamed(world, server.name, name);
  if (existing !== undefined) {
    return whenItExists(call, existing, mode);
  }
  return create(call, server, name, sourceFor(call, server, mode));
}

function whenItExists(call: Call, existing: Database, mode: string): HostAnswer {
  const underWay = operationsOn(call.world, existing.databaseId).some(
    (operation) => operation.state === 'InProgress',
  );
  if (mode.toLowerCase() === 'default') {
    return updateDatabase(call, existing);
  }
  if (underWay && existing.status === 'Restoring') {
    throw new AzureError(
      400,
      'DuplicateRestoreOperation',
      `A restore request with the same target database name '${existing.name}' on server '${existing.server}' already exists.`,
    );
  }
  if (underWay) {
    throw new AzureError(
      409,
      'ConflictingDatabaseOperation',
      'There is already some operation on the database and the current operation should wait till it is done.',
    );
  }
  throw new AzureError(
    400,
    'DatabaseNameInUse',
    `Database '${existing.name}' already exists. Choose a different database name.`,
  );
}

function sourceFor(call: Call, server: Server, mode: string): Source {
  switch (mode.toLowerCase()) {
    case 'default':
      return { from: undefined, status: 'Creating', duration: MINUTE, operation: 'CREATE DATABASE' };
    case 'copy':
      return copySource(call);
    case 'secondary':
    case 'onlinesecondary':
      return geoSecondarySource(call, server);
    case 'pointintimerestore':
      return pointInTimeSource(call, server);
    case 'restore':
      return droppedSource(call, server);
    case 'recovery':
      return geoBackupSource(call, server);
    default:
      throw new AzureError(
        400,
        'InvalidDatabaseCreateMode',
        `Invalid request to create a database: the create mode '${mode}' is not supported here.`,
      );
  }
}

function create(call: Call, server: Server, name: string, source: Source): HostAnswer {
  const { world, request } = call;
  const { from } = source;
  const objective = readSku(request.body) ?? objectiveNamed(from?.objective ?? 'GP_Gen5_2');
  const dataBytes = from?.dataBytes ?? GIB / 32;
  if (dataBytes > objective.largestMaxSize) {
    throw new AzureError(
      400,
      'RestoreTargetEditionSizeInsufficient',
      `User attempted to restore a database of ${dataBytes} bytes to '${objective.name}', which is a smaller size than the current allocated size of the source.`,
    );
  }
  const asked = numberAt(request.body, 'properties', 'maxSizeBytes');
  const maxSizeBytes =
    asked ?? Math.min(from?.maxSizeBytes ?? objective.defaultMaxSize, objective.largestMaxSize);
  if (maxSizeBytes > objective.largestMaxSize || maxSizeBytes < dataBytes) {
    throw new AzureError(
      400,
      'InvalidMaxSizeTierCombination',
      `The tier '${objective.tier}' does not support the database max size '${maxSizeBytes}'.`,
    );
  }
  const database: Database = {
    name,
    server: server.name,
    databaseId: newId(world.state),
    status: source.status,
    creationDate: timeStamp(world),
    objective: objective.name,
    maxSizeBytes,
    dataBytes,
    collation:
      from?.collation ?? textAt(request.body, 'properties', 'collation') ?? 'SQL_Latin1_General_CP1_CI_AS',
    backupRedundancy: readRedundancy(request.body) ?? 'Geo',
    retentionDays: 7,
    diffBackupIntervalInHours: 12,
    // A restore does not bring tags back: only those in the request are set.
    tags: textsAt(request.body, 'tags') ?? {},
    history: from?.history ?? [],
    system: false,
  };
  world.state.databases.push(database);
  if (source.replicates !== undefined) {
    world.state.replicationLinks.push({
      id: newId(world.state),
      database: name,
      primary: source.replicates.server,
      secondary: server.name,
      startTime: timeStamp(world),
      seeded: false,
    });
  }
  return startOperation(call, {
    collection: 'database',
    name: 'CreateLogicalDatabase',
    friendlyName: source.operation,
    server,
    databaseId: database.databaseId,
    duration: source.duration,
    effect: { type: 'database.created', databaseId: database.databaseId },
    cancellable: true,
    endsIn: 'resource',
  });
}

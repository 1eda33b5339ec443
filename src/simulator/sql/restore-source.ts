import type { Call } from '../arm/route';
import { AzureError } from '../azure-error';
import { MINUTE } from '../clock';
import { textAt } from '../json';
import { readResourceId, sameName } from '../resource-id';
import type { Database, DroppedDatabase, Server } from '../state';
import type { Source } from './create-database';
import {
  databaseNamed,
  earliestRestoreDate,
  isSecondary,
  readDatabaseId,
  refuseReservedName,
} from './databases';
import { droppedName, droppedOf } from './dropped-databases';
import { historyUntil } from './history';
import { lastGeoBackup } from './recoverable-databases';
import { notFound, serverNamed } from './servers';
import { GIB } from './service-objectives';

/** How far the newest restorable moment lies behind the present: the log backup that holds it has to be there first. */
const LOG_BACKUP_LAG = 6 * MINUTE;

/** createMode PointInTimeRestore: a live database of the same server, as it was at `restorePointInTime`. */
export function pointInTimeSource(call: Call, server: Server): Source {
  const { world, request } = call;
  const sourceId = textAt(request.body, 'properties', 'sourceDatabaseId');
  if (sourceId === undefined) {
    throw new AzureError(400, 'MissingSourceDatabaseId', 'Missing source database identifier.');
  }
  const named = readDatabaseId(sourceId);
  if (named === undefined) {
    throw new AzureError(400, 'InvalidSourceDatabaseId', `Invalid source database identifier '${sourceId}'.`);
  }
  if (!sameName(named.server, server.name)) {
    throw new AzureError(
      400,
      'RestoreCrossServerDisabled',
      "For point-in-time restores, the target logical server must be the same as the source logical server. Consider restoring to the source database's server, or using database copy or database recovery.",
    );
  }
  refuseSystemSource(named.database);
  const source = databaseNamed(world, server.name, named.database);
  if (source === undefined) {
    throw notFound(`Microsoft.Sql/servers/${server.name}/databases/${named.database}`, server.resourceGroup);
  }
  if (isSecondary(world, source)) {
    throw secondaryRefused();
  }
  const earliest = earliestRestoreDate(world, source);
  if (earliest === undefined) {
    throw new AzureError(
      400,
      'NoRestorePointAvailable',
      'The source database has not yet accomplished its first backup in order to support restore operations. Please retry the restore request later.',
    );
  }
  if (earliest > world.now()) {
    throw new AzureError(
      400,
      'RestoreIneligibleLiveDatabaseShortLifespan',
      `The source database, '${source.name}', has not yet accomplished its first backup in order to support restore operations. Please wait until at least the indicated earliest restore date '${earliest.toISOString()}' and resubmit the request.`,
    );
  }
  const point = readPoint(call);
  if (point === undefined) {
    throw new AzureError(400, 'MissingRestorePointInTime', 'Missing restore point in time.');
  }
  refusePointOutside(point, earliest, world.now());
  if (point.getTime() > world.now().getTime() - LOG_BACKUP_LAG) {
    throw new AzureError(
      400,
      'BackupSetNotFoundRecentPit',
      'No backups were found to restore the database to the specified point in time. Please retry.',
    );
  }
  return restoreOf(source, point, 'RESTORE DATABASE');
}

/** createMode Restore: a deleted database, at its deletion or at an earlier `restorePointInTime`. */
export function droppedSource(call: Call, server: Server): Source {
  const dropped = findDropped(call, server);
  const { database } = dropped;
  const deletion = new Date(dropped.deletionDate);
  const earliest = earliestRestoreDate(call.world, database);
  if (earliest === undefined || earliest > deletion) {
    throw new AzureError(
      400,
      'RestoreIneligibleDroppedDatabaseShortLifespan',
      `The source database, '${database.name}', dropped on '${dropped.deletionDate}', has not existed long enough to support restores.`,
    );
  }
  const point = readPoint(call) ?? deletion;
  refusePointOutside(point, earliest, deletion);
  return restoreOf(database, point, 'RESTORE DATABASE');
}

/** createMode Recovery: the newest geo-replicated backup of a database, restored to another server. */
export function geoBackupSource(call: Call, server: Server): Source {
  const { world, request } = call;
  const id =
    textAt(request.body, 'properties', 'recoverableDatabaseId') ??
    textAt(request.body, 'properties', 'sourceDatabaseId');
  if (id === undefined) {
    throw new AzureError(400, 'MissingRecoverableDatabaseId', 'Missing recoverable database identifier.');
  }
  const found = readResourceId(id);
  const [sourceServer, name] = found?.names ?? [];
  if (
    found?.type.toLowerCase() !== 'servers/recoverabledatabases' ||
    sourceServer === undefined ||
    name === undefined
  ) {
    throw new AzureError(
      400,
      'InvalidRecoverableDatabaseId',
      `Invalid recoverable database identifier '${id}'.`,
    );
  }
  if (sameName(sourceServer, server.name)) {
    throw new AzureError(
      400,
      'RestoreSameServerRecoveryDisabled',
      'Same-server recovery is currently not supported. Consider using point-in-time restore or recovering to a different server.',
    );
  }
  refuseSystemSource(name);
  const source = serverNamed(world, sourceServer) && databaseNamed(world, sourceServer, name);
  if (source === undefined) {
    throw new AzureError(
      400,
      'InvalidRecoverableDatabaseId',
      `Invalid recoverable database identifier '${id}': there is no such database.`,
    );
  }
  if (isSecondary(world, source)) {
    throw secondaryRefused();
  }
  const backup = lastGeoBackup(world, source);
  if (backup === undefined) {
    throw new AzureError(
      400,
      'GeoRestoreBackupStorageTypeNotSupported',
      'Database recovery requests are invalid when issued against a database that is not configured to use geo-redundant backup storage.',
    );
  }
  return restoreOf(source, backup, 'RECOVER DATABASE');
}

/** A restore takes 4 minutes, and 4 more for each GiB of data. */
function restoreOf(source: Database, point: Date, operation: string): Source {
  const duration = 4 * MINUTE * (1 + source.dataBytes / GIB);
  return {
    from: { ...source, history: historyUntil(source.history, point) },
    status: 'Restoring',
    duration,
    operation,
  };
}

function refuseSystemSource(name: string): void {
  try {
    refuseReservedName(name);
  } catch {
    throw new AzureError(
      400,
      'RestoreNotSupportedForSystemDb',
      'Restore and database recovery are not supported for system databases.',
    );
  }
}

function secondaryRefused(): AzureError {
  return new AzureError(
    400,
    'RestoreNotSupportedForGeoDrSecondary',
    'Point-in-time restore and database recovery operations are not supported on databases that are currently configured as geo-secondaries.',
  );
}

function refusePointOutside(point: Date, earliest: Date, latest: Date): void {
  if (point < earliest || point > latest) {
    throw new AzureError(
      400,
      'InvalidPointInTime',
      `The specified point in time '${point.toISOString()}' is not valid for the database. The point in time must be between '${earliest.toISOString()}' and '${latest.toISOString()}'.`,
    );
  }
}

function readPoint(call: Call): Date | undefined {
  const text = textAt(call.request.body, 'properties', 'restorePointInTime');
  if (text === undefined) {
    return undefined;
  }
  const point = new Date(text);
  if (Number.isNaN(point.getTime()) || !/(Z|[+-]\d\d:\d\d)$/i.test(text)) {
    throw new AzureError(
      400,
      'InvalidPointInTime',
      `The specified point in time '${text}' is not valid for the database.`,
    );
  }
  return point;
}

function findDropped(call: Call, server: Server): DroppedDatabase {
  const { world, request } = call;
  const droppedId = textAt(request.body, 'properties', 'restorableDroppedDatabaseId');
  const sourceId = textAt(request.body, 'properties', 'sourceDatabaseId');
  if (droppedId !== undefined && sourceId !== undefined) {
    throw new AzureError(
      400,
      'RestorableDroppedDatabaseIdGivenForRestoreWithSourceDatabaseId',
      'Cannot specify restorableDroppedDatabaseId when sourceDatabaseId is already given in restore create mode',
    );
  }
  const id = droppedId ?? sourceId;
  if (id === undefined) {
    throw new AzureError(400, 'MissingRestorableDroppedDatabaseId', 'Missing restorableDroppedDatabaseId');
  }
  const [sourceServer = '', name = ''] = readResourceId(id)?.names ?? [];
  if (!sameName(sourceServer, server.name)) {
    throw new AzureError(
      400,
      'RestoreCrossServerDisabled',
      'A deleted database can only be restored to the server it was on.',
    );
  }
  const candidates = droppedOf(world, server.name);
  if (readDatabaseId(id) === undefined) {
    const byName = candidates.find((dropped) => sameName(droppedName(dropped), name));
    if (byName === undefined) {
      throw new AzureError(
        400,
        'InvalidDroppedDatabase',
        'Source database dropped does not exist on server within the supported recovery period.',
      );
    }
    return byName;
  }
  const date = textAt(request.body, 'properties', 'sourceDatabaseDeletionDate');
  if (date === undefined) {
    const namesakes = candidates.filter((dropped) => sameName(dropped.database.name, name));
    throw namesakes.length > 1
      ? new AzureError(
          400,
          'MultipleDroppedDatabasesWithTheSameName',
          'Found multiple dropped databases with the same name on server.',
        )
      : new AzureError(400, 'MissingSourceDatabaseDeletionDate', 'Missing source database deletion date');
  }
  const found = candidates.find(
    (dropped) =>
      sameName(dropped.database.name, name) &&
      Math.abs(Date.parse(dropped.deletionDate) - Date.parse(date)) < 1_000,
  );
  if (found === undefined) {
    throw new AzureError(
      400,
      'InvalidDroppedDatabase',
      'Source database dropped does not exist on server within the supported recovery period.',
    );
  }
  return found;
}

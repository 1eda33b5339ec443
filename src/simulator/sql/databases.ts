import { type Call, param, type Route } from '../arm/route';
import { AzureError } from '../azure-error';
import { DAY } from '../clock';
import { readResourceId, sameName } from '../resource-id';
import type { Database, FailoverGroup, ReplicationLink, Server } from '../state';
import type { World } from '../world';
import { findServer, notFound, serverId, serverNamed, serverPath } from './servers';
import { objectiveNamed, skuView } from './service-objectives';

/** The versions in which databases are served: what the SDK sends, and the newest whose specification is published with it. */
export const databaseVersions = ['2022-08-01-preview', '2023-08-01-preview'];

export const databasePath = `${serverPath}/databases/{databaseName}`;

/** Reading databases (Microsoft.Sql 2022-08-01-preview, Databases). */
export const databaseRoutes: readonly Route[] = [
  {
    operation: 'Databases_ListByServer',
    method: 'GET',
    path: `${serverPath}/databases`,
    apiVersions: databaseVersions,
    handler: (call) => {
      const server = findServer(call);
      const value = databasesOf(call.world, server.name).map((database) =>
        databaseView(call.world, database),
      );
      return { status: 200, body: { value } };
    },
  },
  {
    operation: 'Databases_Get',
    method: 'GET',
    path: databasePath,
    apiVersions: databaseVersions,
    handler: (call) => ({ status: 200, body: databaseView(call.world, findDatabase(call)) }),
  },
];

/** The databases of a server, `master` among them as in Azure. */
export function databasesOf(world: World, server: string): readonly Database[] {
  return world.state.databases.filter((database) => sameName(database.server, server));
}

/** The database of that name on that server, or undefined. */
export function databaseNamed(world: World, server: string, name: string): Database | undefined {
  return databasesOf(world, server).find((database) => sameName(database.name, name));
}

/** The database whose data has this id, or undefined. */
export function databaseWithId(world: World, databaseId: string): Database | undefined {
  return world.state.databases.find((database) => database.databaseId === databaseId);
}

/** The database a request is about; throws 404 `ResourceNotFound`. */
export function findDatabase(call: Call): Database {
  const server = findServer(call);
  const name = param(call, 'databaseName');
  const database = databaseNamed(call.world, server.name, name);
  if (database === undefined) {
    throw notFound(`Microsoft.Sql/servers/${server.name}/databases/${name}`, server.resourceGroup);
  }
  return database;
}

/** Throws 400 for `master` and its kin, which no user operation may touch. */
export function refuseReservedName(name: string): void {
  if (['master', 'model', 'tempdb', 'msdb', 'resource'].includes(name.toLowerCase())) {
    throw new AzureError(
      400,
      'CannotUseReservedDatabaseName',
      `Cannot use reserved database name '${name}' in this operation.`,
    );
  }
}

/** The server and database that a resource id names; undefined when it is not the id of a database. */
export function readDatabaseId(
  id: string,
): { readonly server: string; readonly database: string } | undefined {
  const found = readResourceId(id);
  const [server, database] = found?.names ?? [];
  const isDatabase =
    found?.provider.toLowerCase() === 'microsoft.sql' && found.type.toLowerCase() === 'servers/databases';
  return isDatabase && server !== undefined && database !== undefined ? { server, database } : undefined;
}

/** The replication links that a database is one end of. */
export function linksOf(world: World, database: Database): readonly ReplicationLink[] {
  return world.state.replicationLinks.filter(
    (link) =>
      sameName(link.database, database.name) &&
      (sameName(link.primary, database.server) || sameName(link.secondary, database.server)),
  );
}

/** The failover group that holds a database, on either side. */
export function groupOf(world: World, database: Database): FailoverGroup | undefined {
  return world.state.failoverGroups.find(
    (group) =>
      (sameName(group.primary, database.server) || sameName(group.secondary, database.server)) &&
      group.databases.some((name) => sameName(name, database.name)),
  );
}

/** True for a geo-secondary: it takes its data from its primary and has no backups of its own. */
export function isSecondary(world: World, database: Database): boolean {
  return linksOf(world, database).some((link) => sameName(link.secondary, database.server));
}

/** The earliest moment the database can be restored to: its first backup, or the start of its retention if that is later. */
export function earliestRestoreDate(world: World, database: Database): Date | undefined {
  if (database.firstBackupDate === undefined) {
    return undefined;
  }
  const kept = world.now().getTime() - database.retentionDays * DAY;
  return new Date(Math.max(Date.parse(database.firstBackupDate), kept));
}

/** A database's resource id. */
export function databaseId(world: World, server: Server, name: string): string {
  return `${serverId(world, server)}/databases/${name}`;
}

/** A database as Azure SQL shows it. What only a create takes (createMode, source, restore point) is never shown again. */
function databaseView(world: World, database: Database): unknown {
  const server = serverNamed(world, database.server);
  if (server === undefined) {
    throw new Error(`The database ${database.name} has no server ${database.server}.`);
  }
  const objective = objectiveNamed(database.objective);
  const group = groupOf(world, database);
  const earliest = earliestRestoreDate(world, database);
  const secondary = isSecondary(world, database);
  return {
    sku: skuView(objective),
    kind: `v12.0,${database.system ? 'system' : 'user'}${objective.family === undefined ? '' : ',vcore'}`,
    properties: {
      collation: database.collation,
      maxSizeBytes: database.maxSizeBytes,
      status: database.status,
      databaseId: database.databaseId,
      creationDate: database.creationDate,
      currentServiceObjectiveName: objective.name,
      requestedServiceObjectiveName: objective.name,
      defaultSecondaryLocation: server.location === 'eastus' ? 'westus2' : 'eastus',
      catalogCollation: 'SQL_Latin1_General_CP1_CI_AS',
      zoneRedundant: false,
      readScale: 'Disabled',
      ...(earliest === undefined || secondary ? {} : { earliestRestoreDate: earliest.toISOString() }),
      ...(group === undefined
        ? {}
        : { failoverGroupId: `${serverId(world, server)}/failoverGroups/${group.name}` }),
      ...(secondary ? { secondaryType: 'Geo' } : {}),
      currentSku: skuView(objective),
      currentBackupStorageRedundancy: database.backupRedundancy,
      requestedBackupStorageRedundancy: database.backupRedundancy,
      isLedgerOn: false,
      isInfraEncryptionEnabled: false,
      maintenanceConfigurationId: `/subscriptions/${world.state.subscription.id}/providers/Microsoft.Maintenance/publicMaintenanceConfigurations/SQL_Default`,
    },
    location: server.location,
    tags: database.tags,
    id: databaseId(world, server, database.name),
    name: database.name,
    type: 'Microsoft.Sql/servers/databases',
  };
}

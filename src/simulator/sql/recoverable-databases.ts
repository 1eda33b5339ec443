import { type Call, param, type Route } from '../arm/route';
import { HOUR, MINUTE } from '../clock';
import type { Database, Server } from '../state';
import type { World } from '../world';
import { databaseNamed, databasesOf, databaseVersions, isSecondary } from './databases';
import { findServer, notFound, serverId, serverNamed, serverPath } from './servers';
import { objectiveNamed } from './service-objectives';

const path = `${serverPath}/recoverableDatabases`;

/** Geo-replicated backups (Microsoft.Sql 2022-08-01-preview, RecoverableDatabases). They stay readable while their own region is down. */
export const recoverableDatabaseRoutes: readonly Route[] = [
  {
    operation: 'RecoverableDatabases_ListByServer',
    method: 'GET',
    path,
    apiVersions: databaseVersions,
    handler: (call) => {
      const server = findServer(call, 'answer');
      const value = databasesOf(call.world, server.name).flatMap((database) =>
        view(call.world, server, database),
      );
      return { status: 200, body: { value } };
    },
  },
  {
    operation: 'RecoverableDatabases_Get',
    method: 'GET',
    path: `${path}/{databaseName}`,
    apiVersions: databaseVersions,
    handler: get,
  },
];

/** The moment of the newest backup that has reached the paired region: hourly, five minutes before the hour. Undefined without geo-redundant backups. */
export function lastGeoBackup(world: World, database: Database): Date | undefined {
  const first = database.firstBackupDate;
  if (database.system || first === undefined || !database.backupRedundancy.startsWith('Geo')) {
    return undefined;
  }
  const region = serverNamed(world, database.server)?.location ?? '';
  const down = world.state.regionsDown[region];
  const replicating = down === undefined ? world.now().getTime() : Date.parse(down);
  const last = Math.floor(replicating / HOUR) * HOUR - 5 * MINUTE;
  return last < Date.parse(first) ? undefined : new Date(last);
}

function get(call: Call) {
  const server = findServer(call, 'answer');
  const name = param(call, 'databaseName');
  const database = databaseNamed(call.world, server.name, name);
  const [found] = database === undefined ? [] : view(call.world, server, database);
  if (found === undefined) {
    throw notFound(`Microsoft.Sql/servers/${server.name}/recoverableDatabases/${name}`, server.resourceGroup);
  }
  return { status: 200, body: found };
}

function view(world: World, server: Server, database: Database): readonly unknown[] {
  const backup = isSecondary(world, database) ? undefined : lastGeoBackup(world, database);
  if (backup === undefined) {
    return [];
  }
  const objective = objectiveNamed(database.objective);
  return [
    {
      properties: {
        edition: objective.tier,
        serviceLevelObjective: objective.name,
        lastAvailableBackupDate: backup.toISOString(),
      },
      id: `${serverId(world, server)}/recoverableDatabases/${database.name}`,
      name: database.name,
      type: 'Microsoft.Sql/servers/recoverableDatabases',
    },
  ];
}

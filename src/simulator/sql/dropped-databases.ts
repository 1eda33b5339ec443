import { type Call, param, type Route } from '../arm/route';
import { azureTimeAt, DAY, MINUTE } from '../clock';
import { sameName } from '../resource-id';
import type { DroppedDatabase } from '../state';
import { azureNow, type World } from '../world';
import { databaseVersions, earliestRestoreDate } from './databases';
import { findServer, notFound, serverId, serverPath } from './servers';
import { objectiveNamed, skuView } from './service-objectives';

const path = `${serverPath}/restorableDroppedDatabases`;

/** Deleted databases that can still be restored (Microsoft.Sql 2022-08-01-preview, RestorableDroppedDatabases). */
export const droppedDatabaseRoutes: readonly Route[] = [
  {
    operation: 'RestorableDroppedDatabases_ListByServer',
    method: 'GET',
    path,
    apiVersions: databaseVersions,
    handler: (call) => ({
      status: 200,
      body: { value: droppedOf(call.world, findServer(call).name).map((dropped) => view(call, dropped)) },
    }),
  },
  {
    operation: 'RestorableDroppedDatabases_Get',
    method: 'GET',
    path: `${path}/{restorableDroppedDatabaseId}`,
    apiVersions: databaseVersions,
    handler: (call) => {
      const server = findServer(call);
      const name = param(call, 'restorableDroppedDatabaseId');
      const found = droppedOf(call.world, server.name).find((dropped) =>
        sameName(droppedName(dropped), name),
      );
      if (found === undefined) {
        throw notFound(
          `Microsoft.Sql/servers/${server.name}/restorableDroppedDatabases/${name}`,
          server.resourceGroup,
        );
      }
      return { status: 200, body: view(call, found) };
    },
  },
];

/** A deleted database takes a while to appear in the list ("may take several minutes", SQL documentation). In Azure milliseconds. */
const APPEARS_AFTER = 2 * MINUTE;

/** The deleted databases of a server that have appeared in its list and whose backups are still kept. */
export function droppedOf(world: World, server: string): readonly DroppedDatabase[] {
  return world.state.droppedDatabases.filter(({ database, deletionDate }) => {
    const deleted = Date.parse(deletionDate);
    return (
      sameName(database.server, server) &&
      azureNow(world) - azureTimeAt(world.state.clock, deleted) >= APPEARS_AFTER &&
      deleted + database.retentionDays * DAY > world.now().getTime()
    );
  });
}

/** A deleted database's own name in ARM: its name and the time of deletion in Windows file-time ticks. */
export function droppedName({ database, deletionDate }: DroppedDatabase): string {
  return `${database.name},${(BigInt(Date.parse(deletionDate)) + 11_644_473_600_000n) * 10_000n}`;
}

function view(call: Call, dropped: DroppedDatabase): unknown {
  const { database, deletionDate } = dropped;
  const server = findServer(call);
  const earliest = earliestRestoreDate(call.world, database);
  return {
    sku: skuView(objectiveNamed(database.objective)),
    location: server.location,
    tags: database.tags,
    properties: {
      databaseName: database.name,
      maxSizeBytes: database.maxSizeBytes,
      creationDate: database.creationDate,
      deletionDate,
      ...(earliest === undefined ? {} : { earliestRestoreDate: earliest.toISOString() }),
      backupStorageRedundancy: database.backupRedundancy,
    },
    id: `${serverId(call.world, server)}/restorableDroppedDatabases/${droppedName(dropped)}`,
    name: droppedName(dropped),
    type: 'Microsoft.Sql/servers/restorableDroppedDatabases',
  };
}

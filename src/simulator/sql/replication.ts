import { sameName } from '../resource-id';
import type { Database, FailoverGroup, ReplicationLink } from '../state';
import { newId, type World } from '../world';
import { databaseNamed } from './databases';
import { historyUntil } from './history';
import { serverNamed } from './servers';

/** How far a geo-secondary is behind its primary (Azure SQL promises an RPO of 5 s). */
const LAG_MS = 5_000;

/** The failover group of that name, or undefined. */
export function groupNamed(world: World, name: string): FailoverGroup | undefined {
  return world.state.failoverGroups.find((group) => sameName(group.name, name));
}

/** True while one of two servers is in a region that is down: nothing is copied between them then. */
export function isApart(
  world: World,
  ends: { readonly primary: string; readonly secondary: string },
): boolean {
  return [ends.primary, ends.secondary].some(
    (server) => world.state.regionsDown[serverNamed(world, server)?.location ?? ''] !== undefined,
  );
}

/** The state of a link (Microsoft.Sql 2022-02-01-preview, ReplicationState). */
export function replicationState(world: World, link: ReplicationLink): string {
  if (!link.seeded) {
    return 'SEEDING';
  }
  return isApart(world, link) ? 'SUSPENDED' : 'CATCH_UP';
}

/** Swaps the two ends of a link. A planned failover loses nothing; a forced one loses what had not been copied yet. */
export function failOverLink(world: World, link: ReplicationLink, forced: boolean): void {
  const primary = databaseNamed(world, link.primary, link.database);
  const secondary = databaseNamed(world, link.secondary, link.database);
  if (primary !== undefined && secondary !== undefined) {
    const down = world.state.regionsDown[serverNamed(world, link.primary)?.location ?? ''];
    const copiedUntil = new Date((down === undefined ? world.now().getTime() : Date.parse(down)) - LAG_MS);
    secondary.history = forced ? historyUntil(primary.history, copiedUntil) : primary.history;
    secondary.dataBytes = primary.dataBytes;
  }
  const { primary: from, secondary: to } = link;
  link.primary = to;
  link.secondary = from;
}

/** Puts a failover group in place and seeds a geo-secondary for each member that has none; links of former members stay. */
export function setGroup(world: World, group: FailoverGroup, time: string): void {
  world.state.failoverGroups = [
    ...world.state.failoverGroups.filter((known) => !sameName(known.name, group.name)),
    group,
  ];
  for (const name of group.databases) {
    const primary = databaseNamed(world, group.primary, name);
    if (primary !== undefined && !isReplicated(world, group, name)) {
      world.state.databases.push(replicaOf(world, primary, group.secondary, time));
      world.state.replicationLinks.push({
        id: newId(world.state),
        database: primary.name,
        primary: group.primary,
        secondary: group.secondary,
        startTime: time,
        seeded: true,
      });
    }
  }
}

/** True when a group's database already has its geo-secondary on the group's other server. */
export function isReplicated(world: World, group: FailoverGroup, database: string): boolean {
  return world.state.replicationLinks.some(
    (link) =>
      sameName(link.database, database) &&
      sameName(link.primary, group.primary) &&
      sameName(link.secondary, group.secondary),
  );
}

function replicaOf(world: World, primary: Database, server: string, time: string): Database {
  return {
    ...primary,
    server,
    databaseId: newId(world.state),
    creationDate: time,
    firstBackupDate: time,
    tags: {},
    status: 'Online',
  };
}

import type { EffectsOf } from '../arm/operations';
import { MINUTE } from '../clock';
import { sameName } from '../resource-id';
import type { Database, SqlEffect } from '../state';
import type { World } from '../world';
import { databaseWithId, linksOf } from './databases';
import { failOverLink, groupNamed, setGroup } from './replication';

/** Azure's first full backup and its log backup follow some 16 minutes after a database came online (published example of a point-in-time restore). */
const FIRST_BACKUP = 16 * MINUTE;

/** What each long-running operation of Azure SQL does when it ends. */
export const sqlEffects: EffectsOf<SqlEffect> = {
  'database.created': {
    succeed: (world, { databaseId }, time) => {
      const database = databaseWithId(world, databaseId);
      if (database !== undefined) {
        database.status = 'Online';
        const first = Date.parse(time) + FIRST_BACKUP / world.state.clock.speed;
        database.firstBackupDate = new Date(first).toISOString();
        for (const link of linksOf(world, database)) {
          link.seeded = true;
        }
      }
    },
    // A failed or cancelled creation leaves no database, and no half-made replica.
    fail: (world, { databaseId }) => forget(world, databaseWithId(world, databaseId)),
  },
  'database.updated': {
    succeed: (world, { databaseId, change }) => {
      const database = databaseWithId(world, databaseId);
      if (database !== undefined) {
        const { tags, ...rest } = change;
        Object.assign(database, rest, tags === undefined ? {} : { tags: { ...tags } });
      }
    },
  },
  'database.dropped': {
    succeed: (world, { databaseId }, time) => {
      const database = databaseWithId(world, databaseId);
      if (database !== undefined) {
        forget(world, database);
        world.state.droppedDatabases.push({ database, deletionDate: time });
      }
    },
  },
  'retention.updated': {
    succeed: (world, { databaseId, days, diffHours }) => {
      const database = databaseWithId(world, databaseId);
      if (database !== undefined) {
        database.retentionDays = days;
        database.diffBackupIntervalInHours = diffHours;
      }
    },
  },
  'link.removed': {
    succeed: (world, { linkId }) => {
      world.state.replicationLinks = world.state.replicationLinks.filter((link) => link.id !== linkId);
    },
  },
  'link.failedOver': {
    succeed: (world, { linkId, forced }) => {
      const link = world.state.replicationLinks.find((known) => known.id === linkId);
      if (link !== undefined) {
        failOverLink(world, link, forced);
      }
    },
  },
  'group.set': {
    succeed: (world, { group }, time) => setGroup(world, group, time),
  },
  'group.removed': {
    succeed: (world, { group }) => {
      world.state.failoverGroups = world.state.failoverGroups.filter((known) => !sameName(known.name, group));
    },
  },
  'group.failedOver': {
    succeed: (world, effect) => {
      const group = groupNamed(world, effect.group);
      if (group === undefined) {
        return;
      }
      for (const link of world.state.replicationLinks) {
        if (
          sameName(link.primary, group.primary) &&
          group.databases.some((name) => sameName(name, link.database))
        ) {
          failOverLink(world, link, effect.forced);
        }
      }
      const { primary, secondary } = group;
      group.primary = secondary;
      group.secondary = primary;
    },
  },
};

function forget(world: World, database: Database | undefined): void {
  if (database === undefined) {
    return;
  }
  const ends = new Set(linksOf(world, database));
  world.state.replicationLinks = world.state.replicationLinks.filter((link) => !ends.has(link));
  world.state.databases = world.state.databases.filter((known) => known !== database);
}

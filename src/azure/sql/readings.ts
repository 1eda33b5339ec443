import type { Connection } from '../connection';
import type { SqlServerRef } from '../refs';
import { type DroppedDatabase, droppedDatabases } from './dropped-databases';
import { failoverGroupsOf, type ServerGroup } from './failover-groups';

/** What can be read of Azure SQL beside a single database. */
export interface SqlReadings {
  /** The deleted databases that can still be restored, the last deleted first. */
  readonly dropped: (server: SqlServerRef) => Promise<readonly DroppedDatabase[]>;
  /** The failover groups that a server leads or follows. */
  readonly failoverGroups: (server: SqlServerRef) => Promise<readonly ServerGroup[]>;
}

/** How they are read. */
export const sqlReadings = (azure: Connection): SqlReadings => ({
  dropped: (server) => droppedDatabases(azure, server),
  failoverGroups: (server) => failoverGroupsOf(azure, server),
});

import type { Connection } from '../connection';
import type { SqlServerRef, WebAppRef } from '../refs';
import { type Backups, backups } from './backups';
import { type DroppedDatabase, droppedDatabases } from './dropped-databases';
import { failoverGroupsOf, type ServerGroup } from './failover-groups';
import { type GeoBackup, geoBackup } from './recoverable';
import { type SqlServer, sqlServer } from './servers';
import { usesListener } from './uses-listener';

/** What can be read of Azure SQL beside a single database. */
export interface SqlReadings {
  /** The deleted databases that can still be restored, the last deleted first. */
  readonly dropped: (server: SqlServerRef) => Promise<readonly DroppedDatabase[]>;
  /** How the backups of a database are kept; null when there is no such database. */
  readonly backups: (server: SqlServerRef, database: string) => Promise<Backups | null>;
  /** The failover groups that a server leads or follows. */
  readonly failoverGroups: (server: SqlServerRef) => Promise<readonly ServerGroup[]>;
  /** The newest geo-backup of a database, which its region's loss leaves readable; null without one. */
  readonly geoBackup: (server: SqlServerRef, database: string) => Promise<GeoBackup | null>;
  /** Servers_Get; null when there is no such server. */
  readonly server: (server: SqlServerRef) => Promise<SqlServer | null>;
  /** Whether an app's connection string uses a failover group's listener; null where the bot may not read it. */
  readonly usesListener: (app: WebAppRef, listener: string) => Promise<boolean | null>;
}

/** How they are read. */
export const sqlReadings = (azure: Connection): SqlReadings => ({
  dropped: (server) => droppedDatabases(azure, server),
  backups: (server, database) => backups(azure, server, database),
  failoverGroups: (server) => failoverGroupsOf(azure, server),
  geoBackup: (server, database) => geoBackup(azure, server, database),
  server: (server) => sqlServer(azure, server),
  usesListener: (app, listener) => usesListener(azure, app, listener),
});

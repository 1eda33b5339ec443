import type { Route } from '../arm/route';
import { createDatabaseRoutes } from './create-database';
import { databaseOperationRoutes } from './database-operations';
import { databaseRoutes } from './databases';
import { dropDatabaseRoutes } from './drop-database';
import { droppedDatabaseRoutes } from './dropped-databases';
import { failoverGroupRoutes } from './failover-groups';
import { groupFailoverRoutes } from './group-failover';
import { recoverableDatabaseRoutes } from './recoverable-databases';
import { renameDatabaseRoutes } from './rename-database';
import { replicationLinkRoutes } from './replication-links';
import { retentionRoutes } from './retention';
import { serverRoutes } from './servers';
import { updateDatabaseRoutes } from './update-database';
import { usageRoutes } from './usages';

/** Every operation of Microsoft.Sql that the simulator has. */
export const sqlRoutes: readonly Route[] = [
  ...serverRoutes,
  ...databaseRoutes,
  ...createDatabaseRoutes,
  ...updateDatabaseRoutes,
  ...renameDatabaseRoutes,
  ...dropDatabaseRoutes,
  ...droppedDatabaseRoutes,
  ...recoverableDatabaseRoutes,
  ...databaseOperationRoutes,
  ...retentionRoutes,
  ...usageRoutes,
  ...replicationLinkRoutes,
  ...failoverGroupRoutes,
  ...groupFailoverRoutes,
];

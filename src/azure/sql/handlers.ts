import type { Connection } from '../connection';
import type { HandlersOf } from '../handlers';
import { createFailoverGroup } from './create-failover-group';
import { createSecondary } from './create-secondary';
import { createServer } from './create-server';
import { deleteDatabase } from './delete';
import { endReplication } from './end-replication';
import { failOverGroup } from './fail-over-group';
import { geoRestore } from './geo-restore';
import { joinFailoverGroup } from './join-failover-group';
import { leaveFailoverGroup } from './leave-failover-group';
import type { sqlOperations } from './operations';
import { pointInTimeRestore } from './point-in-time-restore';
import { rename } from './rename';
import { restoreDropped } from './restore-dropped';

/** How each change to Azure SQL is made. */
export const sqlHandlers = (azure: Connection): HandlersOf<typeof sqlOperations> => ({
  'sql.point-in-time-restore': pointInTimeRestore(azure),
  'sql.restore-dropped': restoreDropped(azure),
  'sql.rename': rename(azure),
  'sql.delete': deleteDatabase(azure),
  'sql.leave-failover-group': leaveFailoverGroup(azure),
  'sql.join-failover-group': joinFailoverGroup(azure),
  'sql.end-replication': endReplication(azure),
  'sql.create-secondary': createSecondary(azure),
  'sql.fail-over-group': failOverGroup(azure),
  'sql.create-failover-group': createFailoverGroup(azure),
  'sql.create-server': createServer(azure),
  'sql.geo-restore': geoRestore(azure),
});

import type { Connection } from '../connection';
import type { OperationHandler, OperationOf } from '../operation';
import { databaseResourceId, sameName } from '../resource-id';
import { memberChange } from './failover-group-change';
import { isMember } from './failover-groups';

/** FailoverGroups_Update without the database. Its geo-replication link stays and is ended on its own. */
export const leaveFailoverGroup = (
  azure: Connection,
): OperationHandler<OperationOf<'sql.leave-failover-group'>> =>
  memberChange(azure, {
    rest: ({ failoverGroup, database }) =>
      `PATCH …/failoverGroups/${failoverGroup} (databases without ${database})`,
    doing: ({ database }) => `Taking "${database}" out of`,
    members: ({ server, database }, databases) =>
      databases.filter((id) => !sameName(id, databaseResourceId(server, database))),
    effect: async ({ server, database }, group) =>
      isMember(group, server, database) ? null : { state: 'done', facts: {} },
  });

import type { Connection } from '../connection';
import type { OperationHandler, OperationOf } from '../operation';
import { databaseResourceId, sameName } from '../resource-id';
import { memberChange } from './failover-group-change';
import { isMember } from './failover-groups';
import { sdkLinks } from './replication';

/** FailoverGroups_Update with the database; done when Azure has filled the secondary from scratch. */
export const joinFailoverGroup = (
  azure: Connection,
): OperationHandler<OperationOf<'sql.join-failover-group'>> =>
  memberChange(azure, {
    rest: ({ failoverGroup, database }) =>
      `PATCH …/failoverGroups/${failoverGroup} (databases with ${database})`,
    doing: ({ database }) => `Putting "${database}" into`,
    members: ({ server, database }, databases) => {
      const id = databaseResourceId(server, database);
      return databases.some((member) => sameName(member, id)) ? databases : [...databases, id];
    },
    effect: async ({ server, database }, group) => {
      if (!isMember(group, server, database)) return null;
      const links = await sdkLinks(azure, server, database);
      const filling = links.find((link) => link.replicationState !== 'CATCH_UP');
      return filling
        ? { state: 'under way', percent: filling.percentComplete ?? null }
        : { state: 'done', facts: {} };
    },
  });

import type { FailoverGroup } from '@azure/arm-sql';
import type { Connection } from '../connection';
import { type LongRunning, longRunning } from '../handler';
import { lookWithTrace } from '../look-with-trace';
import { AzureProblem, type Look, type OperationHandler, type OperationOf, type Sent } from '../operation';
import { sqlServerId } from '../resource-id';
import { leadingGroup } from './failover-groups';

type Change = OperationOf<'sql.leave-failover-group'> | OperationOf<'sql.join-failover-group'>;

/** How one change of a failover group's databases differs from the other. */
export interface MemberChange<O extends Change> {
  readonly rest: (operation: O) => string;
  readonly doing: (operation: O) => string;
  /** The ids of the databases that the group shall have, from those that it has. */
  readonly members: (operation: O, databases: readonly string[]) => readonly string[];
  /** How far the change is when the group has its new members, or null when it has not. */
  readonly effect: (operation: O, group: FailoverGroup) => Promise<Look | null>;
}

/** FailoverGroups_Update: the list of databases is replaced as a whole, so it is read first and written back. */
export function memberChange<O extends Change>(
  azure: Connection,
  change: MemberChange<O>,
): OperationHandler<O> {
  const one: LongRunning<O, readonly string[], unknown> = {
    rest: change.rest,
    target: ({ failoverGroup }) => failoverGroup,
    words: (operation) => ({
      doing: change.doing(operation),
      resource: `failover group "${operation.failoverGroup}" on ${operation.server.server}`,
    }),
    look: (operation, sent) => look(azure, change, operation, sent),
    prepare: async (operation) => {
      const group = await leadingGroup(azure, operation.server, operation.failoverGroup);
      return change.members(operation, group.databases ?? []);
    },
    send: ({ server, failoverGroup }, databases, options) =>
      azure
        .clients(server.subscriptionId)
        .sql.failoverGroups.beginUpdate(
          server.resourceGroup,
          server.server,
          failoverGroup,
          databases ? { databases: [...databases] } : {},
          options,
        ),
    facts: () => Promise.resolve({}),
    percent: () => Promise.resolve(null),
  };
  return longRunning(azure, one);
}

async function look<O extends Change>(
  azure: Connection,
  change: MemberChange<O>,
  operation: O,
  sent: Sent,
): Promise<Look> {
  const { server, failoverGroup } = operation;
  const traced = {
    subscriptionId: server.subscriptionId,
    resourceId: `${sqlServerId(server)}/failoverGroups/${failoverGroup}`,
    action: 'Microsoft.Sql/servers/failoverGroups/write',
  };
  return lookWithTrace(azure, traced, failoverGroup, sent, async () => {
    try {
      return await change.effect(operation, await leadingGroup(azure, server, failoverGroup));
    } catch (error) {
      if (!(error instanceof AzureProblem) || error.details.code !== 'FailoverGroupNotPrimary') throw error;
      return { state: 'blocked', problem: error };
    }
  });
}

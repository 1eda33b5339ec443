import type { Connection } from '../connection';
import { type LongRunning, longRunning } from '../handler';
import { lookWithTrace } from '../look-with-trace';
import type { Look, OperationHandler, OperationOf, Sent } from '../operation';
import { sqlServerId } from '../resource-id';
import { sdkGroup } from './failover-groups';

type FailOverGroup = OperationOf<'sql.fail-over-group'>;

/**
 * FailoverGroups_Failover, or FailoverGroups_ForceFailoverAllowDataLoss, asked of the server that is to lead: Azure
 * refuses both on the one that leads. A group that the server leads already has been failed over.
 */
export function failOverGroup(azure: Connection): OperationHandler<FailOverGroup> {
  const one: LongRunning<FailOverGroup, null, unknown> = {
    rest: ({ server, failoverGroup, how }) =>
      `POST ${server.server}/failoverGroups/${failoverGroup}/${actions[how]}`,
    target: ({ failoverGroup }) => failoverGroup,
    words: ({ server, failoverGroup, how }) => ({
      doing: how === 'planned' ? 'Failing over' : 'Failing over by force',
      resource: `failover group "${failoverGroup}" to ${server.server}`,
    }),
    look: (operation, sent) => look(azure, operation, sent),
    prepare: () => Promise.resolve(null),
    send: ({ server, failoverGroup, how }, _, options) => {
      const { failoverGroups } = azure.clients(server.subscriptionId).sql;
      return how === 'planned'
        ? failoverGroups.beginFailover(server.resourceGroup, server.server, failoverGroup, options)
        : failoverGroups.beginForceFailoverAllowDataLoss(
            server.resourceGroup,
            server.server,
            failoverGroup,
            options,
          );
    },
    facts: () => Promise.resolve({}),
    percent: () => Promise.resolve(null),
  };
  return longRunning(azure, one);
}

const actions = { planned: 'failover', forced: 'forceFailoverAllowDataLoss' } as const;

async function look(azure: Connection, operation: FailOverGroup, sent: Sent): Promise<Look> {
  const { server, failoverGroup, how } = operation;
  const traced = {
    subscriptionId: server.subscriptionId,
    resourceId: `${sqlServerId(server)}/failoverGroups/${failoverGroup}`,
    action: `Microsoft.Sql/servers/failoverGroups/${actions[how]}/action`,
  };
  return lookWithTrace(azure, traced, failoverGroup, sent, async () => {
    const group = await sdkGroup(azure, server, failoverGroup);
    return group.replicationRole === 'Primary' ? { state: 'done', facts: {} } : null;
  });
}

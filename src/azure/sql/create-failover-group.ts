import { orNull } from '../call';
import type { Connection } from '../connection';
import { type LongRunning, longRunning } from '../handler';
import { lookWithTrace } from '../look-with-trace';
import type { Look, OperationHandler, OperationOf, Sent } from '../operation';
import { observedProblem } from '../problem';
import { sameName, sqlServerId, sqlServerOf } from '../resource-id';
import { sdkGroup } from './failover-groups';

type Create = OperationOf<'sql.create-failover-group'>;

/** FailoverGroups_CreateOrUpdate: Azure makes it empty, and with the policy that only people fail it over. */
export function createFailoverGroup(azure: Connection): OperationHandler<Create> {
  const one: LongRunning<Create, true, unknown> = {
    rest: ({ server, failoverGroup, partner }) =>
      `PUT ${server.server}/failoverGroups/${failoverGroup} (partner ${partner.server}, failoverPolicy Manual)`,
    target: ({ failoverGroup }) => failoverGroup,
    words: ({ server, failoverGroup }) => ({
      doing: 'Making',
      resource: `failover group "${failoverGroup}" on ${server.server}`,
    }),
    look: (operation, sent) => look(azure, operation, sent),
    prepare: () => Promise.resolve(true),
    send: ({ server, failoverGroup, partner }, _, options) =>
      azure.clients(server.subscriptionId).sql.failoverGroups.beginCreateOrUpdate(
        server.resourceGroup,
        server.server,
        failoverGroup,
        {
          // A grace period belongs to the policy Automatic alone: Azure refuses one beside Manual.
          readWriteEndpoint: { failoverPolicy: 'Manual' },
          readOnlyEndpoint: { failoverPolicy: 'Disabled' },
          partnerServers: [{ id: sqlServerId(partner) }],
          databases: [],
        },
        options,
      ),
    facts: () => Promise.resolve({}),
    percent: () => Promise.resolve(null),
  };
  return longRunning(azure, one);
}

async function look(azure: Connection, operation: Create, sent: Sent): Promise<Look> {
  const { server, failoverGroup, partner } = operation;
  const traced = {
    subscriptionId: server.subscriptionId,
    resourceId: `${sqlServerId(server)}/failoverGroups/${failoverGroup}`,
    action: 'Microsoft.Sql/servers/failoverGroups/write',
  };
  return lookWithTrace(azure, traced, failoverGroup, sent, async () => {
    const group = await orNull(sdkGroup(azure, server, failoverGroup));
    if (!group) return null;
    const partners = (group.partnerServers ?? []).flatMap(({ id }) => sqlServerOf(id) ?? []);
    if (group.replicationRole === 'Primary' && partners.some((one) => sameName(one.server, partner.server)))
      return { state: 'done', facts: {} };
    return {
      state: 'blocked',
      problem: observedProblem(
        'NameTaken',
        `${server.server} has another failover group "${failoverGroup}", which is not led from here to ${partner.server}. Nothing was changed. Look at it in the Azure portal before going on.`,
      ),
    };
  });
}

import { startOperation } from '../arm/operations';
import type { Call, Route } from '../arm/route';
import { AzureError } from '../azure-error';
import { SECOND } from '../clock';
import type { HostAnswer } from '../host';
import { sameName } from '../resource-id';
import { failoverGroupVersions, findGroup, refuseWhileGroupBusy } from './failover-groups';
import { findServer, serverNamed, serverPath } from './servers';

const group = `${serverPath}/failoverGroups/{failoverGroupName}`;

/** Swapping the roles of a failover group, asked for on its secondary (Microsoft.Sql 2020-11-01-preview, FailoverGroups_Failover). */
export const groupFailoverRoutes: readonly Route[] = [
  {
    operation: 'FailoverGroups_Failover',
    method: 'POST',
    path: `${group}/failover`,
    apiVersions: failoverGroupVersions,
    handler: (call) => failOver(call, false),
  },
  {
    operation: 'FailoverGroups_ForceFailoverAllowDataLoss',
    method: 'POST',
    path: `${group}/forceFailoverAllowDataLoss`,
    apiVersions: failoverGroupVersions,
    handler: (call) => failOver(call, true),
  },
];

function failOver(call: Call, forced: boolean): HostAnswer {
  const { world } = call;
  const server = findServer(call);
  const found = findGroup(call);
  if (sameName(found.primary, server.name)) {
    throw new AzureError(
      400,
      'FailoverGroupFailoverRequestOnPrimary',
      'The failover request should be initiated on the secondary server of failover group.',
    );
  }
  refuseWhileGroupBusy(call);
  const primaryIsDown =
    world.state.regionsDown[serverNamed(world, found.primary)?.location ?? ''] !== undefined;
  if (primaryIsDown && !forced) {
    throw new AzureError(
      400,
      'PlannedFailoverTimedOut',
      'User invoked planned failover, and it timed out while trying to contact the partner management service.',
    );
  }
  const seeding = world.state.replicationLinks.some(
    (link) =>
      !link.seeded &&
      sameName(link.primary, found.primary) &&
      found.databases.some((name) => sameName(name, link.database)),
  );
  if (seeding) {
    throw new AzureError(
      400,
      'IncorrectReplicationLinkState',
      'The operation expects the database to be in an expected state on the replication link.',
    );
  }
  return startOperation(call, {
    collection: 'failoverGroup',
    name: forced ? 'ForceFailoverGroup' : 'FailoverGroup',
    friendlyName: 'ALTER FAILOVER GROUP FAILOVER',
    server,
    duration: (forced ? 30 : 60) * SECOND,
    effect: { type: 'group.failedOver', group: found.name, forced },
    endsIn: 'resource',
  });
}

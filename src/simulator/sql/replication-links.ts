import { startOperation } from '../arm/operations';
import { type Call, param, type Route } from '../arm/route';
import { AzureError } from '../azure-error';
import { SECOND } from '../clock';
import type { HostAnswer } from '../host';
import { sameName } from '../resource-id';
import type { Database, ReplicationLink } from '../state';
import { databaseId, databasePath, findDatabase, groupOf, linksOf } from './databases';
import { replicationState } from './replication';
import { findServer, notFound, serverNamed } from './servers';

const apiVersions = ['2022-02-01-preview', '2023-08-01-preview'];
const links = `${databasePath}/replicationLinks`;

/** Geo-replication between two databases (Microsoft.Sql 2022-02-01-preview, ReplicationLinks). */
export const replicationLinkRoutes: readonly Route[] = [
  {
    operation: 'ReplicationLinks_ListByDatabase',
    method: 'GET',
    path: links,
    apiVersions,
    handler: (call) => {
      const database = findDatabase(call);
      return {
        status: 200,
        body: { value: linksOf(call.world, database).map((link) => view(call, database, link)) },
      };
    },
  },
  {
    operation: 'ReplicationLinks_Get',
    method: 'GET',
    path: `${links}/{linkId}`,
    apiVersions,
    handler: (call) => ({ status: 200, body: view(call, findDatabase(call), findLink(call)) }),
  },
  {
    operation: 'ReplicationLinks_Delete',
    method: 'DELETE',
    path: `${links}/{linkId}`,
    apiVersions,
    handler: remove,
  },
  {
    operation: 'ReplicationLinks_Failover',
    method: 'POST',
    path: `${links}/{linkId}/failover`,
    apiVersions,
    handler: (call) => failOver(call, false),
  },
  {
    operation: 'ReplicationLinks_FailoverAllowDataLoss',
    method: 'POST',
    path: `${links}/{linkId}/forceFailoverAllowDataLoss`,
    apiVersions,
    handler: (call) => failOver(call, true),
  },
];

function findLink(call: Call): ReplicationLink {
  const id = param(call, 'linkId');
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) {
    throw new AzureError(
      400,
      'ReplicationLinksReplicationLinkNameIsInvalid',
      'Replication link name should be a valid guid.',
    );
  }
  const database = findDatabase(call);
  const link = linksOf(call.world, database).find((known) => sameName(known.id, id));
  if (link === undefined) {
    throw notFound(
      `Microsoft.Sql/servers/${database.server}/databases/${database.name}/replicationLinks/${id}`,
      param(call, 'resourceGroupName'),
    );
  }
  return link;
}

function refuseInGroup(call: Call): void {
  if (groupOf(call.world, findDatabase(call)) !== undefined) {
    throw new AzureError(
      409,
      'FailoverGroupAlreadySetup',
      'The operation cannot be performed because the geo-replication link is part of a Failover Group. You must remove the database from the group in order to individually terminate or failover.',
    );
  }
}

function remove(call: Call): HostAnswer {
  const link = findLink(call);
  refuseInGroup(call);
  return start(
    call,
    link,
    'DropReplicationLink',
    'ALTER DATABASE REMOVE SECONDARY',
    { type: 'link.removed', linkId: link.id },
    'nothing',
  );
}

function failOver(call: Call, forced: boolean): HostAnswer {
  const link = findLink(call);
  refuseInGroup(call);
  if (!sameName(link.secondary, findDatabase(call).server)) {
    throw new AzureError(
      400,
      'GeoReplicationDatabaseNotSecondary',
      'The operation expects the database to be a replication target.',
    );
  }
  if (
    !forced &&
    call.world.state.regionsDown[serverNamed(call.world, link.primary)?.location ?? ''] !== undefined
  ) {
    throw new AzureError(
      400,
      'PlannedFailoverTimedOut',
      'User invoked planned failover, and it timed out while trying to contact the partner management service.',
    );
  }
  const effect = { type: 'link.failedOver', linkId: link.id, forced } as const;
  return start(call, link, 'FailoverReplicationLink', 'ALTER DATABASE FAILOVER', effect, 'resource');
}

function start(
  call: Call,
  link: ReplicationLink,
  name: string,
  friendlyName: string,
  effect: Parameters<typeof startOperation>[1]['effect'],
  endsIn: 'resource' | 'nothing',
): HostAnswer {
  if (!link.seeded) {
    throw new AzureError(
      400,
      'IncorrectReplicationLinkState',
      'The operation expects the database to be in an expected state on the replication link.',
    );
  }
  return startOperation(call, {
    collection: 'replicationLink',
    name,
    friendlyName,
    server: findServer(call),
    databaseId: findDatabase(call).databaseId,
    duration: 30 * SECOND,
    effect,
    endsIn,
  });
}

function view(call: Call, database: Database, link: ReplicationLink): unknown {
  const isPrimary = sameName(link.primary, database.server);
  const partner = isPrimary ? link.secondary : link.primary;
  return {
    properties: {
      partnerServer: partner,
      partnerDatabase: link.database,
      partnerLocation: serverNamed(call.world, partner)?.location ?? '',
      role: isPrimary ? 'Primary' : 'Secondary',
      partnerRole: isPrimary ? 'Secondary' : 'Primary',
      replicationMode: 'ASYNC',
      startTime: link.startTime,
      percentComplete: link.seeded ? 100 : 0,
      replicationState: replicationState(call.world, link),
      isTerminationAllowed: groupOf(call.world, database) === undefined,
      linkType: 'GEO',
    },
    id: `${databaseId(call.world, findServer(call), database.name)}/replicationLinks/${link.id}`,
    name: link.id,
    type: 'Microsoft.Sql/servers/databases/replicationLinks',
  };
}

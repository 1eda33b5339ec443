import { startOperation } from '../arm/operations';
import { type Call, param, type Route } from '../arm/route';
import { AzureError } from '../azure-error';
import { SECOND } from '../clock';
import type { HostAnswer } from '../host';
import { at, textAt, textsAt } from '../json';
import { readResourceId, sameName } from '../resource-id';
import type { FailoverGroup, Server } from '../state';
import { copyDuration } from './copy-source';
import { databaseNamed } from './databases';
import { invalid, readMembers, readPolicy, readReadOnlyPolicy } from './failover-group-request';
import { groupNamed, isApart, isReplicated } from './replication';
import { findServer, notFound, serverId, serverNamed, serverPath } from './servers';

/** The versions in which failover groups are served. */
export const failoverGroupVersions = ['2020-11-01-preview', '2023-08-01-preview'];

const apiVersions = failoverGroupVersions;
const groups = `${serverPath}/failoverGroups`;

/** Failover groups (Microsoft.Sql 2020-11-01-preview, FailoverGroups); readable from both sides, changed on the primary alone. */
export const failoverGroupRoutes: readonly Route[] = [
  {
    operation: 'FailoverGroups_ListByServer',
    method: 'GET',
    path: groups,
    apiVersions,
    handler: (call) => {
      const server = findServer(call);
      const value = call.world.state.failoverGroups
        .filter((group) => isPart(group, server))
        .map((group) => view(call, group, server));
      return { status: 200, body: { value } };
    },
  },
  {
    operation: 'FailoverGroups_Get',
    method: 'GET',
    path: `${groups}/{failoverGroupName}`,
    apiVersions,
    handler: (call) => ({ status: 200, body: view(call, findGroup(call), findServer(call)) }),
  },
  {
    operation: 'FailoverGroups_CreateOrUpdate',
    method: 'PUT',
    path: `${groups}/{failoverGroupName}`,
    apiVersions,
    handler: createOrUpdate,
  },
  {
    operation: 'FailoverGroups_Update',
    method: 'PATCH',
    path: `${groups}/{failoverGroupName}`,
    apiVersions,
    handler: update,
  },
  {
    operation: 'FailoverGroups_Delete',
    method: 'DELETE',
    path: `${groups}/{failoverGroupName}`,
    apiVersions,
    handler: remove,
  },
];

/** The failover group a request is about, seen from either of its servers; throws 404. */
export function findGroup(call: Call): FailoverGroup {
  const server = findServer(call);
  const group = groupNamed(call.world, param(call, 'failoverGroupName'));
  if (group === undefined || !isPart(group, server)) {
    throw notFound(
      `Microsoft.Sql/servers/${server.name}/failoverGroups/${param(call, 'failoverGroupName')}`,
      server.resourceGroup,
    );
  }
  return group;
}

/** Throws 409 while an operation on the group has not ended. */
export function refuseWhileGroupBusy(call: Call): void {
  const name = param(call, 'failoverGroupName');
  const busy = Object.values(call.world.state.operations).some(({ state, effect }) => {
    const group =
      effect.type === 'group.set' ? effect.group.name : 'group' in effect ? effect.group : undefined;
    return state === 'InProgress' && group !== undefined && sameName(group, name);
  });
  if (busy) {
    throw new AzureError(
      409,
      'FailoverGroupBusy',
      `Failover Group '${name}' is busy with another operation.`,
    );
  }
}

function isPart(group: FailoverGroup, server: Server): boolean {
  return sameName(group.primary, server.name) || sameName(group.secondary, server.name);
}

function createOrUpdate(call: Call): HostAnswer {
  const existing = groupNamed(call.world, param(call, 'failoverGroupName'));
  const server = findServer(call);
  if (existing !== undefined && isPart(existing, server)) {
    return update(call);
  }
  if (existing !== undefined) {
    throw new AzureError(
      409,
      'FailoverGroupDnsRecordInUse',
      `A duplicate DNS record exists for the requested endpoint '${existing.name}.database.windows.net'.`,
    );
  }
  const partners = at(call.request.body, 'properties', 'partnerServers');
  if (!Array.isArray(partners) || partners.length === 0) {
    throw invalid(
      'InvalidPartner',
      'The given partners field in create or update failover group request body is empty or invalid. Please provide a valid value of this field.',
    );
  }
  if (partners.length > 1) {
    throw invalid(
      'UnsupportedPartnerCount',
      'Only one partner server for Failover Group is supported. Please modify your request accordingly.',
    );
  }
  const partnerName = readResourceId(textAt(partners[0], 'id') ?? '')?.names[0] ?? '';
  const partner = serverNamed(call.world, partnerName);
  if (partner === undefined) {
    throw new AzureError(400, 'ServerNotFound', `The requested server '${partnerName}' was not found.`);
  }
  if (partner.location === server.location) {
    throw new AzureError(
      400,
      'InvalidFailoverGroupRegion',
      'Servers specified in a Failover Group need to reside in different regions to provide isolation.',
    );
  }
  const readWrite = readPolicy(call);
  if (readWrite === undefined) {
    throw invalid(
      'InvalidReadWriteEndpoint',
      'The readWriteEndpoint field is required for create or update requests.',
    );
  }
  return set(call, server, {
    name: param(call, 'failoverGroupName'),
    primary: server.name,
    secondary: partner.name,
    databases: [],
    readWrite,
    readOnlyPolicy: readReadOnlyPolicy(call) ?? 'Disabled',
    tags: {},
  });
}

function update(call: Call): HostAnswer {
  const server = findServer(call);
  const group = primaryOnly(call, server);
  return set(call, server, {
    ...group,
    readWrite: readPolicy(call) ?? group.readWrite,
    readOnlyPolicy: readReadOnlyPolicy(call) ?? group.readOnlyPolicy,
  });
}

function remove(call: Call): HostAnswer {
  const server = findServer(call);
  const existing = groupNamed(call.world, param(call, 'failoverGroupName'));
  if (existing === undefined || !isPart(existing, server)) {
    return { status: 204 };
  }
  const group = primaryOnly(call, server);
  return startOperation(call, {
    collection: 'failoverGroup',
    name: 'DropFailoverGroup',
    friendlyName: 'DROP FAILOVER GROUP',
    server,
    duration: 30 * SECOND,
    effect: { type: 'group.removed', group: group.name },
    endsIn: 'nothing',
  });
}

function primaryOnly(call: Call, server: Server): FailoverGroup {
  const group = findGroup(call);
  if (!sameName(group.primary, server.name)) {
    throw new AzureError(
      400,
      'FailoverGroupUpdateOrDeleteRequestOnSecondary',
      'Modifications to the failover group are not allowed on a secondary server. Execute the request on the primary server.',
    );
  }
  refuseWhileGroupBusy(call);
  return group;
}

function set(call: Call, server: Server, group: FailoverGroup): HostAnswer {
  const databases = readMembers(call, group) ?? group.databases;
  const fresh = databases.filter((name) => !isReplicated(call.world, group, name));
  const seeding = fresh
    .map((name) => databaseNamed(call.world, group.primary, name))
    .flatMap((database) => (database === undefined ? [] : [copyDuration(database)]));
  const tags = textsAt(call.request.body, 'tags') ?? group.tags;
  return startOperation(call, {
    collection: 'failoverGroup',
    name: 'UpsertFailoverGroup',
    friendlyName: 'ALTER FAILOVER GROUP',
    server,
    duration: Math.max(30 * SECOND, ...seeding),
    effect: { type: 'group.set', group: { ...group, databases, tags } },
    endsIn: 'resource',
  });
}

function view(call: Call, group: FailoverGroup, server: Server): unknown {
  const { world } = call;
  const isPrimary = sameName(group.primary, server.name);
  const partner = serverNamed(world, isPrimary ? group.secondary : group.primary);
  if (partner === undefined) {
    throw new Error(`The failover group ${group.name} has no partner server.`);
  }
  return {
    location: server.location,
    tags: group.tags,
    properties: {
      readWriteEndpoint: {
        failoverPolicy: group.readWrite.policy,
        ...(group.readWrite.graceMinutes === undefined
          ? {}
          : { failoverWithDataLossGracePeriodMinutes: group.readWrite.graceMinutes }),
      },
      readOnlyEndpoint: { failoverPolicy: group.readOnlyPolicy },
      replicationRole: isPrimary ? 'Primary' : 'Secondary',
      replicationState: isApart(world, group) ? 'SUSPENDED' : 'CATCH_UP',
      partnerServers: [
        {
          id: serverId(world, partner),
          location: partner.location,
          replicationRole: isPrimary ? 'Secondary' : 'Primary',
        },
      ],
      databases: group.databases.map((name) => `${serverId(world, server)}/databases/${name}`),
    },
    id: `${serverId(world, server)}/failoverGroups/${group.name}`,
    name: group.name,
    type: 'Microsoft.Sql/servers/failoverGroups',
  };
}

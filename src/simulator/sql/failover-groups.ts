import { startOperation } from '../arm/operations';
import { type Call, param, type Route } from '../arm/route';
import { AzureError } from '../azure-error';
import { SECOND } from '../clock';
import type { HostAnswer } from '../host';
import { at, isObject, numberAt, textAt, textsAt } from '../json';
import { readResourceId, sameName } from '../resource-id';
import type { FailoverGroup, Server } from '../state';
import { copyDuration } from './copy-source';
import { databaseNamed, groupOf, isSecondary, readDatabaseId } from './databases';
import { groupNamed, isReplicated } from './replication';
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

function readMembers(call: Call, group: FailoverGroup): string[] | undefined {
  const given = at(call.request.body, 'properties', 'databases');
  if (given === undefined) {
    return undefined;
  }
  if (!Array.isArray(given)) {
    throw invalid(
      'InvalidDatabases',
      'The provided databases IDs are not properly constructed database resource IDs.',
    );
  }
  return given.map((id: unknown) => {
    const named = typeof id === 'string' ? readDatabaseId(id) : undefined;
    if (named === undefined) {
      throw invalid(
        'InvalidDatabases',
        'The provided databases IDs are not properly constructed database resource IDs.',
      );
    }
    const database = sameName(named.server, group.primary)
      ? databaseNamed(call.world, group.primary, named.database)
      : undefined;
    if (database === undefined || database.system) {
      throw invalid(
        'InvalidDatabaseServer',
        'One or more of the provided databases do not exist on the primary server of the failover group. Please make sure that all the databases exist on the primary server.',
      );
    }
    refuseMember(call, group, database.name);
    return database.name;
  });
}

function refuseMember(call: Call, group: FailoverGroup, name: string): void {
  const { world } = call;
  const database = databaseNamed(world, group.primary, name);
  const other = database === undefined ? undefined : groupOf(world, database);
  if (other !== undefined && !sameName(other.name, group.name)) {
    throw new AzureError(
      409,
      'DatabaseBelongsToOtherFailoverGroup',
      'Database belongs to other Failover Group and cannot be consider a part of this one.',
    );
  }
  if (database !== undefined && isSecondary(world, database)) {
    throw new AzureError(
      400,
      'DatabaseInFailoverGroupNotPrimary',
      "GeoDR link for the database already exists, but its role is not 'Primary' or it is not continuous copy link.",
    );
  }
  if (!isReplicated(world, group, name) && databaseNamed(world, group.secondary, name) !== undefined) {
    throw new AzureError(
      409,
      'RemoteDatabaseExists',
      `The destination database name '${name}' already exists on the destination server.`,
    );
  }
}

function readPolicy(call: Call): FailoverGroup['readWrite'] | undefined {
  const endpoint = at(call.request.body, 'properties', 'readWriteEndpoint');
  if (!isObject(endpoint)) {
    return undefined;
  }
  const policy = textAt(endpoint, 'failoverPolicy');
  const graceMinutes = numberAt(endpoint, 'failoverWithDataLossGracePeriodMinutes');
  if (policy !== 'Manual' && policy !== 'Automatic') {
    throw invalid(
      'InvalidReadWriteFailoverPolicy',
      'The failoverPolicy field for the read-write endpoint is required for create or update requests.',
    );
  }
  if (policy === 'Manual') {
    if (graceMinutes !== undefined) {
      throw invalid(
        'InvalidReadWriteEndpointFieldsForManualPolicy',
        'Grace period value should not be provided when failover policy Manual is selected for the read-write endpoint. Please remove it from request.',
      );
    }
    return { policy };
  }
  if (graceMinutes === undefined) {
    throw invalid(
      'InvalidReadWriteEndpointFields',
      'The property failoverWithDataLossGracePeriodMinutes must be provided when failover policy Automatic is selected for the read-write endpoint.',
    );
  }
  if (graceMinutes < 0) {
    throw invalid(
      'NegativeGracePeriodValues',
      'Grace period value for the read-write endpoint must be non-negative.',
    );
  }
  return { policy, graceMinutes };
}

function readReadOnlyPolicy(call: Call): 'Disabled' | 'Enabled' | undefined {
  const policy = textAt(call.request.body, 'properties', 'readOnlyEndpoint', 'failoverPolicy');
  return policy === 'Disabled' || policy === 'Enabled' ? policy : undefined;
}

function invalid(what: string, message: string): AzureError {
  return new AzureError(400, `FailoverGroupCreateOrUpdateRequest${what}`, message);
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
      replicationState: 'CATCH_UP',
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

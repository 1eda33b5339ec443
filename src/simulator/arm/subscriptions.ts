import { AzureError } from '../azure-error';
import type { HostAnswer } from '../host';
import { sameName } from '../resource-id';
import { serverId } from '../sql/servers';
import { siteId } from '../web/sites';
import type { World } from '../world';
import { groupVersions } from './resource-groups';
import { type Call, param, type Route } from './route';

/** The subscription and what is in it (Microsoft.Resources 2024-07-01). */
export const subscriptionRoutes: readonly Route[] = [
  {
    operation: 'Subscriptions_Get',
    method: 'GET',
    path: '/subscriptions/{subscriptionId}',
    apiVersions: ['2022-12-01', '2021-01-01', '2020-01-01', '2016-06-01'],
    handler: getSubscription,
  },
  {
    operation: 'Resources_List',
    method: 'GET',
    path: '/subscriptions/{subscriptionId}/resources',
    apiVersions: groupVersions,
    handler: (call) => listResources(call, () => true),
  },
  {
    operation: 'Resources_ListByResourceGroup',
    method: 'GET',
    path: '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/resources',
    apiVersions: groupVersions,
    handler: (call) =>
      listResources(call, (resource) =>
        sameName(resource.id.split('/')[4] ?? '', param(call, 'resourceGroupName')),
      ),
  },
];

interface Resource {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
}

function getSubscription(call: Call): HostAnswer {
  const { subscription, tenant } = call.world.state;
  const body = {
    id: `/subscriptions/${subscription.id}`,
    authorizationSource: 'RoleBased',
    managedByTenants: [],
    subscriptionId: subscription.id,
    tenantId: tenant.id,
    displayName: subscription.displayName,
    state: 'Enabled',
    subscriptionPolicies: {
      locationPlacementId: 'Internal_2014-09-01',
      quotaId: 'Internal_2014-09-01',
      spendingLimit: 'Off',
    },
  };
  return { status: 200, body };
}

function listResources(call: Call, wanted: (resource: Resource) => boolean): HostAnswer {
  const filter = call.request.query.get('$filter');
  const type = filter === null ? undefined : /^\s*resourceType\s+eq\s+'([^']+)'\s*$/i.exec(filter)?.[1];
  if (filter !== null && type === undefined) {
    throw new AzureError(
      400,
      'InvalidFilterInQueryString',
      `Invalid $filter '${filter}' specified in the query string.`,
    );
  }
  const value = resources(call.world)
    .filter(wanted)
    .filter((resource) => type === undefined || sameName(resource.type, type));
  return { status: 200, body: { value } };
}

function resources(world: World): readonly Resource[] {
  const { state } = world;
  const id = (group: string, type: string, name: string) =>
    `/subscriptions/${state.subscription.id}/resourceGroups/${group}/providers/${type}/${name}`;
  return [
    ...Object.values(state.servers).map((server) => ({
      id: serverId(world, server),
      name: server.name,
      type: 'Microsoft.Sql/servers',
      location: server.location,
      tags: server.tags,
    })),
    ...state.databases.flatMap((database) => {
      const server = state.servers[database.server.toLowerCase()];
      return server === undefined
        ? []
        : [
            {
              id: `${serverId(world, server)}/databases/${database.name}`,
              name: `${server.name}/${database.name}`,
              type: 'Microsoft.Sql/servers/databases',
              location: server.location,
              tags: database.tags,
            },
          ];
    }),
    ...Object.values(state.sites).map((site) => ({
      id: siteId(world, site),
      name: site.name,
      type: 'Microsoft.Web/sites',
      location: site.location,
      tags: {},
    })),
    ...Object.values(state.network.profiles).map(({ name, resourceGroup, tags }) => ({
      ...{ id: id(resourceGroup, 'Microsoft.Network/trafficManagerProfiles', name), name, tags },
      ...{ type: 'Microsoft.Network/trafficManagerProfiles', location: 'global' },
    })),
    ...Object.values(state.network.zones).map(({ name, resourceGroup }) => ({
      ...{ id: id(resourceGroup, 'Microsoft.Network/dnszones', name), name, tags: {} },
      ...{ type: 'Microsoft.Network/dnszones', location: 'global' },
    })),
    ...Object.values(state.vaults)
      .filter(({ deletedDate }) => deletedDate === undefined)
      .map(({ name, resourceGroup, location, tags }) => ({
        id: id(resourceGroup, 'Microsoft.KeyVault/vaults', name),
        name,
        type: 'Microsoft.KeyVault/vaults',
        location,
        tags,
      })),
    ...Object.values(state.storageAccounts).map(({ name, resourceGroup, location }) => ({
      id: id(resourceGroup, 'Microsoft.Storage/storageAccounts', name),
      name,
      type: 'Microsoft.Storage/storageAccounts',
      location,
      tags: {},
    })),
    ...Object.values(state.plainResources).map(({ resourceGroup: _, ...resource }) => resource),
  ];
}

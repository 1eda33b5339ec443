import { AzureError } from '../azure-error';
import type { HostAnswer } from '../host';
import { sameName } from '../resource-id';
import { serverId } from '../sql/servers';
import type { ResourceGroup } from '../state';
import { siteId } from '../web/sites';
import type { World } from '../world';
import { type Call, param, type Route } from './route';

const groupVersions = ['2024-07-01', '2025-04-01', '2024-03-01', '2021-04-01'];

/** The subscription, its resource groups and what is in them (Microsoft.Resources 2024-07-01). */
export const subscriptionRoutes: readonly Route[] = [
  {
    operation: 'Subscriptions_Get',
    method: 'GET',
    path: '/subscriptions/{subscriptionId}',
    apiVersions: ['2022-12-01', '2021-01-01', '2020-01-01', '2016-06-01'],
    handler: getSubscription,
  },
  {
    operation: 'ResourceGroups_List',
    method: 'GET',
    path: '/subscriptions/{subscriptionId}/resourcegroups',
    apiVersions: groupVersions,
    handler: (call) => ({
      status: 200,
      body: {
        value: Object.values(call.world.state.resourceGroups).map((group) => groupView(call.world, group)),
      },
    }),
  },
  {
    operation: 'ResourceGroups_Get',
    method: 'GET',
    path: '/subscriptions/{subscriptionId}/resourcegroups/{resourceGroupName}',
    apiVersions: groupVersions,
    handler: getGroup,
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

function getGroup(call: Call): HostAnswer {
  const group = call.world.state.resourceGroups[param(call, 'resourceGroupName').toLowerCase()];
  if (group === undefined) {
    throw new AzureError(
      404,
      'ResourceGroupNotFound',
      `Resource group '${param(call, 'resourceGroupName')}' could not be found.`,
    );
  }
  return { status: 200, body: groupView(call.world, group) };
}

function groupView(world: World, group: ResourceGroup): unknown {
  return {
    id: `/subscriptions/${world.state.subscription.id}/resourceGroups/${group.name}`,
    name: group.name,
    type: 'Microsoft.Resources/resourceGroups',
    location: group.location,
    tags: group.tags,
    properties: { provisioningState: 'Succeeded' },
  };
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
  ];
}

import { AzureError } from '../azure-error';
import { MINUTE } from '../clock';
import type { HostAnswer } from '../host';
import { textAt, textsAt } from '../json';
import { refuseWhenDown } from '../sql/servers';
import type { ResourceGroup } from '../state';
import type { World } from '../world';
import { beginOperation } from './operations';
import { type Call, param, type Route } from './route';

export const groupVersions = ['2024-07-01', '2025-04-01', '2024-03-01', '2021-04-01'];

const path = '/subscriptions/{subscriptionId}/resourcegroups/{resourceGroupName}';

/** Resource groups (Microsoft.Resources 2024-07-01, ResourceGroups). */
export const groupRoutes: readonly Route[] = [
  {
    operation: 'ResourceGroups_List',
    method: 'GET',
    path: '/subscriptions/{subscriptionId}/resourcegroups',
    apiVersions: groupVersions,
    handler: ({ world }) => ({
      status: 200,
      body: { value: Object.values(world.state.resourceGroups).map((group) => view(world, group)) },
    }),
  },
  {
    operation: 'ResourceGroups_Get',
    method: 'GET',
    path,
    apiVersions: groupVersions,
    handler: (call) => ({ status: 200, body: view(call.world, find(call)) }),
  },
  {
    operation: 'ResourceGroups_CheckExistence',
    method: 'HEAD',
    path,
    apiVersions: groupVersions,
    handler: (call) => {
      find(call);
      return { status: 204 };
    },
  },
  {
    operation: 'ResourceGroups_CreateOrUpdate',
    method: 'PUT',
    path,
    apiVersions: groupVersions,
    handler: createOrUpdate,
  },
  {
    operation: 'ResourceGroups_Delete',
    method: 'DELETE',
    path,
    apiVersions: groupVersions,
    handler: startDeletion,
  },
];

function find(call: Call): ResourceGroup {
  const name = param(call, 'resourceGroupName');
  const group = call.world.state.resourceGroups[name.toLowerCase()];
  if (group === undefined) {
    throw new AzureError(404, 'ResourceGroupNotFound', `Resource group '${name}' could not be found.`);
  }
  return group;
}

function createOrUpdate(call: Call): HostAnswer {
  const { world, request } = call;
  const name = param(call, 'resourceGroupName');
  const location = textAt(request.body, 'location')?.toLowerCase().replaceAll(' ', '');
  if (location === undefined) {
    throw new AzureError(400, 'LocationRequired', 'The location property is required for this definition.');
  }
  if (!/^[-\w.()]{1,90}$/.test(name) || name.endsWith('.')) {
    throw new AzureError(
      400,
      'InvalidResourceGroup',
      `The provided resource group name '${name}' has these invalid characters. The name can only be a letter, digit, '-', '.', '(', ')' or '_'.`,
    );
  }
  const known = world.state.resourceGroups[name.toLowerCase()];
  if (known !== undefined && known.location !== location) {
    throw new AzureError(
      409,
      'InvalidResourceGroupLocation',
      `Invalid resource group location '${location}'. The Resource group already exists in location '${known.location}'.`,
    );
  }
  refuseWhenDown(world, location, 'Microsoft.Resources');
  const group: ResourceGroup = {
    ...{ name: known?.name ?? name, location },
    tags: textsAt(request.body, 'tags') ?? {},
  };
  world.state.resourceGroups[name.toLowerCase()] = group;
  return { status: known === undefined ? 201 : 200, body: view(world, group) };
}

function startDeletion(call: Call): HostAnswer {
  const { world, request } = call;
  const group = find(call);
  world.state.resourceGroups[group.name.toLowerCase()] = { ...group, deleting: true };
  const operation = beginOperation(call, {
    ...{ collection: 'resourceGroup', name: 'DeleteResourceGroup', friendlyName: 'DELETE RESOURCE GROUP' },
    ...{ location: group.location, duration: 3 * MINUTE, endsIn: 'nothing' },
    effect: { type: 'resourceGroup.deleted', group: group.name },
  });
  return {
    status: 202,
    headers: {
      location: `https://${request.host}/subscriptions/${param(call, 'subscriptionId')}/operationresults/${operation.id}?api-version=${call.apiVersion}`,
      'retry-after': '1',
    },
  };
}

function view(world: World, { name, location, tags, deleting }: ResourceGroup): unknown {
  return {
    id: `/subscriptions/${world.state.subscription.id}/resourceGroups/${name}`,
    ...{ name, type: 'Microsoft.Resources/resourceGroups', location, tags },
    properties: { provisioningState: deleting ? 'Deleting' : 'Succeeded' },
  };
}

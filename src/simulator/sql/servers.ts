import { type Call, param, type Route } from '../arm/route';
import { AzureError } from '../azure-error';
import type { HostAnswer } from '../host';
import { sameName } from '../resource-id';
import type { Server } from '../state';
import type { World } from '../world';

const apiVersions = ['2022-08-01-preview'];

/** Where the children of a server live in ARM. */
export const serverPath =
  '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Sql/servers/{serverName}';

/** Logical servers (Microsoft.Sql 2022-08-01-preview, Servers). */
export const serverRoutes: readonly Route[] = [
  {
    operation: 'Servers_List',
    method: 'GET',
    path: '/subscriptions/{subscriptionId}/providers/Microsoft.Sql/servers',
    apiVersions,
    handler: (call) => list(call, () => true),
  },
  {
    operation: 'Servers_ListByResourceGroup',
    method: 'GET',
    path: '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Sql/servers',
    apiVersions,
    handler: (call) =>
      list(call, (server) => sameName(server.resourceGroup, param(call, 'resourceGroupName'))),
  },
  {
    operation: 'Servers_Get',
    method: 'GET',
    path: serverPath,
    apiVersions,
    handler: (call) => ({ status: 200, body: serverView(call.world, findServer(call)) }),
  },
];

/** A server's resource id. */
export function serverId(world: World, server: Server): string {
  return `/subscriptions/${world.state.subscription.id}/resourceGroups/${server.resourceGroup}/providers/Microsoft.Sql/servers/${server.name}`;
}

/** The server of that name, or undefined. */
export function serverNamed(world: World, name: string): Server | undefined {
  return world.state.servers[name.toLowerCase()];
}

/** The server a request is about. Throws 404 when it is not there, and 504 when its region is down and cannot answer. */
export function findServer(call: Call, whenDown: 'refuse' | 'answer' = 'refuse'): Server {
  const name = param(call, 'serverName');
  const group = param(call, 'resourceGroupName');
  const server = serverNamed(call.world, name);
  if (server === undefined || !sameName(server.resourceGroup, group)) {
    throw notFound(`Microsoft.Sql/servers/${name}`, group);
  }
  if (whenDown === 'refuse') {
    refuseWhenDown(call.world, server.location, 'Microsoft.Sql');
  }
  return server;
}

/** Throws ARM's 504 for a provider that does not answer because its region is down. */
export function refuseWhenDown(world: World, region: string, provider: string): void {
  if (world.state.regionsDown[region] !== undefined) {
    const said = `The gateway did not receive a response from '${provider}' within the specified time period.`;
    throw new AzureError(504, 'GatewayTimeout', said);
  }
}

/** ARM's words for a resource that is not there. */
export function notFound(resource: string, group: string): AzureError {
  const said = `The Resource '${resource}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`;
  return new AzureError(404, 'ResourceNotFound', said);
}

function list(call: Call, wanted: (server: Server) => boolean): HostAnswer {
  const value = Object.values(call.world.state.servers)
    .filter(wanted)
    .map((server) => serverView(call.world, server));
  return { status: 200, body: { value } };
}

function serverView(world: World, server: Server): unknown {
  return {
    kind: 'v12.0',
    properties: {
      administratorLogin: server.administratorLogin,
      version: '12.0',
      state: 'Ready',
      fullyQualifiedDomainName: `${server.name}.database.windows.net`,
      privateEndpointConnections: [],
      minimalTlsVersion: '1.2',
      publicNetworkAccess: 'Enabled',
      restrictOutboundNetworkAccess: 'Disabled',
    },
    location: server.location,
    tags: server.tags,
    id: serverId(world, server),
    name: server.name,
    type: 'Microsoft.Sql/servers',
  };
}

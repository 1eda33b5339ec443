import { type Call, param, type Route } from '../arm/route';
import { AzureError } from '../azure-error';
import { SECOND } from '../clock';
import type { HostAnswer } from '../host';
import { numberAt, textAt } from '../json';
import { readResourceId, sameName } from '../resource-id';
import { azureNow, type World } from '../world';
import { refuseWhenGroupDown } from './group-region';
import type { TrafficEndpoint, TrafficProfile } from './state';
import { monitorStatus, siteOf } from './traffic-monitor';
import { findProfile, profileId, profilePath } from './traffic-profile';

const apiVersions = ['2022-04-01'];
const path = `${profilePath}/{endpointType}/{endpointName}`;

/** The endpoints of a Traffic Manager profile, each on its own (Microsoft.Network 2022-04-01, Endpoints). */
export const trafficEndpointRoutes: readonly Route[] = [
  {
    operation: 'Endpoints_Get',
    method: 'GET',
    path,
    apiVersions,
    handler: (call) => {
      const profile = findProfile(call);
      return { status: 200, body: endpointView(call.world, profile, findEndpoint(call, profile)) };
    },
  },
  { operation: 'Endpoints_Update', method: 'PATCH', path, apiVersions, handler: update },
  { operation: 'Endpoints_CreateOrUpdate', method: 'PUT', path, apiVersions, handler: createOrUpdate },
  { operation: 'Endpoints_Delete', method: 'DELETE', path, apiVersions, handler: remove },
];

function findEndpoint(call: Call, profile: TrafficProfile): TrafficEndpoint {
  const name = param(call, 'endpointName');
  const found = profile.endpoints.find((endpoint) => sameName(endpoint.name, name));
  if (found === undefined) {
    throw new AzureError(
      404,
      'NotFound',
      `The endpoint ${name} of type ${param(call, 'endpointType')} was not found in profile ${profile.name}.`,
    );
  }
  return found;
}

function update(call: Call): HostAnswer {
  refuseWhenGroupDown(call);
  const { world, request } = call;
  const profile = findProfile(call);
  const endpoint = findEndpoint(call, profile);
  const wanted = textAt(request.body, 'properties', 'endpointStatus');
  if (wanted === 'Enabled' || wanted === 'Disabled') {
    if (wanted === 'Enabled' && endpoint.status === 'Disabled') {
      endpoint.probedAt = firstProbe(world, profile);
    }
    endpoint.status = wanted;
  }
  endpoint.priority = numberAt(request.body, 'properties', 'priority') ?? endpoint.priority;
  return { status: 200, body: endpointView(world, profile, endpoint) };
}

function createOrUpdate(call: Call): HostAnswer {
  refuseWhenGroupDown(call);
  const { world, request } = call;
  const profile = findProfile(call);
  const name = param(call, 'endpointName');
  const existed = profile.endpoints.some((endpoint) => sameName(endpoint.name, name));
  profile.endpoints = profile.endpoints.filter((endpoint) => !sameName(endpoint.name, name));
  const made = endpointFrom(world, profile, name, request.body);
  profile.endpoints.push(made);
  return { status: existed ? 200 : 201, body: endpointView(world, profile, made) };
}

function remove(call: Call): HostAnswer {
  refuseWhenGroupDown(call);
  const profile = findProfile(call);
  const name = param(call, 'endpointName');
  const existed = profile.endpoints.some((endpoint) => sameName(endpoint.name, name));
  profile.endpoints = profile.endpoints.filter((endpoint) => !sameName(endpoint.name, name));
  return existed ? { status: 200, body: {} } : { status: 204 };
}

/** An endpoint as a request asks for it; throws what Traffic Manager refuses. */
export function endpointFrom(
  world: World,
  profile: TrafficProfile,
  name: string,
  body: unknown,
): TrafficEndpoint {
  const targetResourceId = textAt(body, 'properties', 'targetResourceId') ?? '';
  const target = readResourceId(targetResourceId);
  if (target === undefined || world.state.sites[target.names[0]?.toLowerCase() ?? ''] === undefined) {
    throw new AzureError(
      400,
      'BadRequest',
      `The target resource '${targetResourceId}' of endpoint '${name}' does not exist.`,
    );
  }
  const priority =
    numberAt(body, 'properties', 'priority') ??
    Math.max(0, ...profile.endpoints.map((endpoint) => endpoint.priority)) + 1;
  if (profile.endpoints.some((endpoint) => endpoint.priority === priority)) {
    throw new AzureError(
      400,
      'BadRequest',
      `Endpoint '${name}' has priority ${priority}, which another endpoint of profile '${profile.name}' has already.`,
    );
  }
  return {
    name,
    targetResourceId,
    status: textAt(body, 'properties', 'endpointStatus') === 'Disabled' ? 'Disabled' : 'Enabled',
    priority,
    probedAt: firstProbe(world, profile),
  };
}

function firstProbe(world: World, profile: TrafficProfile): number {
  return azureNow(world) + profile.monitor.intervalInSeconds * SECOND;
}

/** An endpoint as Azure shows it. */
export function endpointView(world: World, profile: TrafficProfile, endpoint: TrafficEndpoint): unknown {
  const site = siteOf(world, endpoint);
  return {
    id: `${profileId(world, profile)}/azureEndpoints/${endpoint.name}`,
    name: endpoint.name,
    type: 'Microsoft.Network/trafficManagerProfiles/azureEndpoints',
    properties: {
      endpointStatus: endpoint.status,
      endpointMonitorStatus: monitorStatus(world, profile, endpoint),
      targetResourceId: endpoint.targetResourceId,
      ...(site === undefined
        ? {}
        : { target: `${site.name}.azurewebsites.net`, endpointLocation: site.location }),
      weight: 1,
      priority: endpoint.priority,
    },
  };
}

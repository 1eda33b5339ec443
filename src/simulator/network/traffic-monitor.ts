import { readResourceId } from '../resource-id';
import type { Site } from '../state';
import { isHealthy } from '../web/app-health';
import { azureNow, type World } from '../world';
import type { TrafficEndpoint, TrafficProfile } from './state';

/** What Traffic Manager knows of an endpoint (Microsoft.Network 2022-04-01, EndpointMonitorStatus). */
export type EndpointMonitorStatus =
  | 'Online'
  | 'Degraded'
  | 'CheckingEndpoint'
  | 'Stopped'
  | 'Disabled'
  | 'Inactive';

/** The App Service that an endpoint stands for. */
export function siteOf(world: World, endpoint: TrafficEndpoint): Site | undefined {
  const name = readResourceId(endpoint.targetResourceId)?.names[0];
  return name === undefined ? undefined : world.state.sites[name.toLowerCase()];
}

/** The state of an endpoint: probes see at once how the app is, and need one interval after it was enabled. */
export function monitorStatus(
  world: World,
  profile: TrafficProfile,
  endpoint: TrafficEndpoint,
): EndpointMonitorStatus {
  if (profile.status === 'Disabled') {
    return 'Inactive';
  }
  if (endpoint.status === 'Disabled') {
    return 'Disabled';
  }
  const site = siteOf(world, endpoint);
  if (site === undefined || site.state === 'Stopped') {
    return 'Stopped';
  }
  if (endpoint.probedAt > azureNow(world)) {
    return 'CheckingEndpoint';
  }
  return isHealthy(world, site, profile.monitor.path) ? 'Online' : 'Degraded';
}

/** The state of a whole profile. */
export function profileMonitorStatus(world: World, profile: TrafficProfile): string {
  const states = profile.endpoints.map((endpoint) => monitorStatus(world, profile, endpoint));
  if (profile.status === 'Disabled') {
    return 'Disabled';
  }
  if (states.every((state) => state === 'Disabled' || state === 'Stopped')) {
    return 'Inactive';
  }
  if (states.includes('Degraded')) {
    return 'Degraded';
  }
  return states.includes('CheckingEndpoint') ? 'CheckingEndpoints' : 'Online';
}

/** The app that DNS questions are answered with: the first by priority that may take traffic; all degraded counts as none degraded. */
export function answeringSite(world: World, profile: TrafficProfile): Site | undefined {
  const enabled = profile.endpoints
    .map((endpoint) => ({ endpoint, state: monitorStatus(world, profile, endpoint) }))
    .filter(({ state }) => ['Online', 'CheckingEndpoint', 'Degraded'].includes(state))
    .sort((one, other) => one.endpoint.priority - other.endpoint.priority);
  const chosen = enabled.find(({ state }) => state !== 'Degraded') ?? enabled[0];
  return chosen === undefined ? undefined : siteOf(world, chosen.endpoint);
}

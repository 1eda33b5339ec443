import { type Call, param, type Route } from '../arm/route';
import { AzureError } from '../azure-error';
import type { HostAnswer } from '../host';
import { at, numberAt, textAt, textsAt } from '../json';
import { sameName } from '../resource-id';
import type { World } from '../world';
import { refuseWhenGroupDown } from './group-region';
import type { TrafficProfile } from './state';
import { endpointFrom, endpointView } from './traffic-endpoints';
import { profileMonitorStatus } from './traffic-monitor';
import { findProfile, network, profileId, profilePath } from './traffic-profile';

const apiVersions = ['2022-04-01'];
/** Traffic Manager profiles (Microsoft.Network 2022-04-01, Profiles). A PUT replaces the endpoints too. */
export const trafficProfileRoutes: readonly Route[] = [
  {
    operation: 'Profiles_ListBySubscription',
    method: 'GET',
    path: '/subscriptions/{subscriptionId}/providers/Microsoft.Network/trafficmanagerprofiles',
    apiVersions,
    handler: (call) => list(call, () => true),
  },
  {
    operation: 'Profiles_ListByResourceGroup',
    method: 'GET',
    path: `${network}/trafficmanagerprofiles`,
    apiVersions,
    handler: (call) =>
      list(call, (profile) => sameName(profile.resourceGroup, param(call, 'resourceGroupName'))),
  },
  {
    operation: 'Profiles_Get',
    method: 'GET',
    path: profilePath,
    apiVersions,
    handler: (call) => ({ status: 200, body: profileView(call.world, findProfile(call)) }),
  },
  {
    operation: 'Profiles_CreateOrUpdate',
    method: 'PUT',
    path: profilePath,
    apiVersions,
    handler: createOrUpdate,
  },
];

function list({ world }: Call, wanted: (profile: TrafficProfile) => boolean): HostAnswer {
  const value = Object.values(world.state.network.profiles)
    .filter(wanted)
    .map((profile) => profileView(world, profile));
  return { status: 200, body: { value } };
}

function createOrUpdate(call: Call): HostAnswer {
  refuseWhenGroupDown(call);
  const { world, request } = call;
  const name = param(call, 'profileName');
  const relativeName = textAt(request.body, 'properties', 'dnsConfig', 'relativeName');
  const monitor = at(request.body, 'properties', 'monitorConfig');
  if (relativeName === undefined || monitor === undefined) {
    throw new AzureError(
      400,
      'BadRequest',
      'The dnsConfig.relativeName and monitorConfig properties of the profile must be specified.',
    );
  }
  const taken = Object.values(world.state.network.profiles).find(
    (profile) => sameName(profile.relativeName, relativeName) && !sameName(profile.name, name),
  );
  if (taken !== undefined) {
    throw new AzureError(
      409,
      'Conflict',
      `Domain name ${relativeName}.trafficmanager.net already exists. Please choose a different DNS prefix.`,
    );
  }
  const existed = world.state.network.profiles[name.toLowerCase()] !== undefined;
  const endpoints = at(request.body, 'properties', 'endpoints');
  const profile: TrafficProfile = {
    name,
    resourceGroup: param(call, 'resourceGroupName'),
    relativeName,
    ttl: numberAt(request.body, 'properties', 'dnsConfig', 'ttl') ?? 60,
    status: textAt(request.body, 'properties', 'profileStatus') === 'Disabled' ? 'Disabled' : 'Enabled',
    routing: textAt(request.body, 'properties', 'trafficRoutingMethod') ?? 'Performance',
    monitor: {
      protocol: textAt(monitor, 'protocol') ?? 'HTTP',
      port: numberAt(monitor, 'port') ?? 80,
      path: textAt(monitor, 'path') ?? '/',
      intervalInSeconds: numberAt(monitor, 'intervalInSeconds') ?? 30,
      timeoutInSeconds: numberAt(monitor, 'timeoutInSeconds') ?? 10,
      toleratedNumberOfFailures: numberAt(monitor, 'toleratedNumberOfFailures') ?? 3,
    },
    endpoints: [],
    tags: textsAt(request.body, 'tags') ?? {},
  };
  for (const given of Array.isArray(endpoints) ? endpoints : []) {
    profile.endpoints.push(endpointFrom(world, profile, textAt(given, 'name') ?? '', given));
  }
  world.state.network.profiles[name.toLowerCase()] = profile;
  return { status: existed ? 200 : 201, body: profileView(world, profile) };
}

function profileView(world: World, profile: TrafficProfile): unknown {
  return {
    id: profileId(world, profile),
    name: profile.name,
    type: 'Microsoft.Network/trafficManagerProfiles',
    location: 'global',
    tags: profile.tags,
    properties: {
      profileStatus: profile.status,
      trafficRoutingMethod: profile.routing,
      dnsConfig: {
        relativeName: profile.relativeName,
        fqdn: `${profile.relativeName}.trafficmanager.net`,
        ttl: profile.ttl,
      },
      monitorConfig: { profileMonitorStatus: profileMonitorStatus(world, profile), ...profile.monitor },
      endpoints: profile.endpoints.map((endpoint) => endpointView(world, profile, endpoint)),
      trafficViewEnrollmentStatus: 'Disabled',
    },
  };
}

import { type Call, param } from '../arm/route';
import { sameName } from '../resource-id';
import { notFound } from '../sql/servers';
import type { World } from '../world';
import type { TrafficProfile } from './state';

/** Where the resources of Microsoft.Network in a resource group live in ARM. */
export const network =
  '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Network';

/** Where a profile lives in ARM. */
export const profilePath = `${network}/trafficmanagerprofiles/{profileName}`;

/** The profile a request is about; throws 404. */
export function findProfile(call: Call): TrafficProfile {
  const name = param(call, 'profileName');
  const group = param(call, 'resourceGroupName');
  const profile = call.world.state.network.profiles[name.toLowerCase()];
  if (profile === undefined || !sameName(profile.resourceGroup, group)) {
    throw notFound(`Microsoft.Network/trafficManagerProfiles/${name}`, group);
  }
  return profile;
}

/** A profile's resource id. */
export function profileId(world: World, profile: TrafficProfile): string {
  return `/subscriptions/${world.state.subscription.id}/resourceGroups/${profile.resourceGroup}/providers/Microsoft.Network/trafficManagerProfiles/${profile.name}`;
}

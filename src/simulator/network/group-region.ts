import { type Call, param } from '../arm/route';
import { refuseWhenDown } from '../sql/servers';

/**
 * Throws 504 for a change to a global resource whose resource group lies in a region that is down: Resource Manager
 * keeps a group's records there ("Resource group location alignment" in its documentation).
 */
export function refuseWhenGroupDown(call: Call): void {
  const group = call.world.state.resourceGroups[param(call, 'resourceGroupName').toLowerCase()];
  if (group !== undefined) {
    refuseWhenDown(call.world, group.location, 'Microsoft.Network');
  }
}

import { sameName } from '../resource-id';
import { deleteVault } from '../vault/vaults';
import type { World } from '../world';

/** Deletes a resource group with all that is in it. A vault stays recoverable: its name is not free. */
export function deleteGroup(world: World, group: string): void {
  const { state } = world;
  const isIn = ({ resourceGroup }: { readonly resourceGroup: string }) => sameName(resourceGroup, group);
  const servers = Object.values(state.servers).filter(isIn);
  state.databases = state.databases.filter((one) => !servers.some(({ name }) => sameName(name, one.server)));
  state.replicationLinks = state.replicationLinks.filter(
    (link) => !servers.some(({ name }) => sameName(name, link.primary) || sameName(name, link.secondary)),
  );
  state.failoverGroups = state.failoverGroups.filter(
    (one) => !servers.some(({ name }) => sameName(name, one.primary) || sameName(name, one.secondary)),
  );
  state.deployments = state.deployments.filter((one) => !isIn(one));
  for (const table of [state.servers, state.sites, state.storageAccounts, state.plainResources]) {
    forget<{ readonly resourceGroup: string }>(table, isIn);
  }
  for (const vault of Object.values(state.vaults).filter(isIn)) {
    if (vault.deletedDate === undefined) {
      deleteVault(world, vault);
    }
  }
  delete state.resourceGroups[group.toLowerCase()];
}

function forget<T>(table: Record<string, T>, gone: (one: T) => boolean): void {
  for (const [name, one] of Object.entries(table)) {
    if (gone(one)) {
      delete table[name];
    }
  }
}

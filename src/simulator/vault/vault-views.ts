import type { World } from '../world';
import type { Vault } from './state';
import { answers, purgeDate, vaultId } from './vaults';

/** A vault as Azure Resource Manager shows it. */
export function vaultView(world: World, vault: Vault): unknown {
  return {
    id: vaultId(world, vault),
    name: vault.name,
    type: 'Microsoft.KeyVault/vaults',
    location: vault.location,
    tags: vault.tags,
    properties: {
      sku: { family: 'A', name: 'standard' },
      tenantId: world.state.tenant.id,
      accessPolicies: vault.accessPolicies.map(({ objectId, secrets }) => ({
        tenantId: world.state.tenant.id,
        objectId,
        permissions: { secrets },
      })),
      enabledForDeployment: false,
      enabledForDiskEncryption: false,
      enabledForTemplateDeployment: vault.enabledForTemplateDeployment,
      enableSoftDelete: true,
      softDeleteRetentionInDays: vault.softDeleteRetentionInDays,
      enableRbacAuthorization: vault.rbac,
      ...(vault.purgeProtection ? { enablePurgeProtection: true } : {}),
      vaultUri: `https://${vault.name}.vault.azure.net/`,
      provisioningState: answers(world, vault) ? 'Succeeded' : 'RegisteringDns',
      publicNetworkAccess: 'Enabled',
    },
  };
}

/** A deleted vault: where it was and until when it can be recovered. What was in it is not shown. */
export function deletedVaultView(world: World, vault: Vault): unknown {
  const deletedDate = vault.deletedDate ?? '';
  return {
    id: `/subscriptions/${world.state.subscription.id}/providers/Microsoft.KeyVault/locations/${vault.location}/deletedVaults/${vault.name}`,
    name: vault.name,
    type: 'Microsoft.KeyVault/deletedVaults',
    properties: {
      vaultId: vaultId(world, vault),
      location: vault.location,
      tags: vault.tags,
      deletionDate: deletedDate,
      scheduledPurgeDate: purgeDate(vault, deletedDate).toISOString(),
      ...(vault.purgeProtection ? { purgeProtectionEnabled: true } : {}),
    },
  };
}

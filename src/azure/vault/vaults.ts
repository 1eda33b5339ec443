import type { Vault as SdkVault } from '@azure/arm-keyvault';
import { all, orNull } from '../call';
import { type Connection, reading } from '../connection';
import type { VaultRef } from '../refs';
import { sameName, vaultId } from '../resource-id';
import type { DeletedVault, Vault } from './readings';

/** A vault in words: `vault kv-appreq-demo01`. */
export const vaultWords = ({ vault }: VaultRef): string => `vault ${vault}`;

/** Vaults_Get; null when the group has no such vault, or it is deleted. */
export async function vault(azure: Connection, ref: VaultRef): Promise<Vault | null> {
  const found = await sdkVault(azure, ref);
  if (!found) return null;
  const { properties } = found;
  return {
    name: found.name ?? ref.vault,
    resourceId: found.id ?? vaultId(ref),
    location: found.location ?? 'unknown',
    ready: isReady(found),
    permissions: properties.enableRbacAuthorization ? 'roles' : 'access policies',
    softDeleteDays: properties.softDeleteRetentionInDays ?? null,
    purgeProtection: properties.enablePurgeProtection ?? false,
    forTemplates: properties.enabledForTemplateDeployment ?? false,
  };
}

/** Vaults_Get as the SDK gives it; null when the group has no such vault. */
export function sdkVault(azure: Connection, ref: VaultRef): Promise<SdkVault | null> {
  const { keyVault } = azure.clients(ref.subscriptionId);
  return orNull(
    azure.call(reading(vaultWords(ref)), (abortSignal) =>
      keyVault.vaults.get(ref.resourceGroup, ref.vault, { abortSignal }),
    ),
  );
}

/** Whether Azure has finished making or recovering the vault. */
export const isReady = ({ properties }: SdkVault): boolean =>
  properties.provisioningState === undefined || properties.provisioningState === 'Succeeded';

/** Vaults_ListDeleted: the vault among those that can be recovered; null when it is not there. */
export async function deletedVault(azure: Connection, ref: VaultRef): Promise<DeletedVault | null> {
  const { keyVault } = azure.clients(ref.subscriptionId);
  const deleted = await azure.call(reading('the deleted vaults'), (abortSignal) =>
    all(keyVault.vaults.listDeleted({ abortSignal })),
  );
  const found = deleted.find(({ properties }) => sameName(properties?.vaultId, vaultId(ref)));
  if (!found) return null;
  return {
    name: found.name ?? ref.vault,
    location: found.properties?.location ?? 'unknown',
    deletedOn: found.properties?.deletionDate ?? null,
    purgeOn: found.properties?.scheduledPurgeDate ?? null,
  };
}

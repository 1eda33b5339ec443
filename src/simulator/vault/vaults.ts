import { DAY, SECOND } from '../clock';
import { azureNow, timeStamp, type World } from '../world';
import type { Secret, Vault } from './state';

/** How long the recovery of a secret takes until it can be read again, and that of a vault until its host name answers. In Azure milliseconds. */
export const SECRET_RECOVERY = 20 * SECOND;
export const VAULT_RECOVERY = 60 * SECOND;

/** The vault of that name, whether it is there or deleted; what is overdue has been purged. */
export function vaultNamed(world: World, name: string): Vault | undefined {
  const key = name.toLowerCase();
  const vault = world.state.vaults[key];
  if (vault === undefined) {
    return undefined;
  }
  if (vault.deletedDate !== undefined && isOverdue(world, vault, vault.deletedDate)) {
    delete world.state.vaults[key];
    return undefined;
  }
  for (const [name, secret] of Object.entries(vault.secrets)) {
    settle(world, vault, name, secret);
  }
  return vault;
}

/** A vault that is there; one that is deleted is not. */
export function liveVault(world: World, name: string): Vault | undefined {
  const vault = vaultNamed(world, name);
  return vault?.deletedDate === undefined ? vault : undefined;
}

/** True when the vault's host name is known: it is there and its DNS record has been written. */
export function answers(world: World, vault: Vault): boolean {
  return vault.deletedDate === undefined && (vault.readyAt === undefined || vault.readyAt <= azureNow(world));
}

/** A vault's resource id. */
export function vaultId(world: World, vault: Vault): string {
  return `/subscriptions/${world.state.subscription.id}/resourceGroups/${vault.resourceGroup}/providers/Microsoft.KeyVault/vaults/${vault.name}`;
}

/** When something deleted at that time is purged. */
export function purgeDate(vault: Vault, deletedDate: string): Date {
  return new Date(Date.parse(deletedDate) + vault.softDeleteRetentionInDays * DAY);
}

/** The secret when it can be used: not deleted, and no recovery under way. */
export function liveSecret(vault: Vault, name: string): Secret | undefined {
  const secret = vault.secrets[name.toLowerCase()];
  return secret?.deletedDate === undefined && secret?.recoveredAt === undefined ? secret : undefined;
}

/** Takes a vault away with all that stands in it; the role assignments on it go for good. */
export function deleteVault(world: World, vault: Vault): void {
  vault.deletedDate = timeStamp(world);
  const id = vaultId(world, vault).toLowerCase();
  for (const [key, assignment] of Object.entries(world.state.roleAssignments)) {
    if (assignment.scope.toLowerCase().startsWith(id)) {
      delete world.state.roleAssignments[key];
    }
  }
}

/** Brings a deleted vault back with its secrets and access policies, and without its role assignments. */
export function recoverVault(world: World, vault: Vault): void {
  delete vault.deletedDate;
  vault.readyAt = azureNow(world) + VAULT_RECOVERY;
}

function settle(world: World, vault: Vault, key: string, secret: Secret): void {
  if (secret.recoveredAt !== undefined && secret.recoveredAt <= azureNow(world)) {
    delete secret.recoveredAt;
  }
  if (secret.deletedDate !== undefined && isOverdue(world, vault, secret.deletedDate)) {
    delete vault.secrets[key];
  }
}

function isOverdue(world: World, vault: Vault, deletedDate: string): boolean {
  return purgeDate(vault, deletedDate) <= world.now();
}

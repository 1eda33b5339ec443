import type { Secret, SecretVersion, Vault } from './state';
import { purgeDate } from './vaults';

const seconds = (time: string | Date): number => Math.floor(new Date(time).getTime() / 1_000);

/** A version of a secret without its value, as the lists show it. */
export function item(vault: Vault, secret: string, version: SecretVersion, withVersion: boolean) {
  return {
    id: `${addressOf(vault)}/secrets/${secret}${withVersion ? `/${version.id}` : ''}`,
    attributes: {
      enabled: version.enabled ?? true,
      ...(version.notBefore === undefined ? {} : { nbf: version.notBefore }),
      ...(version.expires === undefined ? {} : { exp: version.expires }),
      created: seconds(version.created),
      updated: seconds(version.created),
      recoveryLevel: recoveryLevel(vault),
      recoverableDays: vault.softDeleteRetentionInDays,
    },
    ...(version.tags === undefined ? {} : { tags: version.tags }),
    ...(version.contentType === undefined ? {} : { contentType: version.contentType }),
  };
}

/** A secret as lists show it: its newest version, without value. */
export function itemOf(vault: Vault, secret: Secret) {
  const newest = secret.versions.at(-1);
  return newest === undefined
    ? { id: `${addressOf(vault)}/secrets/${secret.name}` }
    : item(vault, secret.name, newest, false);
}

/** A version of a secret with its value. */
export function bundle(vault: Vault, secret: Secret, version: SecretVersion) {
  return { value: version.value, ...item(vault, secret.name, version, true) };
}

/** A deleted secret: until when it can be recovered, and never its value. */
export function deletedItem(vault: Vault, secret: Secret) {
  const deletedDate = secret.deletedDate ?? '';
  return {
    recoveryId: `${addressOf(vault)}/deletedsecrets/${secret.name}`,
    deletedDate: seconds(deletedDate),
    scheduledPurgeDate: seconds(purgeDate(vault, deletedDate)),
    ...itemOf(vault, secret),
  };
}

function addressOf(vault: Vault): string {
  return `https://${vault.name}.vault.azure.net`;
}

/** Key Vault names how well deletions can be undone (DeletionRecoveryLevel). */
function recoveryLevel({ softDeleteRetentionInDays, purgeProtection }: Vault): string {
  const kind = softDeleteRetentionInDays < 90 ? 'CustomizedRecoverable' : 'Recoverable';
  return purgeProtection ? kind : `${kind}+Purgeable`;
}

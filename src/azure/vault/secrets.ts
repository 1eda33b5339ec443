import type { SecretProperties } from '@azure/keyvault-secrets';
import { all } from '../call';
import { type Connection, reading } from '../connection';
import type { VaultRef } from '../refs';
import type { DeletedSecret, SecretInfo } from './readings';

/** A secret in words: `secret "AzureAdClientSecret" in kv-appreq-demo01`. */
export const secretWords = ({ vault }: VaultRef, secret: string): string => `secret "${secret}" in ${vault}`;

/** The tag by which a run knows the version of a secret that it set. */
export const MARK = 'dr-bot';

/** GetSecrets, in order of their names. */
export async function secrets(azure: Connection, ref: VaultRef): Promise<readonly SecretInfo[]> {
  const found = await azure.call(reading(`the secrets of ${ref.vault}`), (abortSignal) =>
    all(azure.secrets(ref.vault).listPropertiesOfSecrets({ abortSignal })),
  );
  return found
    .map(({ name, enabled, updatedOn, expiresOn }) => ({
      ...{ name, enabled: enabled ?? true, updatedOn: updatedOn ?? null, expiresOn: expiresOn ?? null },
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** GetDeletedSecrets, the last deleted first. */
export async function deletedSecrets(azure: Connection, ref: VaultRef): Promise<readonly DeletedSecret[]> {
  const found = await azure.call(reading(`the deleted secrets of ${ref.vault}`), (abortSignal) =>
    all(azure.secrets(ref.vault).listDeletedSecrets({ abortSignal })),
  );
  return found
    .map(({ name, deletedOn, scheduledPurgeDate }) => ({
      ...{ name, deletedOn: deletedOn ?? null, purgeOn: scheduledPurgeDate ?? null },
    }))
    .sort((a, b) => Number(b.deletedOn ?? 0) - Number(a.deletedOn ?? 0));
}

/** GetSecretVersions: each version without its value; none when there is no such secret, or it is deleted. */
export function versionsOf(
  azure: Connection,
  ref: VaultRef,
  secret: string,
): Promise<readonly SecretProperties[]> {
  return azure.call(reading(`the versions of ${secretWords(ref, secret)}`), (abortSignal) =>
    all(azure.secrets(ref.vault).listPropertiesOfSecretVersions(secret, { abortSignal })),
  );
}

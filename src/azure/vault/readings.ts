import type { Connection } from '../connection';
import type { VaultRef } from '../refs';
import { deletedSecrets, secrets } from './secrets';
import { deletedVault, vault } from './vaults';

/** A Key Vault as Azure shows it now. */
export interface Vault {
  readonly name: string;
  readonly resourceId: string;
  readonly location: string;
  /** False while Azure is still making or recovering it. */
  readonly ready: boolean;
  /** What says who may use its secrets: role assignments, or the vault's own access policies. */
  readonly permissions: 'roles' | 'access policies';
  /** For how many days what is deleted can be recovered. */
  readonly softDeleteDays: number | null;
  /** Whether nobody, Microsoft included, can purge before those days are over. */
  readonly purgeProtection: boolean;
  /** Whether Azure Resource Manager may read its secrets for a deployment (`enabledForTemplateDeployment`). */
  readonly forTemplates: boolean;
}

/** A deleted vault that can be recovered. */
export interface DeletedVault {
  readonly name: string;
  readonly location: string;
  readonly deletedOn: Date | null;
  /** From then on it is gone for good. */
  readonly purgeOn: Date | null;
}

/** A secret without its value. */
export interface SecretInfo {
  readonly name: string;
  readonly enabled: boolean;
  readonly updatedOn: Date | null;
  readonly expiresOn: Date | null;
}

/** A deleted secret that can be recovered. */
export interface DeletedSecret {
  readonly name: string;
  readonly deletedOn: Date | null;
  /** From then on it is gone for good. */
  readonly purgeOn: Date | null;
}

/** What can be read of Key Vaults. No value of a secret is among it. */
export interface VaultReadings {
  /** Vaults_Get; null when there is no such vault, or it is deleted. */
  readonly vault: (vault: VaultRef) => Promise<Vault | null>;
  /** Vaults_ListDeleted; null when the vault is not among those that can be recovered. */
  readonly deletedVault: (vault: VaultRef) => Promise<DeletedVault | null>;
  /** GetSecrets: the secrets that the vault holds, in order of their names. */
  readonly secrets: (vault: VaultRef) => Promise<readonly SecretInfo[]>;
  /** GetDeletedSecrets: those that can be recovered, the last deleted first. */
  readonly deletedSecrets: (vault: VaultRef) => Promise<readonly DeletedSecret[]>;
}

/** The readings over one connection. */
export const vaultReadings = (azure: Connection): VaultReadings => ({
  vault: (ref) => vault(azure, ref),
  deletedVault: (ref) => deletedVault(azure, ref),
  secrets: (ref) => secrets(azure, ref),
  deletedSecrets: (ref) => deletedSecrets(azure, ref),
});

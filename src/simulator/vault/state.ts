/** A Key Vault. With `rbac` role assignments say who may do what, else its own access policies. */
export interface Vault {
  readonly name: string;
  readonly resourceGroup: string;
  readonly location: string;
  tags: Readonly<Record<string, string>>;
  rbac: boolean;
  enabledForTemplateDeployment: boolean;
  readonly softDeleteRetentionInDays: number;
  readonly purgeProtection: boolean;
  accessPolicies: readonly AccessPolicy[];
  secrets: Record<string, Secret>;
  /** When the vault itself was deleted; it can be recovered until the retention ends. */
  deletedDate?: string;
  /** Azure milliseconds at which its host name answers again after it was made or recovered. */
  readyAt?: number;
}

/** What one identity may do with the secrets of a vault that has access policies. */
export interface AccessPolicy {
  readonly objectId: string;
  readonly secrets: readonly string[];
}

/** A secret with its versions, oldest first. */
export interface Secret {
  readonly name: string;
  versions: readonly SecretVersion[];
  deletedDate?: string;
  /** Azure milliseconds at which a recovery that is under way is over. */
  recoveredAt?: number;
}

export interface SecretVersion {
  readonly id: string;
  readonly value: string;
  readonly created: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly contentType?: string;
  readonly enabled?: boolean;
  readonly expires?: number;
  readonly notBefore?: number;
}

import { all } from '../call';
import { type Connection, reading } from '../connection';
import type { WebAppRef } from '../refs';
import { appWords } from './app-service';

/** An app setting that refers to a secret, as App Service last resolved it. */
export interface KeyVaultReference {
  /** The app setting's name. */
  readonly setting: string;
  readonly vault: string | null;
  readonly secret: string | null;
  /** The version that the reference insists on; null when it follows the newest. */
  readonly pinnedVersion: string | null;
  /** `Resolved`, `SecretNotFound`, `VaultNotFound`, `AccessToKeyVaultDenied`, … (ApiKVReference.status). */
  readonly status: string;
}

/** What App Service and its SDK give for one reference. */
interface Shown {
  readonly name?: string | undefined;
  readonly reference?: string | undefined;
  readonly status?: string | undefined;
}

/** WebApps_GetAppSettingsKeyVaultReferences: every app setting that refers to a secret. */
export async function references(azure: Connection, app: WebAppRef): Promise<readonly KeyVaultReference[]> {
  const { web } = azure.clients(app.subscriptionId);
  const found = await azure.call(reading(`the Key Vault references of ${appWords(app)}`), (abortSignal) =>
    all(web.webApps.listAppSettingsKeyVaultReferences(app.resourceGroup, app.app, { abortSignal })),
  );
  return found.map(referenceFrom);
}

/** A reference taken apart ("Use Key Vault references", App Service documentation: both spellings). */
export function referenceFrom({ name, reference = '', status }: Shown): KeyVaultReference {
  const inner = /^@Microsoft\.KeyVault\((.*)\)$/.exec(reference)?.[1] ?? '';
  const part = (key: string): string | null =>
    new RegExp(`(?:^|;)\\s*${key}=([^;]+)`, 'i').exec(inner)?.[1]?.trim() ?? null;
  const uri = /^https:\/\/([^./]+)\.[^/]+\/secrets\/([^/]+)\/?([^/]*)\/?$/i.exec(part('SecretUri') ?? '');
  return {
    setting: name ?? '',
    vault: uri?.[1] ?? part('VaultName'),
    secret: uri?.[2] ?? part('SecretName'),
    pinnedVersion: uri?.[3] || part('SecretVersion'),
    status: status ?? 'Unknown',
  };
}

import type { SqlServerRef, StorageAccountRef, VaultRef, WebAppRef } from './refs';

/** The Azure Resource Manager id of a logical SQL server. */
export const sqlServerId = (server: SqlServerRef): string =>
  `/subscriptions/${server.subscriptionId}/resourceGroups/${server.resourceGroup}/providers/Microsoft.Sql/servers/${server.server}`;

/** The id of a database. A rename keeps everything in it but the last part. */
export const databaseResourceId = (server: SqlServerRef, database: string): string =>
  `${sqlServerId(server)}/databases/${database}`;

/** The id of an App Service app. */
export const webAppId = (app: WebAppRef): string =>
  `/subscriptions/${app.subscriptionId}/resourceGroups/${app.resourceGroup}/providers/Microsoft.Web/sites/${app.app}`;

/** The id of a Key Vault. */
export const vaultId = (vault: VaultRef): string =>
  `/subscriptions/${vault.subscriptionId}/resourceGroups/${vault.resourceGroup}/providers/Microsoft.KeyVault/vaults/${vault.vault}`;

/** The id of a storage account. */
export const storageAccountId = (account: StorageAccountRef): string =>
  `/subscriptions/${account.subscriptionId}/resourceGroups/${account.resourceGroup}/providers/Microsoft.Storage/storageAccounts/${account.account}`;

const server =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.Sql\/servers\/([^/]+)(?:\/|$)/i;

/** The logical SQL server that an id names or lies under; null when it is no such id. */
export function sqlServerOf(id: string): SqlServerRef | null {
  const [, subscriptionId, resourceGroup, name] = server.exec(id) ?? [];
  return subscriptionId && resourceGroup && name ? { subscriptionId, resourceGroup, server: name } : null;
}

/** Whether two ids or names mean the same thing: Azure keeps the letter case but does not heed it. */
export const sameName = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && b !== undefined && a.toLowerCase() === b.toLowerCase();

/** The subscription, resource group and every resource that a resource lies in, and itself last. */
export function scopesOf(resourceId: string): readonly string[] {
  const parts = resourceId.split('/').slice(1);
  // subscriptions/{id} · resourceGroups/{name} · providers/{namespace}/{type}/{name} · {type}/{name} …
  const ends = [2, 4, ...range(8, parts.length)].filter((end) => end <= parts.length);
  return ends.map((end) => `/${parts.slice(0, end).join('/')}`);
}

function range(from: number, to: number): readonly number[] {
  return from > to ? [] : [from, ...range(from + 2, to)];
}

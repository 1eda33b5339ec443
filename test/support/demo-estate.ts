import type { SqlServerRef, StorageAccountRef, VaultRef, WebAppRef } from '../../src/azure/refs';

const group = {
  subscriptionId: '00000000-0000-0000-0000-00000000d0c5',
  resourceGroup: 'apprequest-prod',
};

/** The demo estate's SQL server in the primary region. */
export const server: SqlServerRef = { ...group, server: 'sql-apprequest-prod-demo01' };

/** The demo estate's app. */
export const app: WebAppRef = { ...group, app: 'apprequest-prod-demo01' };

/** The production database. */
export const production = 'AppRequestPortal';

/** Where the app tells whether it is well. */
export const healthUrl = 'https://apprequest-prod-demo01.azurewebsites.net/health';

/** Where the app tells who changed what. */
export const trail = {
  url: 'https://apprequest-prod-demo01.azurewebsites.net/api/audit',
  application: '00000000-0000-0000-0000-0000000000a1',
};

/** The app's Key Vault. */
export const vault: VaultRef = { ...group, vault: 'kv-appreq-demo01' };

/** The app's storage account. */
export const storage: StorageAccountRef = { ...group, account: 'stappreqdemo01' };

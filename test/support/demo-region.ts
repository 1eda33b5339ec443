import type { OperationOf } from '../../src/azure/operation';
import type { SqlServerRef, VaultRef } from '../../src/azure/refs';
import { server } from './demo-estate';

const { subscriptionId } = server;

/** The demo's secondary site, as the estate file names it. */
export const drGroup = { subscriptionId, resourceGroup: 'apprequest-dr' };
export const drServer: SqlServerRef = { ...drGroup, server: 'sql-apprequest-dr-demo01' };
export const drHealthUrl = 'https://apprequest-dr-demo01.azurewebsites.net/health';
const botVault: VaultRef = { subscriptionId, resourceGroup: 'dr-bot', vault: 'kv-drbot-demo01' };
export const adminPassword = { vault: botVault, secret: 'SqlAdminPassword' };
export const templateUri =
  'https://raw.githubusercontent.com/powerstacks-corp/app-store-for-intune/main/azuredeploy.json';

/** The steps that bring the demo up in its second region, as a run `inc7-1` has them. */
export const createGroup: OperationOf<'group.create'> = {
  ...{ op: 'group.create', group: drGroup, location: 'westus2', run: 'inc7-1' },
};
export const createServer: OperationOf<'sql.create-server'> = {
  ...{ op: 'sql.create-server', server: drServer, location: 'westus2', administrator: 'appreqadmin' },
  ...{ password: adminPassword, run: 'inc7-1' },
};
export const geoRestore: OperationOf<'sql.geo-restore'> = {
  ...{ op: 'sql.geo-restore', server: drServer, target: 'AppRequestPortal-recovered-inc7-1', from: server },
  ...{ source: 'AppRequestPortal', tier: 'S0', location: 'westus2' },
};
export const deploy: OperationOf<'deployment.deploy'> = {
  ...{ op: 'deployment.deploy', group: drGroup, name: 'dr-inc7-1', resources: 13 },
  template: { uri: templateUri, sha256: null },
  parameters: {
    environmentName: 'dr',
    uniqueSuffix: 'demo01',
    apiClientId: '00000000-0000-0000-0000-0000000000a1',
    frontendClientId: '00000000-0000-0000-0000-0000000000a2',
  },
  secure: {
    apiClientSecret: { vault: botVault, secret: 'ApiClientSecret' },
    sqlAdminPassword: adminPassword,
  },
};

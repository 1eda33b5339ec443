import { createHash } from 'node:crypto';
import { assignRole, roleIds } from './arm/role-assignments';
import { DAY } from './clock';
import type { TrafficProfile } from './network/state';
import { seedValue } from './seed-value';
import type { Site, State } from './state';
import type { StorageAccount } from './storage/account';
import { connectionStringOf, demoStorage } from './storage/seed';
import { clientSecretOf } from './vault/seed-vaults';
import { principalOf } from './web/principal';
import { newId } from './world';

const group = 'apprequest-dr';
const location = 'westus2';
const vaultName = 'kv-appreqdr-demo01';

/**
 * The second site of Tier 3, in the secondary region: a vault, a storage account and an app that all work while the
 * first region is gone. Its database is the geo-secondary. Gives the app, which is not started yet.
 */
export function seedSecondSite(
  state: State,
  now: Date,
  {
    sqlHost,
    bot,
    packageUrl,
  }: { readonly sqlHost: string; readonly bot: string; readonly packageUrl: string },
): Site {
  const storage = secondStorage(state, now);
  state.storageAccounts[storage.name] = storage;
  const created = new Date(now.getTime() - 90 * DAY).toISOString();
  const secret = (name: string, value: string) => ({
    name,
    versions: [{ id: newId(state).replaceAll('-', ''), value, created }],
  });
  const sql = `Server=tcp:${sqlHost}.database.windows.net,1433;Initial Catalog=AppRequestPortal;User ID=appreqadmin;Password=${seedValue(state.seed, 'sql password')};Encrypt=True;Connection Timeout=30;`;
  state.vaults[vaultName] = {
    ...{ name: vaultName, resourceGroup: group, location, tags: { app: 'apprequest', env: 'dr' } },
    ...{ rbac: true, enabledForTemplateDeployment: false, softDeleteRetentionInDays: 7 },
    ...{ purgeProtection: false, accessPolicies: [] },
    secrets: Object.fromEntries(
      [
        secret('AzureAdClientSecret', clientSecretOf(state)),
        secret('SqlConnectionString', sql),
        secret('StorageConnectionString', connectionStringOf(storage)),
      ].map((one) => [one.name.toLowerCase(), one]),
    ),
  };
  const groupId = `/subscriptions/${state.subscription.id}/resourceGroups/${group}`;
  const assign = (last: string, scope: string, principalId: string, role: string) =>
    assignRole(
      { state, now: () => new Date(created) },
      { name: `0a551600-0000-4000-8000-0000000000${last}`, scope, principalId, role },
    );
  assign('11', groupId, bot, roleIds.botSecrets);
  assign(
    '12',
    `${groupId}/providers/Microsoft.KeyVault/vaults/${vaultName}`,
    principalOf({ name: 'apprequest-dr-demo01' }),
    roleIds.secretsUser,
  );
  const settings = { ...secondSite.settings, WEBSITE_RUN_FROM_PACKAGE: packageUrl };
  return { ...secondSite, settings, lastModified: created };
}

const reference = (secret: string): string =>
  `@Microsoft.KeyVault(SecretUri=https://${vaultName}.vault.azure.net/secrets/${secret}/)`;

const secondSite: Omit<Site, 'lastModified'> = {
  ...{ name: 'apprequest-dr-demo01', resourceGroup: group, location, plan: 'asp-apprequest-dr' },
  state: 'Running',
  settings: {
    ASPNETCORE_ENVIRONMENT: 'Production',
    AzureAd__ClientId: '00000000-0000-0000-0000-0000000000a1',
    AzureAd__ClientSecret: reference('AzureAdClientSecret'),
    ConnectionStrings__DefaultConnection: reference('SqlConnectionString'),
    StorageConnectionString: reference('StorageConnectionString'),
  },
  slotSettingNames: ['ASPNETCORE_ENVIRONMENT'],
  references: {},
  process: null,
};

function secondStorage(state: State, now: Date): StorageAccount {
  const key = (which: string) =>
    createHash('sha512').update(`${state.seed}:second site ${which}`).digest('base64');
  return {
    ...demoStorage(state.seed, now),
    ...{ name: 'stappreqdrdemo01', resourceGroup: group, location, tags: { app: 'apprequest', env: 'dr' } },
    ...{ primaryLocation: location, secondaryLocation: 'westcentralus' },
    keys: [key('storage key'), key('second storage key')],
    queues: { 'winget-packaging': { name: 'winget-packaging', messages: [] } },
  };
}

/** What Tier 3 has in front of its two apps: whoever asks is led to the first that is well. */
export const demoProfile = (state: State): TrafficProfile => ({
  // In the group of the second region: a profile can be changed as long as its group's own region is up.
  ...{ name: 'apprequest-tm', resourceGroup: group, relativeName: 'apprequest-portal', ttl: 30 },
  ...{ status: 'Enabled', routing: 'Priority', tags: { app: 'apprequest' } },
  monitor: {
    ...{ protocol: 'HTTPS', port: 443, path: '/health' },
    ...{ intervalInSeconds: 30, timeoutInSeconds: 10, toleratedNumberOfFailures: 3 },
  },
  endpoints: [
    ['primary', 'apprequest-prod', 'apprequest-prod-demo01'],
    ['secondary', group, 'apprequest-dr-demo01'],
  ].map(([name = '', resourceGroup, site], index) => ({
    ...{ name, status: 'Enabled', priority: index + 1, probedAt: 0 },
    targetResourceId: `/subscriptions/${state.subscription.id}/resourceGroups/${resourceGroup}/providers/Microsoft.Web/sites/${site}`,
  })),
});

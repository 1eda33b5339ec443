import { setTimeout as pause } from 'node:timers/promises';
import { app, production, server, storage, vault } from '../demo-estate';
import { byHand } from '../tier3-estate';
import { changeSettings, type Drift, impossible, lockOn } from './drift';

const { resourceGroup, account } = storage;
const soft = 'recover-secret: a soft-deleted secret';
const silent = 'failover-storage: a storage service that does not answer, with jobs that were not copied yet';
const moved = 'failover-storage: a storage account that is moved while both regions answer';
const replaced = 'replace-storage: a storage account that does not answer, and is not waited for';
const release = 'rollback-app: a release that crashes at its start';
/** Azure tells it to the second. */
const aTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
const reference = (version = '') =>
  `@Microsoft.KeyVault(SecretUri=https://${vault.vault}.vault.azure.net/secrets/AzureAdClientSecret/${version})`;

/** Everything that restarts the app or changes its settings, and the change that a lock on it forbids. */
const changingTheApp = [
  [soft, 'recovering AzureAdClientSecret'],
  ['recover-vault: a deleted vault', `recovering ${vault.vault}`],
  [replaced, 'restarting the app'],
  [release, 'every change to apprequest-prod-demo01'],
] as const;

/** What can change about secrets, storage and the app between an approval and the change that it permits. */
export const driftsOfSecrets: readonly Drift[] = [
  ...changingTheApp.map(([during, words]) => ({
    ...{ what: 'the app is locked', during, ...impossible, is: expect.stringContaining(words) },
    happens: lockOn(`${resourceGroup}/providers/Microsoft.Web/sites/${app.app}`, 'ReadOnly'),
  })),
  {
    ...{ what: 'somebody recovers the secret', during: soft },
    happens: (simulator) =>
      byHand(simulator, [{ op: 'vault.recover-secret', vault, secret: 'AzureAdClientSecret' }]),
    ...{ field: 'secret', was: 'deleted', is: 'there' },
  },
  {
    ...{ what: 'the deleted secret is purged', during: soft },
    happens: (simulator) => simulator.vaults.purgeSecret(vault.vault, 'AzureAdClientSecret'),
    ...{ field: 'secret', was: 'deleted', is: 'purged' },
  },
  {
    ...{ what: 'the secret is recovered and deleted again', during: soft },
    happens: async (simulator) => {
      const secret = 'AzureAdClientSecret';
      await byHand(simulator, [{ op: 'vault.recover-secret', vault, secret }]);
      await pause(1_000);
      simulator.vaults.deleteSecret(vault.vault, secret);
    },
    ...{ field: 'can be recovered until', was: aTime, is: aTime },
  },
  {
    what: 'the vault is recovered and deleted again',
    during: 'recover-vault: a deleted vault',
    happens: async (simulator) => {
      await byHand(simulator, [{ op: 'vault.recover-vault', vault, location: 'eastus' }]);
      await pause(1_000);
      simulator.vaults.deleteVault(vault.vault);
    },
    ...{ field: 'can be recovered until', was: aTime, is: aTime },
  },
  {
    ...{ what: 'the old account answers again', during: replaced },
    happens: (simulator) => simulator.storage.up(account),
    ...{ field: 'old account', was: 'there, and does not answer', is: 'there' },
  },
  {
    ...{ what: 'the whole vault is deleted', during: 'recover-secret: a purged storage connection string' },
    happens: (simulator) => simulator.vaults.deleteVault(vault.vault),
    ...{ field: 'vault', was: 'there', is: 'deleted' },
  },
  {
    ...{ what: 'another setting refers to the secret', during: soft },
    happens: (_simulator, azure) =>
      changeSettings(azure, (values) => ({ ...values, Another__Secret: reference() })),
    field: 'settings that refer to it',
    ...{ was: ['AzureAd__ClientSecret'], is: ['Another__Secret', 'AzureAd__ClientSecret'] },
  },
  {
    ...{ what: 'the setting insists on a version of the secret', during: soft },
    happens: (_simulator, azure) =>
      changeSettings(azure, (values) => ({ ...values, AzureAd__ClientSecret: reference('0'.repeat(32)) })),
    ...{ field: 'version that they insist on', was: [], is: ['0'.repeat(32)] },
  },
  {
    ...{ what: 'somebody recovers the vault', during: 'recover-vault: a deleted vault' },
    happens: (simulator) => byHand(simulator, [{ op: 'vault.recover-vault', vault, location: 'eastus' }]),
    ...{ ...impossible, is: expect.stringContaining('is not deleted') },
  },
  {
    ...{ what: 'the primary storage answers again', during: silent },
    happens: (simulator) => simulator.storage.up(account),
    ...{ field: 'primary answers', was: false, is: true },
  },
  {
    ...{ what: 'the account gives up its second region', during: silent },
    happens: (_simulator, { storage: client }) =>
      client.storageAccounts.update(resourceGroup, account, { sku: { name: 'Standard_LRS' } }),
    ...{ ...impossible, is: expect.stringContaining('no copy in a second region') },
  },
  {
    ...{ what: 'the second region is opened for reading', during: moved },
    happens: (_simulator, { storage: client }) =>
      client.storageAccounts.update(resourceGroup, account, { sku: { name: 'Standard_RAGRS' } }),
    ...{ field: 'redundancy', was: 'Standard_GRS', is: 'Standard_RAGRS' },
  },
  {
    ...{ what: 'somebody fails the account over', during: moved },
    happens: (simulator) =>
      byHand(simulator, [
        { op: 'storage.fail-over', account: storage, how: 'planned', from: 'eastus', to: 'westus' },
      ]),
    ...{ field: 'primary region', was: 'eastus', is: 'westus' },
  },
  {
    ...{ what: 'the old account is deleted', during: replaced },
    happens: (_simulator, { storage: client }) => client.storageAccounts.delete(resourceGroup, account),
    ...{ field: 'old account', was: 'there, and does not answer', is: 'gone' },
  },
  {
    ...{ what: 'another release is deployed', during: release },
    happens: (simulator) => simulator.deploy(app.app, '1.33.0', 0),
    ...{ field: 'package that runs', was: expect.stringContaining('1.34.1') },
    is: expect.stringContaining('1.33.0'),
  },
  {
    ...{ what: 'somebody changes another setting of the app', during: release },
    happens: (_simulator, azure) => changeSettings(azure, (values) => ({ ...values, MAINTENANCE: 'on' })),
    ...{ field: 'seal over the other settings', was: expect.any(String), is: expect.any(String) },
  },
  {
    what: 'the database that goes back with the app is scaled',
    during: 'rollback-app: a release that has moved the schema',
    happens: (_simulator, { sql }) =>
      sql.databases.beginUpdateAndWait(server.resourceGroup, server.server, production, {
        sku: { name: 'S2' },
      }),
    ...{ field: 'tier', was: 'S0', is: 'S2' },
  },
];

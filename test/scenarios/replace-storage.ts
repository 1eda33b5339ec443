import { StorageManagementClient } from '@azure/arm-storage';
import { DefaultAzureCredential } from '@azure/identity';
import type { Simulator } from '../../src/simulator/simulator';
import { azureAgainst, pointAt } from '../support/azure-against';
import { healthUrl, storage, vault } from '../support/demo-estate';
import type { Scenario } from './scenario';

const secret = 'StorageConnectionString';

/** Fetching the references once more does no harm, and a bot that died cannot know whether it had. */
const mends = /\/appsettings\/refresh$/;

/** The app works on a new, geo-redundant account whose connection string is in the vault. */
async function workingOn(simulator: Simulator, region: string): Promise<void> {
  const azure = azureAgainst(simulator);
  const [, name = ''] = /AccountName=([^;]+)/.exec(simulator.vaults.valueOf(vault.vault, secret) ?? '') ?? [];
  expect(name).toMatch(/^stappreqdemo01i\d+r\d+$/);
  const fresh = { ...storage, account: name };
  expect(await azure.storage.account(fresh)).toMatchObject({
    ...{ primaryLocation: region, sku: 'Standard_GRS', state: 'Succeeded' },
  });
  expect(await azure.storage.reachable(fresh)).toMatchObject({ ok: true });
  expect(await azure.health(healthUrl)).toMatchObject({ green: true });
}

/** An account that is gone, and one that does not answer. */
export const scenarios: readonly Scenario[] = [
  {
    words: 'a storage account that somebody has deleted',
    runbook: 'replace-storage',
    mends,
    disaster: async (simulator) => {
      pointAt(simulator);
      const client = new StorageManagementClient(new DefaultAzureCredential(), storage.subscriptionId);
      await client.storageAccounts.delete(storage.resourceGroup, storage.account);
    },
    parameters: () => ({ region: '', reason: 'deleted by mistake' }),
    recovered: (simulator) => workingOn(simulator, 'eastus'),
  },
  {
    words: 'a storage account that does not answer, and is not waited for',
    runbook: 'replace-storage',
    mends,
    disaster: (simulator) => simulator.storage.down(storage.account),
    parameters: () => ({ region: 'westus2', reason: 'an hour is too long' }),
    recovered: (simulator) => workingOn(simulator, 'westus2'),
  },
];

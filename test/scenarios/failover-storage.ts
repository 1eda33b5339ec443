import type { Simulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';
import { healthUrl, storage } from '../support/demo-estate';
import type { Scenario } from './scenario';

const queue = 'winget-packaging';

/** The account serves from the second region with a second copy, and the app is green. */
async function servedFrom(simulator: Simulator, region: string): Promise<void> {
  const azure = azureAgainst(simulator);
  expect(await azure.storage.account(storage)).toMatchObject({
    ...{ primaryLocation: region, sku: 'Standard_GRS', secondaryLocation: 'eastus' },
    replication: { status: 'Live' },
  });
  expect(await azure.storage.reachable(storage)).toMatchObject({ ok: true });
  expect(await azure.health(healthUrl)).toMatchObject({ green: true });
}

/** Storage in the primary region does not answer any more, and is moved while it does. */
export const scenarios: readonly Scenario[] = [
  {
    words: 'a storage service that does not answer, with jobs that were not copied yet',
    runbook: 'failover-storage',
    disaster: (simulator) => {
      simulator.storage.putMessage(storage.account, queue, '{"packageApp":"the newest"}');
      simulator.storage.down(storage.account);
    },
    parameters: () => ({ how: 'auto', reason: 'queue errors' }),
    recovered: async (simulator) => {
      await servedFrom(simulator, 'westus');
      expect(simulator.storage.messages(storage.account, queue)).not.toContain('{"packageApp":"the newest"}');
    },
  },
  {
    words: 'a storage account that is moved while both regions answer',
    runbook: 'failover-storage',
    disaster: (simulator) =>
      simulator.storage.putMessage(storage.account, queue, '{"packageApp":"the newest"}'),
    parameters: () => ({ how: 'planned', reason: 'eastus is to be maintained' }),
    recovered: async (simulator) => {
      await servedFrom(simulator, 'westus');
      expect(simulator.storage.messages(storage.account, queue)).toContain('{"packageApp":"the newest"}');
    },
  },
];

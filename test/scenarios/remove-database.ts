import { SqlManagementClient } from '@azure/arm-sql';
import { DefaultAzureCredential } from '@azure/identity';
import { pointAt } from '../support/azure-against';
import { production, server } from '../support/demo-estate';
import type { Scenario } from './scenario';

const leftOver = 'AppRequestPortal-old-20260214-1000-inc1-1';

/** What is left of a restore goes. */
export const scenarios: readonly Scenario[] = [
  {
    words: 'a database that a restore left behind',
    runbook: 'remove-database',
    disaster: async (simulator) => {
      pointAt(simulator);
      const { subscriptionId, resourceGroup } = server;
      const sql = new SqlManagementClient(new DefaultAzureCredential(), subscriptionId);
      const sourceDatabaseId = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Sql/servers/${server.server}/databases/${production}`;
      await sql.databases.beginCreateOrUpdateAndWait(resourceGroup, server.server, leftOver, {
        ...{ location: 'eastus', createMode: 'Copy', sourceDatabaseId },
      });
    },
    parameters: () => ({ database: leftOver, reason: 'not needed' }),
    recovered: async (simulator) => {
      const names = simulator.estate().databases.map(({ name }) => name);
      expect(names).not.toContain(leftOver);
      expect(names).toContain(production);
    },
  },
];

import type { Simulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';
import { production, server } from '../support/demo-estate';
import { byHand, failoverGroup, fallenOut, second, tier3 } from '../support/tier3-estate';
import type { Scenario } from './scenario';

/** The database is in the failover group and everything of it is at the other place. */
async function isProtected(simulator: Simulator): Promise<void> {
  const azure = azureAgainst(simulator);
  expect(await azure.sql.failoverGroups(server)).toMatchObject([
    { name: failoverGroup, role: 'Primary', databases: [production] },
  ]);
  expect((await azure.database(server, production))?.replication).toMatchObject([
    { partnerServer: second.server.server, state: 'CATCH_UP' },
  ]);
}

/** The database works, and nothing copies it to the other region any more. */
export const scenarios: readonly Scenario[] = [
  {
    words: 'a database that fell out of its failover group, and another one in its place',
    runbook: 'reprotect-region',
    ...{ seed: 'tier3', estate: tier3 },
    disaster: async (simulator) => {
      await byHand(simulator, fallenOut);
    },
    parameters: () => ({ from: 'primary', reason: 'nothing copies it' }),
    recovered: async (simulator) => {
      await isProtected(simulator);
      const names = simulator.estate().databases.map(({ name }) => name);
      expect(names.filter((name) => name.startsWith(`${production}-old-`))).toHaveLength(1);
    },
  },
];

import type { Simulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';
import { production } from '../support/demo-estate';
import { drHealthUrl } from '../support/demo-region';
import {
  byHand,
  expectLedToSecond,
  fallenOut,
  hostName,
  ledByRecord,
  second,
  tier3,
} from '../support/tier3-estate';
import type { Scenario } from './scenario';

/** Rows in the newest geo-backup: what was written since is lost, the deletion by mistake among it at most times. */
const ROWS = [1_284, 1_070, 1_072, 1_073];

/** The app is green in its second region, on data from the geo-backup and under production's name. */
async function served(simulator: Simulator): Promise<void> {
  expect(await azureAgainst(simulator).health(drHealthUrl)).toMatchObject({ green: true });
  const there = simulator
    .estate()
    .databases.filter(({ server, system }) => server === 'sql-apprequest-dr-demo01' && !system);
  const recovered = there.find(({ name }) => name === production);
  expect(ROWS).toContain(recovered?.requests);
  expect(there.find(({ name }) => name.startsWith(`${production}-aside-`))).toMatchObject({ requests: 0 });
  expect(there).toHaveLength(2);
}

const parameters = () => ({ app: 'apprequest', region: 'westus2', reason: 'the region is lost' });

/** Scenario 3 for an app that has nothing in its second region yet. */
export const scenarios: readonly Scenario[] = [
  {
    words: 'a region that is lost, with nothing in the second one',
    runbook: 'failover-region',
    disaster: (simulator) => simulator.regionDown('eastus'),
    parameters,
    recovered: async (simulator) => {
      await served(simulator);
    },
  },
  {
    words: 'an exercise while the first region is well',
    runbook: 'failover-region',
    disaster: () => undefined,
    parameters,
    recovered: served,
  },
  {
    words: 'an app behind Traffic Manager, whose second place stands and has lost its replication',
    runbook: 'failover-region',
    ...{ seed: 'tier3', estate: tier3, detours: ledByRecord },
    startsAnew: [
      { reading: /^GET .*\/resourcegroups\/apprequest-dr$/, at: 'create-group' },
      { reading: /^GET .*\/servers\/sql-apprequest-dr-demo01$/, at: 'create-server' },
      { reading: /^GET .*\/sql-apprequest-dr-demo01\/databases\/AppRequestPortal$/, at: 'fresh' },
    ],
    disaster: async (simulator) => {
      await byHand(simulator, fallenOut);
      simulator.regionDown('eastus');
    },
    parameters,
    recovered: async (simulator, denied) => {
      const azure = azureAgainst(simulator);
      expect(await azure.health(`https://${hostName}/health`)).toMatchObject({ green: true });
      await expectLedToSecond(simulator, denied);
      const there = simulator
        .estate()
        .databases.filter((one) => one.server === second.server.server && !one.system);
      expect(there.map(({ name }) => name).sort()).toEqual([
        production,
        expect.stringMatching(`^${production}-aside-`),
      ]);
    },
  },
];

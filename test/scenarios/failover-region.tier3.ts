import type { Simulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';
import { production } from '../support/demo-estate';
import {
  byHand,
  expectLedToSecond,
  failoverGroup,
  hostName,
  ledByRecord,
  second,
  tier3,
  trafficName,
  zone,
} from '../support/tier3-estate';
import type { Scenario } from './scenario';

/** The second region leads, its app is green, and people reach it. */
async function servedFromWest(simulator: Simulator): Promise<void> {
  const azure = azureAgainst(simulator);
  expect(await azure.sql.failoverGroups(second.server)).toMatchObject([
    { name: failoverGroup, role: 'Primary', databases: [production] },
  ]);
  expect(await azure.health(second.healthUrl)).toMatchObject({ green: true });
  expect(await azure.health(`https://${hostName}/health`)).toMatchObject({ green: true });
}

/** The rows that the second region has now: a forced failover may lose what was written in the last seconds. */
const rows = (simulator: Simulator) =>
  simulator.estate().databases.find((one) => one.server === second.server.server && one.name === production)
    ?.requests;

const parameters = () => ({ app: 'apprequest', region: 'westus2', reason: 'the region is lost' });

/** Scenario 3 for an app that has a failover group and stands in both regions already. */
export const scenarios: readonly Scenario[] = [
  {
    words: 'Tier 3, with the first region lost',
    runbook: 'failover-region',
    ...{ seed: 'tier3', estate: tier3, detours: ledByRecord },
    disaster: (simulator) => simulator.regionDown('eastus'),
    parameters,
    recovered: async (simulator, denied) => {
      await servedFromWest(simulator);
      expect([1_072, 1_073]).toContain(rows(simulator));
      await expectLedToSecond(simulator, denied);
    },
  },
  {
    words: 'Tier 3, while both regions answer',
    runbook: 'failover-region',
    ...{ seed: 'tier3', estate: tier3, detours: ledByRecord },
    disaster: () => undefined,
    parameters,
    recovered: async (simulator, denied) => {
      await servedFromWest(simulator);
      expect(rows(simulator)).toBe(1_073);
      await expectLedToSecond(simulator, denied);
    },
  },
  {
    words: 'Tier 3 without Traffic Manager: the DNS record moves, and a certificate is issued',
    runbook: 'failover-region',
    seed: 'tier3',
    disaster: async (simulator) => {
      await byHand(simulator, [
        {
          ...{ op: 'domain.point-record', zone, record: 'apps', from: trafficName },
          to: 'apprequest-prod-demo01.azurewebsites.net',
        },
        { op: 'domain.unbind-host-name', app: second.app, hostName },
      ]);
      simulator.regionDown('eastus');
    },
    byHand: /^Lead apps\.contoso\.example to apprequest-dr-demo01\S+ by hand/,
    parameters,
    recovered: async (simulator) => {
      await servedFromWest(simulator);
      const { record } = azureAgainst(simulator).domain;
      expect(await record(zone, 'apps')).toMatchObject({ target: `${second.app.app}.azurewebsites.net` });
    },
  },
];

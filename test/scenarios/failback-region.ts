import type { Simulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';
import { app, healthUrl, production, server } from '../support/demo-estate';
import {
  byHand,
  failedOver,
  failoverGroup,
  hostName,
  profile,
  tier3,
  trafficName,
  zone,
} from '../support/tier3-estate';
import type { Scenario } from './scenario';

const dr = 'apprequest-dr-demo01.azurewebsites.net';

/** The primary region leads again with all the data, and people reach a green app. */
async function isBack(simulator: Simulator): Promise<void> {
  const azure = azureAgainst(simulator);
  const [group] = await azure.sql.failoverGroups(server);
  expect(group).toMatchObject({ name: failoverGroup, role: 'Primary', databases: [production] });
  expect(await azure.health(healthUrl)).toMatchObject({ green: true });
  expect(await azure.health(`https://${hostName}/health`)).toMatchObject({ green: true });
  const { databases } = simulator.estate();
  expect(databases.find((one) => one.server === server.server && one.name === production)?.requests).toBe(
    1_073,
  );
}

/** The app works in its second region, and the first one is back. */
export const scenarios: readonly Scenario[] = [
  {
    words: 'an app behind Traffic Manager',
    runbook: 'failback-region',
    ...{ seed: 'tier3', estate: tier3 },
    // What the plan does besides when Azure denies that the app has its name.
    detours: /\/hostNameBindings\/apps\.contoso\.example$/,
    disaster: async (simulator) => {
      await byHand(simulator, failedOver);
    },
    parameters: () => ({ reason: 'eastus is back' }),
    recovered: async (simulator) => {
      await isBack(simulator);
      const found = await azureAgainst(simulator).traffic.profile(profile);
      expect(found?.endpoints.map(({ name, enabled }) => [name, enabled])).toEqual([
        ['primary', true],
        ['secondary', true],
      ]);
    },
  },
  {
    words: 'an app that a DNS record leads to',
    runbook: 'failback-region',
    ...{ seed: 'tier3' },
    disaster: async (simulator) => {
      await byHand(simulator, [
        ...failedOver,
        { op: 'domain.point-record', zone, record: 'apps', from: trafficName, to: dr },
        // As after a rebuild: the old app has lost its name and its certificate.
        { op: 'domain.unbind-host-name', app, hostName },
      ]);
    },
    parameters: () => ({ reason: 'eastus is back' }),
    recovered: async (simulator) => {
      await isBack(simulator);
      expect(await azureAgainst(simulator).domain.record(zone, 'apps')).toMatchObject({
        target: `${app.app}.azurewebsites.net`,
      });
    },
  },
];

import type { Simulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';
import { app, healthUrl, production, server, storage } from '../support/demo-estate';
import { minutesAgo } from '../support/restore-of-production';
import {
  byHand,
  failoverGroup,
  fallenOut,
  hostName,
  ledByRecord,
  profile,
  second,
  tier3,
  trafficName,
  zone,
} from '../support/tier3-estate';
import type { Scenario } from './scenario';

const dr = { subscriptionId: server.subscriptionId, resourceGroup: 'apprequest-dr' };
const signIn = '00000000-0000-0000-0000-0000000000a2';
const here = `${app.app}.azurewebsites.net`;

/** The rows before Anna's deletion, and now. */
const rows = { before: 1_284, now: 1_073 };

const databases = (simulator: Simulator, on: string) =>
  simulator
    .estate()
    .databases.filter((one) => one.server === on && !one.system)
    .map(({ name, requests }) => [name, requests] as const);

const isGreen = async (simulator: Simulator): Promise<void> => {
  expect(await azureAgainst(simulator).health(healthUrl)).toMatchObject({ green: true });
};

/** The primary region leads, with all the data, and people reach a green app. */
async function ledFromHere(simulator: Simulator): Promise<void> {
  const azure = azureAgainst(simulator);
  expect(await azure.sql.failoverGroups(server)).toMatchObject([
    { name: failoverGroup, role: 'Primary', databases: [production] },
  ]);
  expect(databases(simulator, server.server)).toEqual([[production, rows.now]]);
  await isGreen(simulator);
  expect(await azure.health(`https://${hostName}/health`)).toMatchObject({ green: true });
}

const toWest = () => ({ app: 'apprequest', region: 'westus2', reason: 'an exercise' });

/** What people took back when it was done: everything is as before, except for what is kept for inspection. */
export const scenarios: readonly Scenario[] = [
  {
    words: 'deleted rows in a replicated database, full swap, taken back',
    variant: true,
    runbook: 'restore-database',
    ...{ seed: 'tier3', answers: { commit: 'swap-back' }, outcome: 'undone' },
    // Replicated, and in no failover group.
    disaster: async (simulator) => {
      await byHand(simulator, fallenOut.slice(0, 1));
    },
    parameters: () => ({
      ...{ database: production, at: `${minutesAgo(30).toISOString().slice(0, 19)}Z`, how: 'swap' },
      reason: 'rows were deleted',
    }),
    recovered: async (simulator) => {
      await isGreen(simulator);
      const restored = expect.stringMatching(`^${production}-restored-`);
      expect(databases(simulator, server.server).toSorted()).toEqual([
        [production, rows.now],
        [restored, rows.before],
      ]);
      const old = expect.stringMatching(`^${production}-old-`);
      expect(databases(simulator, second.server.server).toSorted()).toEqual([
        [production, rows.now],
        [old, rows.now],
      ]);
      expect((await azureAgainst(simulator).database(server, production))?.replication).toMatchObject([
        { partnerServer: second.server.server, state: 'CATCH_UP' },
      ]);
    },
  },
  {
    words: 'a storage account that is moved while both regions answer, and moved back',
    variant: true,
    runbook: 'failover-storage',
    ...{ answers: { commit: 'fail-back' }, outcome: 'undone' },
    disaster: () => undefined,
    parameters: () => ({ how: 'planned', reason: 'eastus is to be maintained' }),
    recovered: async (simulator) => {
      const azure = azureAgainst(simulator);
      expect(await azure.storage.account(storage)).toMatchObject({
        ...{ primaryLocation: 'eastus', sku: 'Standard_GRS', secondaryLocation: 'westus' },
      });
      expect(await azure.storage.reachable(storage)).toMatchObject({ ok: true });
      await isGreen(simulator);
    },
  },
  {
    words: 'Tier 3, while both regions answer, taken back',
    variant: true,
    runbook: 'failover-region',
    ...{ seed: 'tier3', estate: tier3, answers: { commit: 'go-back' }, outcome: 'undone' },
    detours: ledByRecord,
    disaster: () => undefined,
    parameters: toWest,
    recovered: async (simulator) => {
      await ledFromHere(simulator);
      const { domain, traffic } = azureAgainst(simulator);
      expect(await domain.record(zone, 'apps')).toMatchObject({ target: trafficName });
      const found = await traffic.profile(profile);
      expect(found?.endpoints.map(({ name, enabled }) => [name, enabled])).toEqual([
        ['primary', true],
        ['secondary', true],
      ]);
    },
  },
  {
    words: 'Tier 3 without Traffic Manager, while both regions answer, taken back',
    variant: true,
    runbook: 'failover-region',
    ...{ seed: 'tier3', answers: { commit: 'go-back' }, outcome: 'undone' },
    disaster: async (simulator) => {
      await byHand(simulator, [
        { op: 'domain.point-record', zone, record: 'apps', from: trafficName, to: here },
        { op: 'domain.unbind-host-name', app: second.app, hostName },
      ]);
    },
    parameters: toWest,
    recovered: async (simulator) => {
      await ledFromHere(simulator);
      expect(await azureAgainst(simulator).domain.record(zone, 'apps')).toMatchObject({ target: here });
    },
  },
  {
    words: 'an exercise while the first region is well, taken back',
    variant: true,
    runbook: 'failover-region',
    ...{ answers: { commit: 'take-back' }, outcome: 'undone' },
    disaster: () => undefined,
    parameters: toWest,
    recovered: async (simulator) => {
      const azure = azureAgainst(simulator);
      expect(await azure.deployments.group(dr)).toBeNull();
      expect(databases(simulator, server.server)).toEqual([[production, rows.now]]);
      expect((await azure.entra.redirectUris(signIn)).spa.join(' ')).not.toContain('apprequest-dr-demo01');
      expect((await azure.domain.record(zone, 'apps'))?.target).not.toContain('apprequest-dr-demo01');
      await isGreen(simulator);
    },
  },
  {
    words: 'a release that is taken for a bad one, and put back',
    variant: true,
    runbook: 'rollback-app',
    ...{ answers: { commit: 'put-back' }, outcome: 'undone' },
    disaster: () => undefined,
    parameters: () => ({ version: '1.33.0', data: 'keep', reason: 'odd' }),
    recovered: async (simulator) => {
      const { report, settings } = azureAgainst(simulator).web;
      expect(await report(healthUrl)).toMatchObject({ green: true, version: '1.34.0', schema: 42 });
      expect((await settings(app))?.names).toEqual(
        expect.arrayContaining(['AzureAd__ClientSecret', 'StorageConnectionString']),
      );
    },
  },
];

import { setTimeout as pause } from 'node:timers/promises';
import { SqlManagementClient } from '@azure/arm-sql';
import { DefaultAzureCredential } from '@azure/identity';
import type { JsonObject } from '../../src/incidents/json';
import type { Simulator } from '../../src/simulator/simulator';
import { azureAgainst, pointAt } from '../support/azure-against';
import { healthUrl, production, server, trail } from '../support/demo-estate';
import { minutesAgo } from '../support/restore-of-production';
import type { Scenario } from './scenario';

/** The rows before Anna's deletion, and now. */
const rows = { before: 1_284, now: 1_073 };

const wholeSecond = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`;
const halfAnHourAgo = (how: string): JsonObject => ({
  ...{ database: production, at: wholeSecond(minutesAgo(30)), how, reason: 'rows were deleted' },
});

const databaseNow = (simulator: Simulator, name: string, on = server.server) =>
  simulator.estate().databases.find((one) => one.name === name && one.server === on);

/** The copies that a run has left, by what their names say. */
const left = (simulator: Simulator, kind: 'restored' | 'old') =>
  simulator
    .estate()
    .databases.filter((one) => one.server === server.server && one.name.includes(`-${kind}-`));

async function expectProduction(simulator: Simulator, requests: number): Promise<void> {
  expect(databaseNow(simulator, production)).toMatchObject({ status: 'Online', objective: 'S0', requests });
  expect(await azureAgainst(simulator).health(healthUrl)).toMatchObject({ green: true });
}

/** Just before Anna's deletion, as the form binds it. */
async function boundToDeletion(simulator: Simulator): Promise<JsonObject> {
  const entries = await azureAgainst(simulator).audit.trail(trail, {
    since: minutesAgo(60),
    until: new Date(),
  });
  const deletion = entries.find(({ action }) => action === 'delete');
  if (!deletion) throw new Error('Nobody has deleted anything.');
  const at = wholeSecond(new Date(deletion.at.getTime() - 1_000));
  const words = 'Anna deleted 214 requests';
  const entry = { source: 'audit trail', id: deletion.id, at: deletion.at.toISOString(), words };
  return { database: production, at, how: 'swap', reason: 'Anna slipped', entry };
}

/** Somebody deletes the database that the app lives on, and Azure lists it as deleted. */
async function deleteProduction(simulator: Simulator): Promise<void> {
  pointAt(simulator);
  const { subscriptionId, resourceGroup } = server;
  const sql = new SqlManagementClient(new DefaultAzureCredential(), subscriptionId);
  await sql.databases.beginDeleteAndWait(resourceGroup, server.server, production, {
    updateIntervalInMs: 20,
  });
  while ((await azureAgainst(simulator).sql.dropped(server)).length === 0) await pause(20);
}

async function deletedProduction(simulator: Simulator, how: string): Promise<JsonObject> {
  const [last] = await azureAgainst(simulator).sql.dropped(server);
  if (!last) throw new Error('Azure lists no deleted database.');
  return { database: last.id, at: last.deletedAt.toISOString(), how, reason: 'the database was deleted' };
}

const nothing = () => undefined;

/** Rows, or a whole database, were deleted. */
export const scenarios: readonly Scenario[] = [
  {
    ...{ words: 'deleted rows, full swap', runbook: 'restore-database', disaster: nothing },
    parameters: () => halfAnHourAgo('swap'),
    recovered: async (simulator) => {
      await expectProduction(simulator, rows.before);
      expect(left(simulator, 'old')).toEqual([expect.objectContaining({ requests: rows.now })]);
      expect(left(simulator, 'restored')).toEqual([]);
    },
  },
  {
    ...{ words: 'deleted rows, beside production', runbook: 'restore-database', disaster: nothing },
    parameters: () => halfAnHourAgo('beside'),
    recovered: async (simulator) => {
      await expectProduction(simulator, rows.now);
      expect(left(simulator, 'restored')).toEqual([expect.objectContaining({ requests: rows.before })]);
    },
  },
  {
    ...{ words: 'deleted rows, bound to the entry of the deletion', runbook: 'restore-database' },
    disaster: nothing,
    parameters: boundToDeletion,
    recovered: (simulator) => expectProduction(simulator, rows.before),
  },
  {
    ...{ words: 'deleted rows in a failover group', runbook: 'restore-database', seed: 'tier3' },
    disaster: nothing,
    parameters: () => halfAnHourAgo('swap'),
    recovered: async (simulator) => {
      await expectProduction(simulator, rows.before);
      const { failoverGroups, replicationLinks } = simulator.estate();
      expect(failoverGroups).toEqual([expect.objectContaining({ databases: [production] })]);
      expect(replicationLinks).toEqual([expect.objectContaining({ database: production })]);
      expect(databaseNow(simulator, production, 'sql-apprequest-dr-demo01')).toMatchObject({
        requests: rows.before,
      });
    },
  },
  {
    ...{ words: 'a deleted database', runbook: 'restore-database', disaster: deleteProduction },
    parameters: (simulator) => deletedProduction(simulator, 'swap'),
    recovered: async (simulator) => {
      await expectProduction(simulator, rows.now);
      expect([...left(simulator, 'old'), ...left(simulator, 'restored')]).toEqual([]);
    },
  },
];

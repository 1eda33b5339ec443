import { SqlManagementClient } from '@azure/arm-sql';
import { DefaultAzureCredential } from '@azure/identity';
import { readConfig } from '../../src/config';
import { runbook } from '../../src/runbooks/restore-database';
import { scenarios as regions } from '../scenarios/failover-region';
import { scenarios } from '../scenarios/restore-database';
import { azureAgainst, pointAt } from '../support/azure-against';
import { production, server } from '../support/demo-estate';
import { minutesAgo } from '../support/restore-of-production';
import { openTheatre, type Theatre } from '../support/theatre/theatre';

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatre();
}, 60_000);
afterAll(() => theatre.close());

const sql = () => {
  pointAt(theatre.simulator);
  return new SqlManagementClient(new DefaultAzureCredential(), server.subscriptionId);
};
const at = (server: string) =>
  `/subscriptions/00000000-0000-0000-0000-00000000d0c5/resourceGroups/apprequest-prod/providers/Microsoft.Sql/servers/${server}/databases/${production}`;
const wholeSecond = (moment: Date) => `${moment.toISOString().slice(0, 19)}Z`;

test('the document loses 5 minutes at most; Azure cannot restore to 5 minutes ago, and our plan says to when it can', async () => {
  const [swap] = scenarios;
  if (!swap) throw new Error('There is no scenario of a swap.');
  theatre.simulator.reset('tier2');
  const fiveMinutesAgo = minutesAgo(5);
  await expect(
    sql().databases.beginCreateOrUpdateAndWait(
      server.resourceGroup,
      server.server,
      `${production}-Restored`,
      {
        ...{ location: 'eastus', createMode: 'PointInTimeRestore' },
        ...{ sourceDatabaseId: at(server.server), restorePointInTime: fiveMinutesAgo },
      },
    ),
  ).rejects.toMatchObject({ statusCode: 400, code: 'BackupSetNotFoundRecentPit' });

  const [app] = readConfig({ ESTATE_FILE: 'infra/estate.demo.yaml' }).estate.apps;
  if (!app) throw new Error('The estate has no app.');
  const compile = (moment: Date) =>
    runbook.compile(
      runbook.parameters.parse({ app: app.name, database: production, at: wholeSecond(moment), how: 'swap' }),
      {
        ...{ app, azure: azureAgainst(theatre.simulator), now: new Date(), past: () => null },
        ...{ run: 'inc1-1', begun: new Set<string>(), requestedAt: new Date() },
      },
    );
  const refused = await compile(fiveMinutesAgo);
  const newest = 'refused' in refused ? /backups is (\S+Z)\./.exec(refused.refused.what)?.[1] : undefined;
  expect(Date.now() - Date.parse(newest ?? '')).toBeGreaterThanOrEqual(10 * 60_000);

  const possible = await compile(new Date(newest ?? ''));
  expect('plan' in possible && possible.plan.loss).toMatchObject({ minutes: 11, settledBy: 'set-aside' });
  const { state } = await theatre.play({
    ...swap,
    parameters: () => ({ database: production, at: newest ?? '', how: 'swap', reason: '' }),
    recovered: async () => undefined,
  });
  expect(state.finished?.outcome).toBe('completed');
}, 60_000);

test('for a region the document loses 5 minutes too; the geo-backup that is left is older, and our plan quotes its age', async () => {
  const dr = { ...server, resourceGroup: 'apprequest-dr', server: 'sql-apprequest-dr-demo01' };
  theatre.simulator.reset('tier3');
  theatre.simulator.regionDown('eastus');
  // A point in time is not to be had elsewhere: only the server that is down could restore to it.
  await expect(
    sql().databases.beginCreateOrUpdateAndWait(dr.resourceGroup, dr.server, `${production}-Restored`, {
      ...{ location: 'westus2', createMode: 'PointInTimeRestore' },
      ...{ sourceDatabaseId: at(server.server), restorePointInTime: minutesAgo(15) },
    }),
  ).rejects.toMatchObject({ statusCode: 400, code: 'RestoreCrossServerDisabled' });

  const lost = regions.find(({ words }) => words.startsWith('a region that is lost'));
  if (!lost) throw new Error('There is no scenario of a lost region.');
  const { state } = await theatre.play(lost);
  expect(state.finished?.outcome).toBe('completed');
  const { minutes = null, from = null, words = '' } = state.plan?.loss ?? {};
  expect(minutes).toBeGreaterThan(5);
  expect(minutes).toBeLessThan(67);
  expect(words).toMatch(/minutes at most: everything written after \S+Z, the newest geo-backup/);
  const history = theatre.simulator
    .estate()
    .databases.find(({ name, server: on }) => name === production && on === dr.server)?.history;
  // What was lost is what the plan had quoted.
  expect(history?.every((change) => change.at <= (from ?? ''))).toBe(true);
}, 120_000);

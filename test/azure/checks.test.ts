import type { Azure } from '../../src/azure/azure';
import type { Check } from '../../src/azure/check';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';
import { beginAndWait, sent } from '../support/begin-and-wait';
import { app, healthUrl, production, server } from '../support/demo-estate';
import { copy, restore } from '../support/restore-of-production';

let simulator: Simulator;
let azure: Azure;
beforeAll(async () => {
  simulator = await startSimulator({ speed: 6000 });
  azure = azureAgainst(simulator);
});
beforeEach(() => {
  simulator.reset();
  simulator.clearFaults();
  simulator.setSpeed(6000);
});
afterAll(() => simulator.close());

const asked = restore();

async function restoredCopy(more: object = {}): Promise<Check> {
  const source = await azure.database(server, production);
  const expected = {
    tier: 'S0',
    restorePoint: asked.at,
    sourceBytes: source?.usedBytes ?? null,
    collation: source?.collation ?? null,
    ...more,
  };
  return { check: 'sql.restored-copy', server, database: copy, expected };
}

const wrong = async (check: Check): Promise<readonly string[]> =>
  (await azure.read(check)).findings.filter((finding) => !finding.ok).map((finding) => finding.what);

test('a restored copy that is as asked passes, and its id is learned', async () => {
  const facts = await beginAndWait(azure, asked);

  const reading = await azure.read(await restoredCopy());

  expect(reading.findings.filter((finding) => !finding.ok)).toEqual([]);
  expect(reading.findings.map((finding) => finding.what)).toEqual([
    'State',
    'Service objective',
    'Restore operation',
    'Restore point',
    'Size',
    'Collation',
  ]);
  expect(reading.facts).toEqual({ databaseId: facts['databaseId'], usedBytes: expect.any(Number) });
});

test('a copy that is not there, or not ready, does not pass', async () => {
  expect(await wrong(await restoredCopy())).toEqual(['Database']);

  simulator.setSpeed(20);
  await azure.handler(asked).begin(asked, sent('r1'));
  expect(await wrong(await restoredCopy())).toEqual(['State', 'Restore operation']);
});

test.each([
  [{ tier: 'P1' }, ['Service objective']],
  [{ sourceBytes: 900 * 1024 ** 3 }, ['Size']],
  [{ collation: 'Latin1_General_100_CI_AS' }, ['Collation']],
  [{ restorePoint: '2999-01-01T00:00:00Z' }, ['Restore point']],
  [{ sourceBytes: null, collation: null }, []],
])('a copy compared with %j does not pass for %j', async (expected, found) => {
  await beginAndWait(azure, asked);

  expect(await wrong(await restoredCopy(expected))).toEqual(found);
});

test('the name means the expected database only when its id is the same', async () => {
  const databaseId = (await azure.database(server, production))?.databaseId ?? '';
  const check: Check = { check: 'sql.database-is', server, database: production, databaseId };

  expect(await wrong(check)).toEqual([]);
  expect(await wrong({ ...check, databaseId: 'another' })).toEqual([
    `Database under the name "${production}"`,
  ]);
  expect(await wrong({ ...check, database: 'Nothing' })).toEqual([
    'Database under the name "Nothing"',
    'State',
  ]);
});

test('a healthy app passes, also while Resource Manager does not answer', async () => {
  const check: Check = { check: 'app.healthy', app, url: healthUrl };
  expect(await wrong(check)).toEqual([]);

  simulator.addFault({ path: `/sites/${app.app}`, status: 403, code: 'AuthorizationFailed' });
  expect(await wrong(check)).toEqual([]);
});

test('an app that is red does not pass, and App Service says whether it runs', async () => {
  const check: Check = { check: 'app.healthy', app, url: healthUrl };
  simulator.addFault({ path: '/health', status: 503 });

  const { findings } = await azure.read(check);

  expect(findings).toMatchObject([
    { what: 'Health endpoint', ok: false },
    { what: 'App Service state', found: 'Running', ok: true },
  ]);
});

import { WebSiteManagementClient } from '@azure/arm-appservice';
import { DefaultAzureCredential } from '@azure/identity';
import { kindOf } from '../../src/azure/insights/recent-changes';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { azureAgainst, pointAt } from '../support/azure-against';
import { app, server } from '../support/demo-estate';
import { problemOf } from '../support/problem-of';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ speed: 6_000 });
});
afterEach(() => simulator.reset());
afterAll(() => simulator.close());

const group = { subscriptionId: server.subscriptionId, resourceGroup: server.resourceGroup };
const dayAgo = () => new Date(Date.now() - 86_400_000);

/** The last part of each resource's id, with its state. */
const states = async (options = {}) =>
  Object.fromEntries(
    (await azureAgainst(simulator, options).insights.availability(group)).map(({ resourceId, state }) => [
      resourceId.split('/').at(-1),
      state,
    ]),
  );

test('Azure says of each resource that it is available', async () => {
  expect(await states()).toEqual({
    'apprequest-prod-demo01': 'Available',
    AppRequestPortal: 'Available',
    'kv-appreq-demo01': 'Available',
    stappreqdemo01: 'Available',
  });
});

test('a region that is down makes its resources unavailable, once Azure has noticed', async () => {
  simulator.setSpeed(1);
  simulator.regionDown('eastus');
  expect(await states()).toMatchObject({ AppRequestPortal: 'Available' });

  simulator.setSpeed(1e6);
  await new Promise((later) => setTimeout(later, 20));

  expect(new Set(Object.values(await states()))).toEqual(new Set(['Unavailable']));
});

test("an app that its owner stopped is no failure of Azure's", async () => {
  pointAt(simulator);
  const client = new WebSiteManagementClient(new DefaultAzureCredential(), app.subscriptionId);
  await client.webApps.stop(app.resourceGroup, app.app);

  const all = await azureAgainst(simulator).insights.availability(group);

  expect(all.find(({ resourceId }) => resourceId.endsWith(app.app))).toMatchObject({
    ...{ state: 'Unavailable', unplanned: false },
  });
});

test('who stopped and started the app is told, newest first, once for each request', async () => {
  pointAt(simulator);
  const client = new WebSiteManagementClient(new DefaultAzureCredential(), app.subscriptionId);
  await client.webApps.stop(app.resourceGroup, app.app);
  await client.webApps.start(app.resourceGroup, app.app);

  const changes = await azureAgainst(simulator).insights.changes(group, dayAgo());

  expect(changes.map(({ kind }) => kind).slice(0, 2)).toEqual(['start', 'stop']);
  expect(changes[0]).toMatchObject({ action: 'Microsoft.Web/sites/start/action', by: expect.any(String) });
  expect(changes[0]?.resourceId).toMatch(/sites\/apprequest-prod-demo01$/);
});

test('what was changed before is not told', async () => {
  const changes = await azureAgainst(simulator).insights.changes(group, new Date());

  expect(changes).toEqual([]);
});

test.each([
  ['Microsoft.Web/sites/config/write', 'settings'],
  ['microsoft.web/sites/config/Write', 'settings'],
  ['Microsoft.Web/sites/slots/slotsswap/action', 'deployment'],
  ['Microsoft.Resources/deployments/write', 'deployment'],
  ['Microsoft.Sql/servers/databases/delete', 'deletion'],
  ['Microsoft.KeyVault/vaults/delete', 'deletion'],
  ['Microsoft.Storage/storageAccounts/failover/action', 'failover'],
  ['Microsoft.Web/sites/restart/action', 'restart'],
  ['Microsoft.Sql/servers/databases/write', 'other'],
])('%s is a change of the kind "%s"', (action, kind) => expect(kindOf(action)).toBe(kind));

test('sign-in answers with the metadata of the tenant, or of all organizations where it is not known', async () => {
  const azure = azureAgainst(simulator);
  const { tenantId } = await azure.reachable(server.subscriptionId);

  expect(tenantId).toBe(simulator.environment['AZURE_TENANT_ID']);
  expect(await azure.insights.signIn(tenantId)).toMatchObject({ state: 'answers', status: 200 });
  expect(await azure.insights.signIn(null)).toMatchObject({ state: 'answers' });
});

test.each([
  [{ status: 503 }, 'failing', 503],
  [{ reset: true }, 'silent', null],
] as const)('sign-in that meets %j is %s', async (fault, state, status) => {
  simulator.addFault({ path: 'openid-configuration', times: 9, ...fault });

  const found = await azureAgainst(simulator).insights.signIn(null);

  expect(found).toMatchObject({ state, status });
  expect(found.words).toMatch(/^Microsoft's sign-in /);
});

test('Azure Resource Manager that hangs does not give a tenant', async () => {
  simulator.setLatency(2_000);

  expect(await azureAgainst(simulator, { deadlineMs: 300 }).reachable(server.subscriptionId)).toMatchObject({
    ...{ ok: false, tenantId: null },
  });
});

test('Resource Health that refuses says so in words', async () => {
  simulator.addFault({ path: 'availabilityStatuses', status: 403, code: 'AuthorizationFailed', times: 9 });

  const problem = await problemOf(azureAgainst(simulator).insights.availability(group));

  expect(problem.details).toMatchObject({ code: 'AuthorizationFailed', status: 403 });
});

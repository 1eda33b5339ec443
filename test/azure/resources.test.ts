import type { Azure } from '../../src/azure/azure';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';
import { app, production, server } from '../support/demo-estate';
import { problemOf } from '../support/problem-of';

let simulator: Simulator;
let azure: Azure;
beforeAll(async () => {
  simulator = await startSimulator();
  azure = azureAgainst(simulator);
});
afterAll(() => simulator.close());
afterEach(() => simulator.clearFaults());

test('everything in a group is listed, with its id, type and place', async () => {
  const found = await azure.resources.inGroup(server);
  expect(found).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        type: 'Microsoft.Sql/servers/databases',
        name: `${server.server}/${production}`,
      }),
      expect.objectContaining({ type: 'Microsoft.Web/sites', name: app.app, location: 'eastus' }),
      expect.objectContaining({ type: 'Microsoft.KeyVault/vaults', name: 'kv-appreq-demo01' }),
    ]),
  );
  expect((found ?? []).every(({ id }) => id.includes('/resourceGroups/apprequest-prod/'))).toBe(true);
});

test('a group that is not there is told from one that cannot be read', async () => {
  expect(await azure.resources.inGroup({ ...server, resourceGroup: 'nobody' })).toBeNull();
  simulator.addFault({ path: '/resources', status: 403, code: 'AuthorizationFailed', times: 9 });
  const problem = await problemOf(azure.resources.inGroup(server));
  expect(problem.details.code).toBe('AuthorizationFailed');
});

test('how backups are kept is read, and a database that is not there has none', async () => {
  expect(await azure.sql.backups(server, production)).toEqual({
    redundancy: 'Geo',
    days: 7,
    differentialHours: 12,
  });
  expect(await azure.sql.backups(server, 'nobody')).toBeNull();
});

import type { Operation } from '../../src/azure/operation';
import { seedValue } from '../../src/simulator/seed-value';
import { codeOf, groupPath, openAzure, serverPath } from '../simulator/azure';
import { azureAgainst } from '../support/azure-against';
import { beginAndWait } from '../support/begin-and-wait';
import { production, server } from '../support/demo-estate';
import { createGroup, createServer, deploy, drServer, geoRestore } from '../support/demo-region';

/** A simulator with raw requests to it and the production adapters on it. */
async function open() {
  const { arm, simulator } = await openAzure();
  const azure = azureAgainst(simulator);
  const all = async (...operations: readonly Operation[]) => {
    for (const one of operations) await beginAndWait(azure, one, one.op);
  };
  return { arm, simulator, azure, all };
}

const drPath = serverPath
  .replace('apprequest-prod/', 'apprequest-dr/')
  .replace(server.server, drServer.server);
const recoverableDatabaseId = `${serverPath}/recoverableDatabases/${production}`;

test('"az sql db geo-restore" has no operation behind it: a geo-restore is a create, and ours works while the region is down', async () => {
  const { arm, simulator, azure, all } = await open();
  simulator.regionDown('eastus');
  const asked = await arm('POST', `${serverPath}/databases/${production}/geoRestore`, { body: {} });
  expect([asked.status, codeOf(asked)]).toEqual([404, 'InvalidResourceType']);

  await all(createGroup, createServer, geoRestore);
  expect(await azure.database(drServer, geoRestore.target)).toMatchObject({ status: 'Online' });
});

test('a geo-restore over the database that the template has just made is refused; ours has a name of its own and is renamed in', async () => {
  const { arm, azure, all } = await open();
  await all(createGroup, createServer, deploy);
  const naive = await arm('PUT', `${drPath}/databases/${production}`, {
    body: { location: 'westus2', properties: { createMode: 'Recovery', recoverableDatabaseId } },
  });
  expect([naive.status, codeOf(naive)]).toEqual([400, 'DatabaseNameInUse']);

  const restored = await beginAndWait(azure, geoRestore);
  const empty = await azure.database(drServer, production);
  for (const [from, to, databaseId] of [
    [production, 'aside', empty?.databaseId ?? ''],
    [geoRestore.target, production, String(restored['databaseId'])],
  ] as const)
    await beginAndWait(azure, { op: 'sql.rename', server: drServer, from, to, databaseId }, to);
  expect((await azure.database(drServer, production))?.databaseId).toBe(restored['databaseId']);
});

test('what is lost with a region is up to an hour, not the five minutes of the document: Azure says when the newest geo-backup is of', async () => {
  const { simulator, azure } = await open();
  simulator.regionDown('eastus');

  const backup = await azure.sql.geoBackup(server, production);

  const minutes = (Date.now() - Number(backup?.at)) / 60_000;
  expect(minutes).toBeGreaterThan(5);
  expect(minutes).toBeLessThan(66);
});

test('a password on the command line is in the request for anybody to read; ours is named by its place, and Azure shows none back', async () => {
  const secret = seedValue('tier2', 'sql password');
  const { arm, all } = await open();
  await all(createGroup, createServer, deploy);

  expect(JSON.stringify([createServer, deploy])).not.toContain(secret);
  const path = groupPath
    .replace('apprequest-prod', 'apprequest-dr')
    .replace('resourceGroups', 'resourcegroups');
  for (const name of [deploy.name, `dr-${createServer.run}-sql-server`]) {
    const shown = await arm('GET', `${path}/providers/Microsoft.Resources/deployments/${name}`, {
      version: '2024-07-01',
    });
    expect(shown.text).toContain('SecureString');
    expect(shown.text).not.toContain(secret);
  }
});

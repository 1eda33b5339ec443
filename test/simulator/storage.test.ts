import { StorageManagementClient } from '@azure/arm-storage';
import { demoSubscription } from '../../src/simulator/seed';
import { atOnce, codeOf, group, groupPath, handClock, openAzure } from './azure';

const account = 'stappreqdemo01';
const path = `${groupPath}/providers/Microsoft.Storage/storageAccounts/${account}`;
const queue = 'winget-packaging';
const version = '2025-08-01';
const HOUR = 3_600_000;

type Azure = Awaited<ReturnType<typeof openAzure>>;

const clientOf = ({ credential, common }: Azure) =>
  new StorageManagementClient(credential, demoSubscription, common);

/** A request to the data plane with an Entra token, as `az storage … --auth-mode login` sends it. */
async function data(azure: Azure, method: 'GET' | 'POST' | 'PUT', service: 'queue' | 'blob', target: string) {
  const token = await azure.credential.getToken('https://storage.azure.com/.default');
  return azure.send(method, `https://${account}.${service}.core.windows.net${target}`, undefined, {
    authorization: `Bearer ${token.token}`,
    'x-ms-version': '2023-11-03',
  });
}

const waiting = async (azure: Azure) =>
  (await data(azure, 'GET', 'queue', `/${queue}?comp=metadata`)).headers['x-ms-approximate-messages-count'];

const storageHealth = async (azure: Azure) =>
  (
    (await azure.health()).json as { checks: { name: string; status: string; description: string }[] }
  ).checks.find(({ name }) => name === 'storage');

test('an unplanned failover loses what was written after the Last Sync Time, and makes the account locally redundant', async () => {
  const clock = handClock();
  const azure = await openAzure({ speed: 60, now: clock.now });
  const storage = clientOf(azure);
  expect(await waiting(azure)).toBe('5');
  azure.simulator.storage.down(account);
  expect(await storageHealth(azure)).toMatchObject({ status: 'Unhealthy' });
  const before = await storage.storageAccounts.getProperties(group, account, {
    expand: 'geoReplicationStats',
  });
  expect(before).toMatchObject({ statusOfPrimary: 'unavailable', primaryLocation: 'eastus' });
  expect(before.geoReplicationStats?.canFailover).toBe(true);
  expect(before.geoReplicationStats?.canPlannedFailover).toBe(false);

  const poller = storage.storageAccounts.failover(group, account);
  await poller.submitted();
  clock.advance(HOUR / 60 + 1_000);

  const after = await storage.storageAccounts.getProperties(group, account);
  expect(after).toMatchObject({
    primaryLocation: 'westus',
    statusOfPrimary: 'available',
    location: 'eastus',
  });
  expect(after.sku?.name).toBe('Standard_LRS');
  expect(after.secondaryLocation).toBeUndefined();
  // Two of the five jobs were younger than the Last Sync Time, seven minutes before the outage.
  expect(await waiting(azure)).toBe('3');
  expect(await storageHealth(azure)).toMatchObject({ status: 'Healthy' });
});

test('a message that was worked off after the Last Sync Time comes back with the failover', async () => {
  const azure = await openAzure();
  const token = await azure.credential.getToken('https://storage.azure.com/.default');
  const peeked = await data(azure, 'GET', 'queue', `/${queue}/messages?peekonly=true`);
  const [, id] = /<MessageId>([^<]+)</.exec(peeked.text) ?? [];
  const gone = await azure.send(
    'DELETE',
    `https://${account}.queue.core.windows.net/${queue}/messages/${id}`,
    undefined,
    {
      authorization: `Bearer ${token.token}`,
      'x-ms-version': '2023-11-03',
    },
  );
  expect([gone.status, await waiting(azure)]).toEqual([204, '4']);

  await azure.arm('POST', `${path}/failover`, { version });

  expect((await data(azure, 'GET', 'queue', `/${queue}/messages?peekonly=true`)).text).toContain(id);
});

test('a planned failover loses nothing and keeps the redundancy, and is refused while the primary region is down', async () => {
  const azure = await openAzure();
  const storage = clientOf(azure);
  azure.simulator.regionDown('eastus');
  await expect(
    storage.storageAccounts.failover(group, account, { failoverType: 'Planned' }).submitted(),
  ).rejects.toMatchObject({ statusCode: 409 });
  azure.simulator.regionUp('eastus');

  await storage.storageAccounts.failover(group, account, { failoverType: 'Planned' });

  expect(await storage.storageAccounts.getProperties(group, account)).toMatchObject({
    ...{ primaryLocation: 'westus', secondaryLocation: 'eastus', sku: { name: 'Standard_GRS' } },
  });
  expect(await waiting(azure)).toBe('5');
});

test('the Last Sync Time stands still while the primary does not answer', async () => {
  const clock = handClock();
  const azure = await openAzure({ speed: 1, now: clock.now });
  const lastSync = async () =>
    (
      await clientOf(azure).storageAccounts.getProperties(group, account, { expand: 'geoReplicationStats' })
    ).geoReplicationStats?.lastSyncTime?.getTime() ?? 0;
  const first = await lastSync();
  clock.advance(60_000);
  expect(await lastSync()).toBe(first + 60_000);
  azure.simulator.storage.down(account);
  clock.advance(600_000);

  expect(await lastSync()).toBe(first + 60_000);
});

test('a copy to a second region takes its time, and cannot be failed over to before it is complete', async () => {
  const clock = handClock();
  const azure = await openAzure({ speed: 60, now: clock.now });
  const storage = clientOf(azure);
  await storage.storageAccounts.update(group, account, { sku: { name: 'Standard_LRS' } });
  await storage.storageAccounts.update(group, account, { sku: { name: 'Standard_RAGRS' } });

  await expect(
    storage.storageAccounts.getProperties(group, account, { expand: 'geoReplicationStats' }),
  ).rejects.toMatchObject({ code: 'LastSyncTimeUnavailable' });
  clock.advance(5_000);
  const copying = await storage.storageAccounts.getProperties(group, account, {
    expand: 'geoReplicationStats',
  });
  expect(copying.geoReplicationStats).toMatchObject({ status: 'Bootstrap', canFailover: false });
  await expect(storage.storageAccounts.failover(group, account).submitted()).rejects.toMatchObject({
    ...{ code: 'LastSyncTimeUnavailable', statusCode: 409 },
  });
  clock.advance(20_000);

  const live = await storage.storageAccounts.getProperties(group, account, { expand: 'geoReplicationStats' });
  expect(live.geoReplicationStats).toMatchObject({ status: 'Live', canFailover: true });
});

test('while one operation is at work on an account, another is refused', async () => {
  const azure = await openAzure({ speed: 1 });
  await azure.arm('POST', `${path}/failover`, { version });

  const again = await azure.arm('POST', `${path}/failover`, { version });

  expect([again.status, codeOf(again)]).toEqual([409, 'StorageAccountOperationInProgress']);
});

test('a failover that Azure cannot do leaves the account as it was', async () => {
  const azure = await openAzure();
  azure.simulator.addFault({
    ...{ method: 'POST', path: '/failover' },
    lro: { fail: { code: 'InternalError', message: 'Not today.' } },
  });

  await expect(clientOf(azure).storageAccounts.failover(group, account)).rejects.toThrow('Not today.');

  expect(await clientOf(azure).storageAccounts.getProperties(group, account)).toMatchObject({
    ...{ primaryLocation: 'eastus', sku: { name: 'Standard_GRS' } },
  });
});

test('names are unique in all of Azure, lower case and at most 24 characters', async () => {
  const storage = clientOf(await openAzure());
  const ask = (name: string) =>
    storage.storageAccounts.checkNameAvailability({ name, type: 'Microsoft.Storage/storageAccounts' });

  expect(await ask('stappreqdemo02')).toMatchObject({ nameAvailable: true });
  expect(await ask(account)).toMatchObject({ nameAvailable: false, reason: 'AlreadyExists' });
  expect(await ask('st-appreq-demo01')).toMatchObject({ nameAvailable: false, reason: 'AccountNameInvalid' });
  expect(await ask('s'.repeat(25))).toMatchObject({ nameAvailable: false, reason: 'AccountNameInvalid' });
});

test('a new account is made empty, with keys of its own, in a region that answers', async () => {
  const azure = await openAzure();
  const storage = clientOf(azure);
  const wanted = { sku: { name: 'Standard_GRS' }, kind: 'StorageV2', location: 'eastus' };
  azure.simulator.regionDown('eastus');
  await expect(storage.storageAccounts.create(group, 'stnew', wanted).submitted()).rejects.toMatchObject({
    statusCode: 504,
  });

  const made = await storage.storageAccounts.create(group, 'stnew', { ...wanted, location: 'westus2' });

  expect(made).toMatchObject({ provisioningState: 'Succeeded', primaryLocation: 'westus2' });
  const keysOf = (name: string) => azure.arm('POST', `${path.replace(account, name)}/listKeys`, { version });
  expect((await keysOf(account)).status).toBe(504);
  const { keys } = (await keysOf('stnew')).json as { keys: { value: string }[] };
  expect(keys.map(({ value }) => value.length)).toEqual([88, 88]);
});

test('a read-only lock blocks the keys and the failover', async () => {
  const azure = await openAzure();
  await azure.arm('PUT', `${path}/providers/Microsoft.Authorization/locks/stay`, {
    body: { properties: { level: 'ReadOnly' } },
    version: '2020-05-01',
  });

  const refused = await Promise.all(
    ['listKeys', 'failover'].map((action) => azure.arm('POST', `${path}/${action}`, { version })),
  );

  expect(refused.map((answer) => [answer.status, codeOf(answer)])).toEqual([
    [409, 'ScopeLocked'],
    [409, 'ScopeLocked'],
  ]);
});

test('a key made anew opens the account, and the old one no longer does', async () => {
  const azure = await openAzure();
  await azure.arm('POST', `${path}/regenerateKey`, { body: { keyName: 'key1' }, version });

  expect(await storageHealth(azure)).toMatchObject({
    ...{ status: 'Unhealthy', description: expect.stringContaining('refused the key') },
  });
});

test('the data plane asks for a token, answers with what is there, and has no address without an account', async () => {
  const azure = await openAzure({ speed: atOnce });
  const bare = await azure.send('GET', `https://${account}.queue.core.windows.net/?comp=list`);
  expect([bare.status, bare.headers['x-ms-error-code']]).toEqual([401, 'NoAuthenticationInformation']);
  expect(bare.headers['www-authenticate']).toContain('resource_id=https://storage.azure.com');
  const wrong = await azure.credential.getToken('https://management.azure.com/.default');
  const refused = await azure.send('GET', `https://${account}.queue.core.windows.net/?comp=list`, undefined, {
    ...{ authorization: `Bearer ${wrong.token}`, 'x-ms-version': '2023-11-03' },
  });
  expect(refused.status).toBe(401);

  expect((await data(azure, 'GET', 'queue', '/?comp=list')).text).toContain(`<Name>${queue}</Name>`);
  expect((await data(azure, 'GET', 'blob', '/?comp=list')).text).toContain('<Name>packages</Name>');
  expect((await data(azure, 'GET', 'queue', '/none?comp=metadata')).headers['x-ms-error-code']).toBe(
    'QueueNotFound',
  );
  expect((await data(azure, 'PUT', 'queue', '/none')).status).toBe(201);
  azure.simulator.storage.down(account);
  expect((await data(azure, 'GET', 'queue', '/?comp=list')).status).toBe(503);
  await azure.arm('DELETE', path, { version });
  expect((await data(azure, 'GET', 'queue', '/?comp=list')).status).toBe(404);
  await expect(azure.send('GET', 'https://stnothere.queue.core.windows.net/?comp=list')).rejects.toThrow();
});

test('by hand: an account goes down and up, and jobs are put into its queue', async () => {
  const azure = await openAzure();
  expect((await azure.control('POST', `/storage/${account}/down`)).status).toBe(204);
  expect(await storageHealth(azure)).toMatchObject({ status: 'Unhealthy' });
  expect((await azure.control('POST', `/storage/${account}/up`)).status).toBe(204);
  expect((await azure.control('POST', `/storage/${account}/queues/${queue}`, { text: '{}' })).status).toBe(
    204,
  );
  expect(await waiting(azure)).toBe('6');

  expect((await azure.control('POST', '/storage/nothere/down')).status).toBe(400);
  expect(JSON.stringify(azure.simulator.estate())).not.toContain('AccountKey');
});

import { WebSiteManagementClient } from '@azure/arm-appservice';
import { StorageManagementClient } from '@azure/arm-storage';
import { DefaultAzureCredential } from '@azure/identity';
import { SecretClient } from '@azure/keyvault-secrets';
import { scenarios as failovers } from '../scenarios/failover-storage';
import { scenarios as replacements } from '../scenarios/replace-storage';
import type { Scenario } from '../scenarios/scenario';
import { pointAt } from '../support/azure-against';
import { app, healthUrl, storage, vault } from '../support/demo-estate';
import { playCalm } from '../support/theatre/play-wrongs';
import { openTheatre, type Theatre } from '../support/theatre/theatre';

/**
 * The rules of Azure that the document's Scenario 4 misses: the naive step does not do what the document says, and the
 * plan does.
 */
let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatre();
  pointAt(theatre.simulator);
});
beforeEach(() => theatre.simulator.reset('tier2'));
afterAll(() => theatre.close());

const { subscriptionId, resourceGroup } = storage;
const queue = 'winget-packaging';
const newest = '{"packageApp":"the newest"}';
const isGreen = async () => (await theatre.azure.health(healthUrl)).green;

/** A client with the SDK's own habits, as a script has it. */
const naive = () => new StorageManagementClient(new DefaultAzureCredential(), subscriptionId);

/** A scenario of the runbook, by a word of its name. */
function scenario(all: readonly Scenario[], word: string): Scenario {
  const found = all.find(({ words }) => words.includes(word));
  if (!found) throw new Error(`There is no scenario "${word}".`);
  return found;
}

test('"RPO 0 minutes": the document\'s failover loses what was written after the Last Sync Time, without a word', async () => {
  const { storage: byHand } = theatre.simulator;
  byHand.putMessage(storage.account, queue, newest);
  byHand.down(storage.account);

  await naive().storageAccounts.failover(resourceGroup, storage.account);

  expect(byHand.messages(storage.account, queue)).not.toContain(newest);
});

test('the plan quotes that loss before anybody approves it, and never as 0', async () => {
  const { state } = await playCalm(theatre, scenario(failovers, 'not copied yet'));

  expect(state.plan?.loss.minutes).toBeGreaterThanOrEqual(7);
  expect(state.plan?.loss.words).toMatch(/for good: everything written after \S+Z, Azure's Last Sync Time/);
  expect(state.plan?.loss.settledBy).toBe('fail-over');
});

test('where both regions answer, the plan is one that loses nothing, which the document does not know', async () => {
  const { state } = await playCalm(theatre, scenario(failovers, 'both regions answer'));

  expect(state.plan?.loss).toMatchObject({ minutes: 0 });
  expect(theatre.simulator.storage.messages(storage.account, queue)).toContain(newest);
});

test("the document's failover leaves the account in one region, where a second failover is refused", async () => {
  theatre.simulator.storage.down(storage.account);
  await naive().storageAccounts.failover(resourceGroup, storage.account);

  expect(await theatre.azure.storage.account(storage)).toMatchObject({
    ...{ sku: 'Standard_LRS', secondaryLocation: null },
  });
  await expect(
    naive().storageAccounts.failover(resourceGroup, storage.account).submitted(),
  ).rejects.toMatchObject({ code: 'InvalidAccountType' });
});

test('the plan makes it geo-redundant again, and does not say so before the copy is complete', async () => {
  const { state } = await playCalm(theatre, scenario(failovers, 'not copied yet'));

  expect(state.plan?.notices.join(' ')).toContain('locally redundant (Standard_LRS)');
  expect(state.stages['protected']?.status).toBe('done');
  expect(await theatre.azure.storage.account(storage)).toMatchObject({
    ...{ sku: 'Standard_GRS', replication: { status: 'Live', canFailOver: true } },
  });
});

test('asking an account in one region how far its copy is fails as a whole; the plan asks only where there is one', async () => {
  await naive().storageAccounts.update(resourceGroup, storage.account, { sku: { name: 'Standard_LRS' } });
  await expect(
    naive().storageAccounts.getProperties(resourceGroup, storage.account, { expand: 'geoReplicationStats' }),
  ).rejects.toMatchObject({ code: 'InvalidAccountType' });

  expect(await theatre.azure.storage.account(storage)).toMatchObject({ replication: null });
});

/** Steps 2 to 4 of the document: a new account, its connection string into the vault, a restart. */
async function replaceAsDocumented(): Promise<void> {
  const credential = new DefaultAzureCredential();
  const name = 'stappreqnew01';
  await naive().storageAccounts.create(resourceGroup, name, {
    ...{ sku: { name: 'Standard_GRS' }, kind: 'StorageV2', location: 'eastus' },
  });
  const { keys } = await naive().storageAccounts.listKeys(resourceGroup, name);
  const connection = `DefaultEndpointsProtocol=https;AccountName=${name};AccountKey=${keys?.[0]?.value};EndpointSuffix=core.windows.net`;
  const secrets = new SecretClient(`https://${vault.vault}.vault.azure.net`, credential);
  await secrets.setSecret('StorageConnectionString', connection);
  await new WebSiteManagementClient(credential, subscriptionId).webApps.restart(resourceGroup, app.app, {
    synchronous: true,
  });
}

test('"restart App Service": the app goes on with the connection string of before, since App Service caches it', async () => {
  await naive().storageAccounts.delete(resourceGroup, storage.account);
  expect(await isGreen()).toBe(false);

  await replaceAsDocumented();

  const health = await theatre.azure.health(healthUrl);
  expect(health.green).toBe(false);
  expect(health.words).toContain(`storage: Name or service not known (${storage.account}`);
});

test('the plan makes App Service fetch the secret anew before the restart, and the app is green', async () => {
  const { state } = await playCalm(theatre, scenario(replacements, 'deleted'));

  const order = state.plan?.stages.map(({ name }) => name) ?? [];
  expect(order.indexOf('refresh')).toBeGreaterThan(order.indexOf('write-secret'));
  expect(order.indexOf('restart')).toBeGreaterThan(order.indexOf('refresh'));
  expect(await isGreen()).toBe(true);
});

test('after a failover nothing is written into the vault, since address and keys stay: the document does it all the same', async () => {
  const { journal } = await playCalm(theatre, scenario(failovers, 'not copied yet'));

  expect(journal.filter(({ method, url }) => method === 'PUT' && url.includes('/secrets/'))).toEqual([]);
  expect(await isGreen()).toBe(true);
});

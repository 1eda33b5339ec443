import { StorageManagementClient } from '@azure/arm-storage';
import { DefaultAzureCredential } from '@azure/identity';
import { azureAgainst, pointAt } from '../support/azure-against';
import { app, storage, vault } from '../support/demo-estate';
import { startWorld, type World } from '../support/world';
import { asks, begins } from './support/asks';
import { changes, isGreen } from './support/azure';
import { endRuns } from './support/run';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());
afterEach(() => endRuns(world));
beforeEach(() => world.simulator.reset());

const secret = 'StorageConnectionString';
const value = () => world.simulator.vaults.valueOf(vault.vault, secret) ?? '';
const accountOf = (connection: string) => /AccountName=([^;]+)/.exec(connection)?.[1] ?? '';

/** Somebody deletes the account in the portal. */
async function deleteAccount(): Promise<void> {
  pointAt(world.simulator);
  const client = new StorageManagementClient(new DefaultAzureCredential(), storage.subscriptionId);
  await client.storageAccounts.delete(storage.resourceGroup, storage.account);
}

/** What was asked of Resource Manager, with the new account under one name. */
const told = () => changes(world).map((change) => change.replace(/stappreqdemo01i\d+r\d+/, 'NEW'));

test('a deleted account is replaced, and its connection string reaches the app without anybody seeing it', async () => {
  await deleteAccount();
  expect(await isGreen(world)).toBe(false);
  const run = await begins(world, '@dr replace storage', { reason: 'deleted by mistake' });
  const card = await run.gateCard('Megan Bowen', 'begin', 'Approve');
  const words = world.teams.words('Megan Bowen', card);
  expect(words).toMatch(
    /Make the storage account stappreqdemo01i\d+r1 in eastus, and lead App Store for Intune to it\?/,
  );
  expect(words).toContain('stappreqdemo01 is gone with everything in it');
  expect(words).toContain(
    'The new account is empty: packaging jobs in flight must be put into the queue again.',
  );
  await world.teams.press('Megan Bowen', card, 'Approve');
  expect(await run.over()).toBe('completed');

  expect(told()).toEqual([
    'DELETE stappreqdemo01',
    'PUT NEW',
    `POST ${app.app}/config/configreferences/appsettings/refresh`,
    `POST ${app.app}/restart`,
  ]);
  const name = accountOf(value());
  expect(name).toMatch(/^stappreqdemo01i\d+r1$/);
  expect(await azureAgainst(world.simulator).storage.account({ ...storage, account: name })).toMatchObject({
    ...{ sku: 'Standard_GRS', primaryLocation: 'eastus' },
  });
  expect(await isGreen(world)).toBe(true);
  await run.hears(/Change the estate file: storageAccount: stappreqdemo01i\d+r1/);
  const everything = [
    ...[run.reads('Alex Wilber'), run.reads('Megan Bowen'), ...run.entries(), world.bot.log()],
    JSON.stringify(await run.timeline()),
  ].join('\n');
  const [, key = 'no key'] = /AccountKey=([^;]+)/.exec(value()) ?? [];
  expect(everything).not.toContain(key);
});

test('an account that does not answer is replaced in the second region, and going back leads the app to it again', async () => {
  world.simulator.storage.down(storage.account);
  const before = value();
  const asked = await asks(world, '@dr new storage account');
  const form = await asked.find('Alex Wilber', 'Show the plan');
  expect(world.teams.words('Alex Wilber', form)).toMatch(
    /eastus: where the app is, storage does not answer there/,
  );
  const run = await begins(world, '@dr replace storage');
  await run.answers('Megan Bowen', 'begin', 'Approve');
  await run.happens('gate.opened', { stage: 'commit' });
  expect(await isGreen(world)).toBe(true);
  expect(accountOf(value())).not.toBe(storage.account);
  world.simulator.storage.up(storage.account);
  await run.answers('Megan Bowen', 'commit', 'Go back');
  expect(await run.over()).toBe('undone');

  expect(value()).toBe(before);
  expect(await isGreen(world)).toBe(true);
  const fresh = world.simulator.estate()['storageAccounts'] as readonly { name: string; location: string }[];
  expect(fresh.map(({ location }) => location).toSorted()).toEqual(['eastus', 'westus2']);
});

test('a region is taken from the words; an account that Azure does not let the bot make is made when that is mended', async () => {
  await deleteAccount();
  world.simulator.addFault({
    ...{ method: 'PUT', path: 'storageAccounts/stappreqdemo01i', status: 403, code: 'AuthorizationFailed' },
  });
  const run = await begins(world, '@dr replace storage in centralus');
  const { event } = await run.happens('plan.compiled');
  expect(event.plan.title).toMatch(/in centralus$/);
  await run.answers('Megan Bowen', 'begin', 'Approve');
  await run.happens('run.paused');
  await run.hears(/There is no storage account stappreqdemo01i\d+r1/);
  await run.say('Alex Wilber', '@dr retry');

  expect(await run.over()).toBe('completed');
  const name = accountOf(value());
  expect(await azureAgainst(world.simulator).storage.account({ ...storage, account: name })).toMatchObject({
    primaryLocation: 'centralus',
  });
  expect(await isGreen(world)).toBe(true);
});

test('nothing is made when an approver says no', async () => {
  const run = await begins(world, '@dr replace storage');
  const card = await run.gateCard('Megan Bowen', 'begin', 'Reject');
  expect(world.teams.words('Megan Bowen', card)).toContain(
    'Packaging jobs that wait in stappreqdemo01: about 5 in winget-packaging.',
  );
  await run.answers('Megan Bowen', 'begin', 'Reject');

  expect(await run.over()).toBe('rejected');
  expect(changes(world)).toEqual([]);
});

test('a secret that is deleted must be recovered first, and the refusal says how', async () => {
  world.simulator.vaults.deleteSecret(vault.vault, secret);
  const run = await begins(world, '@dr replace storage');

  expect(await run.over()).toBe('refused');
  await run.hears(/@dr recover secret StorageConnectionString/);
});

test('when the vault refuses the new value, people are asked; taking it back leaves the app where it was', async () => {
  const before = value();
  world.simulator.addFault({
    method: 'PUT',
    path: 'vault.azure.net/secrets',
    status: 403,
    code: 'Forbidden',
  });
  const run = await begins(world, '@dr replace storage');
  await run.answers('Megan Bowen', 'begin', 'Approve');
  await run.happens('run.paused');
  await run.hears(/Setting secret .*did not work/);
  await run.say('Alex Wilber', '@dr undo');

  expect(await run.over()).toBe('undone');
  expect(value()).toBe(before);
  expect(await isGreen(world)).toBe(true);
});

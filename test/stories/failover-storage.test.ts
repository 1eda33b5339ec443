import { StorageManagementClient } from '@azure/arm-storage';
import { DefaultAzureCredential } from '@azure/identity';
import { storageAccountId } from '../../src/azure/resource-id';
import { azureAgainst, pointAt } from '../support/azure-against';
import { storage } from '../support/demo-estate';
import { lock } from '../support/lock';
import { startWorld, type World } from '../support/world';
import { asks, begins } from './support/asks';
import { changes, isGreen } from './support/azure';
import { endRuns } from './support/run';
import { expectThread } from './support/thread';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());
afterEach(() => endRuns(world));
beforeEach(() => world.simulator.reset());

const account = () => azureAgainst(world.simulator).storage.account(storage);
const failover = `POST ${storage.account}/failover`;
const copying = `PATCH ${storage.account}`;

/** The account as somebody in the portal would leave it: with no second region. */
async function inOneRegion(): Promise<void> {
  pointAt(world.simulator);
  const client = new StorageManagementClient(new DefaultAzureCredential(), storage.subscriptionId);
  await client.storageAccounts.update(storage.resourceGroup, storage.account, {
    sku: { name: 'Standard_LRS' },
  });
}

test('an account that does not answer is failed over with its loss said first, and gets its second copy again', async () => {
  world.simulator.storage.down(storage.account);
  expect(await isGreen(world)).toBe(false);
  const asked = await asks(world, '@dr failover storage');
  const form = await asked.find('Alex Wilber', 'Show the plan');
  const shown = world.teams.words('Alex Wilber', form);
  expect(shown).toMatch(/eastus \(primary, does not answer\) and westus \(answers\)/);
  expect(shown).toMatch(/Copied up to {2}\n.* · \S+Z · 7 minutes ago/);
  expect(shown).toMatch(/Unplanned: loses up to 8 minutes of writes\. One region afterwards/);
  expect(shown).not.toMatch(/Planned: both regions answer/);
  const run = await begins(world, '@dr fail over storage', { reason: 'packaging fails' });
  const card = await run.gateCard('Megan Bowen', 'begin', 'Approve');
  const words = world.teams.words('Megan Bowen', card);
  expect(words).toContain('Fail stappreqdemo01 over to westus now, and lose what was not copied?');
  expect(words).toMatch(
    /Up to 8 minutes of writes, for good: everything written after \S+Z, Azure's Last Sync Time/,
  );
  expect(words).toContain('Afterwards the account is locally redundant (Standard_LRS): in westus alone');
  expect(words).toMatch(/What was not copied to westus is lost with the switch/);
  await world.teams.press('Megan Bowen', card, 'Approve');
  const asksAgain = await run.gateCard('Alex Wilber', 'copy-again', 'Leave it unprotected');
  expect(world.teams.buttons('Alex Wilber', asksAgain)).not.toContain('Copy it now');
  await run.answers('Megan Bowen', 'copy-again', 'Copy it now');
  expect(await run.over()).toBe('completed');

  expect(changes(world)).toEqual([failover, copying]);
  expect(await account()).toMatchObject({
    ...{ primaryLocation: 'westus', secondaryLocation: 'eastus', sku: 'Standard_GRS' },
    replication: { status: 'Live' },
  });
  expect(await isGreen(world)).toBe(true);
  await expectThread(world, run, [
    /Alex Wilber · Opened the incident/,
    /Alex Wilber · Asked: Fail over the storage account/,
    /dr-bot · Plan \w{8} is ready, version 1/,
    /Megan Bowen · .*“Approve”/,
    /dr-bot · Approval to fail over/,
    /✓ Fail stappreqdemo01 over from eastus to westus/,
    /✓ Check that /,
    /✓ Check that /,
    /✓ Wait until .* is green/,
    /✓ Recovered/,
    /Megan Bowen · .*“Copy it now”/,
    /dr-bot · Make it geo-redundant again/,
    /✓ Make stappreqdemo01 geo-redundant .* again/,
    /✓ Check that stappreqdemo01 has its second copy/,
    /■ The run is over \(completed\)/,
  ]);
});

test('while both regions answer it is planned: nothing is lost, and failing back takes it back', async () => {
  const run = await begins(world, '@dr storage failover');
  const card = await run.gateCard('Megan Bowen', 'begin', 'Approve');
  const words = world.teams.words('Megan Bowen', card);
  expect(words).toContain('Move stappreqdemo01 from eastus to westus, without loss?');
  expect(words).toContain('None: Azure copies everything before it swaps the regions.');
  await world.teams.press('Megan Bowen', card, 'Approve');
  await run.answers('Megan Bowen', 'commit', 'Fail back');
  expect(await run.over()).toBe('undone');

  expect(changes(world)).toEqual([failover, failover]);
  expect(await account()).toMatchObject({ primaryLocation: 'eastus', sku: 'Standard_GRS' });
});

test('a planned failover that was asked for in words is refused while the primary is away, and a button asks for what would work', async () => {
  const asked = await asks(world, '@dr failover storage planned');
  await asked.find('Alex Wilber', 'Show the plan');
  world.simulator.storage.down(storage.account);
  await asked.press('Alex Wilber', 'Show the plan', { how: 'planned' });
  await asked.hears(/A planned failover needs both regions/);
  expect(changes(world)).toEqual([]);

  await asked.hears(/What would work instead/);
  await asked.press('Alex Wilber', 'Fail over unplanned');
  const form = await asked.find('Alex Wilber', 'Show the plan');
  await world.teams.press('Alex Wilber', form, 'Show the plan');
  const card = await asked.find('Megan Bowen', 'Approve');
  expect(world.teams.words('Megan Bowen', card)).toContain('lose what was not copied?');
  await world.teams.press('Megan Bowen', card, 'Reject: stop the run', { reason: 'only looking' });
  await asked.hears(/The run is over \(rejected\)/);
});

test('an account in one region is not failed over: the form says why, and what to ask for instead', async () => {
  await inOneRegion();
  const asked = await asks(world, '@dr failover storage');
  await asked.hears(/No failover now: .*has no copy in a second region.*"@dr replace storage"/s);
});

test('nothing is done when an approver says no', async () => {
  const run = await begins(world, '@dr failover storage');
  await run.answers('Megan Bowen', 'begin', 'Reject', { reason: 'wait an hour' });

  expect(await run.over()).toBe('rejected');
  expect(changes(world)).toEqual([]);
});

test('a lock that forbids it is told before anybody is asked', async () => {
  pointAt(world.simulator);
  await lock(storageAccountId(storage), 'frozen-by-audit', 'ReadOnly');
  const run = await begins(world, '@dr failover storage');

  expect(await run.over()).toBe('refused');
  await run.hears(/frozen-by-audit.*forbids failing stappreqdemo01 over/s);
});

test('when the primary goes away under an approved planned failover, the votes are void and the new plan quotes the loss', async () => {
  const run = await begins(world, '@dr failover storage');
  await run.gateCard('Megan Bowen', 'begin', 'Approve');
  world.simulator.storage.down(storage.account);
  await run.answers('Megan Bowen', 'begin', 'Approve');

  await run.happens('plan.drifted');
  const { event } = await run.happens('plan.compiled', { nth: 2 });
  expect(event.plan.title).toContain('unplanned');
  expect(event.plan.loss.minutes).toBeGreaterThan(6);
  expect(changes(world)).toEqual([]);
});

test('a failover that Azure cannot do is put before people with what is true, and works when it is tried again', async () => {
  world.simulator.storage.down(storage.account);
  const fail = { code: 'InternalError', message: 'The cluster in westus could not take over.' };
  world.simulator.addFault({ method: 'POST', path: '/failover', lro: { fail } });
  const run = await begins(world, '@dr failover storage');
  await run.answers('Megan Bowen', 'begin', 'Approve');
  await run.happens('run.paused');
  await run.hears(/The cluster in westus could not take over/);
  await run.hears(/stappreqdemo01 is geo-redundant .*, in eastus \(primary, does not answer\)/);
  await run.say('Alex Wilber', '@dr retry');
  await run.answers('Alex Wilber', 'copy-again', 'Leave it unprotected');

  expect(await run.over()).toBe('completed');
  expect(changes(world)).toEqual([failover, failover]);
  expect(await account()).toMatchObject({ primaryLocation: 'westus', sku: 'Standard_LRS' });
  expect(await isGreen(world)).toBe(true);
});

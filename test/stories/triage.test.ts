import { WebSiteManagementClient } from '@azure/arm-appservice';
import { DefaultAzureCredential } from '@azure/identity';
import { pointAt } from '../support/azure-against';
import { type Conversation, conversationIn, type Name } from '../support/conversation';
import { app } from '../support/demo-estate';
import { startWorld, type World } from '../support/world';
import { changes, deleteByHand } from './support/azure';
import { endRuns, restores, runIn } from './support/run';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());
afterEach(async () => {
  world.simulator.setLatency(0);
  await endRuns(world);
});
beforeEach(() => world.simulator.reset());

/** Somebody says something in a channel of its own. */
async function says(text: string, person: Name = 'Alex Wilber'): Promise<Conversation> {
  const { thread } = await world.teams.say(person, text, { conversation: world.freshChannel() });
  return conversationIn(world, thread);
}

/** Opens the form that the triage recommends, and gives what stands on it. */
async function opens(triage: Conversation, person: Name = 'Alex Wilber'): Promise<string> {
  await triage.press(person, 'Open this recovery');
  const form = await triage.find(person, 'Show the plan');
  return JSON.stringify(world.teams.view(person, form));
}

const client = () => {
  pointAt(world.simulator);
  return new WebSiteManagementClient(new DefaultAzureCredential(), app.subscriptionId);
};
const stopApp = () => client().webApps.stop(app.resourceGroup, app.app);

/** A change of the settings makes App Service read its references anew. */
async function touchSettings(): Promise<void> {
  const { webApps } = client();
  const { properties = {} } = await webApps.listApplicationSettings(app.resourceGroup, app.app);
  await webApps.updateApplicationSettings(app.resourceGroup, app.app, {
    properties: { ...properties, TOUCHED: 'yes' },
  });
}

test('a triage says at once that it looks, and then what it saw, each with its time', async () => {
  const asked = await says('@dr triage');
  await asked.hears(/Looking at App Store for Intune…|The app works/);

  await asked.hears(/The app works as far as the bot can see/);
  const read = asked.reads('Alex Wilber');
  for (const one of ['App', 'Sign-in', 'Key Vault', 'Database', 'Storage', 'Region', 'Recent changes'])
    expect(read).toContain(one);
  expect(read.match(/\d\d:\d\d:\d\dZ/g)?.length).toBeGreaterThanOrEqual(8);
});

test('a healthy app with right data needs nothing, and nothing is offered', async () => {
  const asked = await says('@dr what is wrong');

  await asked.press('Isaiah Langer', 'Yes, it is right');

  await world.teams.waitFor(() => /No recovery is needed/.test(asked.reads('Alex Wilber')), 5_000);
  expect(asked.reads('Alex Wilber')).toContain('Isaiah Langer');
  await expect(asked.find('Alex Wilber', 'Open this recovery', 300)).rejects.toThrow();
  expect(changes(world)).toEqual([]);
});

test('the answer of one person is on the card of everybody, and can be asked again', async () => {
  const asked = await says('@dr triage');
  await asked.press('Megan Bowen', 'Not sure');
  await asked.hears(/Find out first, and change nothing until then/);

  await asked.press('Alex Wilber', 'Ask again: Is the data right?');

  await asked.find('Alex Wilber', 'No, data is missing or wrong');
});

test('a button that two people press at once counts once, and both see the card as it is then', async () => {
  const asked = await says('@dr triage');
  const card = await asked.find('Alex Wilber', 'Not sure');

  const answers = await Promise.all(
    (['Alex Wilber', 'Megan Bowen'] as const).map((person) => world.teams.press(person, card, 'Not sure')),
  );

  for (const { body } of answers) expect(JSON.stringify(body)).toContain('Find out first');
  await asked.hears(/Find out first/);
  expect(asked.reads('Alex Wilber').match(/What people said/g)).toHaveLength(1);
});

test('words that state a loss answer the question in that person’s name, and open the restore', async () => {
  const asked = await says('@dr help!!! data is gone');

  await asked.hears(/Scenario 1: Data deletion/);
  expect(asked.reads('Alex Wilber')).toMatch(/Alex Wilber wrote it, \d\d:\d\d:\d\dZ/);
  expect(await opens(asked)).toContain('AppRequestPortal');
});

test('a deleted secret is found before the app falls over it, and its recovery opens filled in', async () => {
  world.simulator.vaults.deleteSecret('kv-appreq-demo01', 'AzureAdClientSecret');

  const asked = await says('@dr users cannot sign in');

  await asked.hears(/Recover the secret AzureAdClientSecret \(Scenario 2: Key Vault secret lost\)/);
  expect(await opens(asked)).toContain('AzureAdClientSecret');
});

test('a secret that took the app down is found', async () => {
  world.simulator.vaults.deleteSecret('kv-appreq-demo01', 'SqlConnectionString');
  await touchSettings();

  const asked = await says('@dr the app is down');

  await asked.hears(/Recover the secret SqlConnectionString/);
});

test('a deleted vault is found', async () => {
  world.simulator.vaults.deleteVault('kv-appreq-demo01');

  const asked = await says('@dr help, the app is down');

  await asked.hears(/Recover the Key Vault kv-appreq-demo01/);
  expect(await opens(asked)).toContain('kv-appreq-demo01');
});

test('a deleted database is found among the deleted ones', async () => {
  await deleteByHand(world);

  const asked = await says('@dr the site is down!!');

  await asked.hears(/Restore the deleted database AppRequestPortal/);
  expect(await opens(asked)).toContain('AppRequestPortal');
});

test('storage that is down leads to its failover', async () => {
  world.simulator.storage.down('stappreqdemo01');

  const asked = await says('@dr triage');

  await asked.hears(/Fail over the storage account stappreqdemo01 \(Scenario 4: Storage account\)/);
  expect(await opens(asked)).toContain('stappreqdemo01');
});

test('a region that is down leads to its failover', async () => {
  world.simulator.regionDown('eastus');

  const asked = await says('@dr everything is down');

  await asked.hears(/Fail over from eastus to westus2 \(Scenario 3: Region failure\)/);
  expect(await opens(asked)).toContain('westus2');
});

test('a bad release leads to a rollback with the version before it', async () => {
  world.simulator.deploy('apprequest-prod-demo01', '1.34.1');

  const asked = await says('@dr the app crashes');

  await asked.hears(/Roll App Store for Intune back from 1\.34\.1 \(Scenario 5: Bad deployment\)/);
  expect(await opens(asked)).toContain('1.34.0');
});

test('an app that somebody stopped is not recovered but started, and “Look again” sees that it was', async () => {
  await stopApp();
  const asked = await says('@dr triage');
  await asked.hears(/Start apprequest-prod-demo01 again/);

  await client().webApps.start(app.resourceGroup, app.app);
  await asked.press('Isaiah Langer', 'Look again');

  await asked.hears(/The app works as far as the bot can see/);
});

test('an outage of sign-in is told from a failure of the app', async () => {
  world.simulator.addFault({ path: 'openid-configuration', status: 503, times: 99 });

  const asked = await says('@dr login does not work');

  await asked.hears(/Wait for Microsoft's sign-in: nothing of the app's is broken/);
});

test('Azure that hangs does not keep the card from coming within ten seconds', async () => {
  world.simulator.setLatency(60_000);
  const begun = Date.now();

  const asked = await says('@dr triage');

  await asked.hears(/What was seen/);
  expect(Date.now() - begun).toBeLessThan(11_000);
  expect(asked.reads('Alex Wilber')).toContain('did not answer in time');
  expect(asked.reads('Alex Wilber')).not.toContain('Fail over');
}, 30_000);

test('who may only look may triage and answer, but not start a recovery', async () => {
  world.simulator.vaults.deleteSecret('kv-appreq-demo01', 'AzureAdClientSecret');
  const asked = await says('@dr triage', 'Isaiah Langer');
  await asked.hears(/Recover the secret AzureAdClientSecret/);

  const card = await asked.find('Isaiah Langer', 'Open this recovery');
  const { body } = await world.teams.press('Isaiah Langer', card, 'Open this recovery');

  expect(JSON.stringify(body)).toMatch(/Only a responder or an approver may do this/);
  expect(await opens(asked)).toContain('AzureAdClientSecret');
  expect(await opens(asked, 'Megan Bowen')).toContain('AzureAdClientSecret');
});

test('what a triage saw is kept on the timeline of the incident in whose thread it was asked for', async () => {
  const run = await restores(world);
  await run.gateCard('Megan Bowen', 'begin', 'Approve');
  await run.say('Alex Wilber', '@dr triage');
  await run.press('Alex Wilber', 'No, data is missing or wrong');

  const first = await run.happens('triage.made');
  const second = await run.happens('triage.made', { nth: 2 });

  expect(first.event).toMatchObject({
    verdict: 'The app works as far as the bot can see',
    runbook: null,
    answers: [],
  });
  expect(first.event.findings).toHaveLength(8);
  expect(second.event).toMatchObject({
    runbook: 'restore-database',
    answers: [{ question: 'Is the data right?', answer: 'no', by: 'Alex Wilber' }],
  });
});

test('the triage that led to a run is the first thing that its incident remembers of the cause', async () => {
  world.simulator.vaults.deleteSecret('kv-appreq-demo01', 'AzureAdClientSecret');
  const asked = await says('@dr users cannot sign in');
  await opens(asked);
  await asked.press('Alex Wilber', 'Show the plan');

  const run = await runIn(world, asked.thread);
  const { event, actor } = await run.happens('triage.made');

  expect(actor).toMatchObject({ name: 'Alex Wilber' });
  expect(event).toMatchObject({
    runbook: 'recover-secret',
    verdict: 'Recover the secret AzureAdClientSecret',
  });
  expect(event.findings[0]).toMatchObject({ what: 'Key Vault', mark: 'broken' });
  expect(event.answers).toEqual([{ question: 'Can users sign in?', answer: 'no', by: 'Alex Wilber' }]);
});

test('words that may be trouble are offered a look, and help stays help', async () => {
  const unsure = await says('@dr something is strange today');
  await unsure.press('Alex Wilber', 'Yes, look');
  await unsure.hears(/The app works as far as the bot can see/);

  const help = await says('@dr help');
  await help.hears(/@dr triage/);
  expect(help.reads('Alex Wilber')).not.toContain('Looking at');
});

test('a triage that the bot was killed in is finished by the next start', async () => {
  world.simulator.setLatency(1_500);
  const asked = await says('@dr triage');
  await asked.hears(/Looking at App Store for Intune…/);
  await world.bot.kill();
  world.simulator.setLatency(0);

  await world.bot.start();

  await asked.hears(/The app works as far as the bot can see/);
  expect(asked.reads('Alex Wilber').match(/Triage of App Store/g)).toHaveLength(1);
}, 60_000);

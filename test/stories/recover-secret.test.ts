import { conversationIn } from '../support/conversation';
import { vault } from '../support/demo-estate';
import { startWorld, type World } from '../support/world';
import { isGreen } from './support/azure';
import { endRuns } from './support/run';
import { lose, recovers, takeUp } from './support/secrets';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());
afterEach(() => endRuns(world));
beforeEach(() => {
  world.simulator.reset();
  world.simulator.setSpeed(6_000);
});

const changes = () =>
  world.simulator
    .journal()
    .filter(({ method, url }) => method !== 'GET' && !/oauth2|\/list/.test(url))
    .filter(({ status }) => status !== null && status < 400)
    .map(({ method, url }) => `${method} ${new URL(url).pathname.split('/').slice(-2).join('/')}`);

test('a deleted secret is recovered, the app fetches it anew, is restarted, and is green', async () => {
  await lose(world, 'AzureAdClientSecret');
  expect(await isGreen(world)).toBe(false);
  const before = changes().length;
  const run = await recovers(world, '@dr recover secret AzureAdClientSecret');
  const card = await run.gateCard('Megan Bowen', 'approve', 'Approve');
  const words = world.teams.words('Megan Bowen', card);
  expect(words).toContain('Recover AzureAdClientSecret, and restart apprequest-prod-demo01?');
  expect(words).toMatch(
    /AzureAdClientSecret was deleted \S+ \d\d:\d\dZ\. It can be recovered until \S+ \d\d:\d\dZ/,
  );

  await run.answers('Megan Bowen', 'approve', 'Approve');
  expect(await run.over()).toBe('completed');
  expect(changes().slice(before)).toEqual([
    'POST AzureAdClientSecret/recover',
    'POST appsettings/refresh',
    'POST apprequest-prod-demo01/restart',
  ]);
  expect(await isGreen(world)).toBe(true);
  const checked = await run.happens('check.passed', { stage: 'resolved' });
  expect(checked.event.findings).toMatchObject([
    { what: 'Key Vault reference AzureAd__ClientSecret', found: 'Resolved', ok: true },
  ]);
  // The whole run, from the first reading to the last check, never asked for the value of a secret.
  const reads = world.simulator
    .journal()
    .filter(({ method, url }) => method === 'GET' && /vault\.azure\.net\/secrets\/./.test(url));
  expect(reads.filter(({ url }) => !/\/versions\?/.test(url))).toEqual([]);
});

test('a rejected recovery changes nothing', async () => {
  await lose(world, 'AzureAdClientSecret');
  const before = changes().length;
  const run = await recovers(world, '@dr recover secret AzureAdClientSecret');
  await run.answers('Megan Bowen', 'approve', 'Reject');
  expect(await run.over()).toBe('rejected');
  expect(changes().slice(before)).toEqual([]);
});

test('a deleted vault is recovered with its secrets, and its app may read it again', async () => {
  world.simulator.vaults.deleteVault(vault.vault);
  await takeUp(world);
  expect(await isGreen(world)).toBe(false);
  const before = changes().length;
  const run = await recovers(world, '@dr recover vault');
  expect(world.teams.words('Megan Bowen', await run.gateCard('Megan Bowen', 'approve', 'Approve'))).toMatch(
    /comes back without the role assignments/,
  );
  await run.answers('Megan Bowen', 'approve', 'Approve');
  expect(await run.over()).toBe('completed');
  expect(await isGreen(world)).toBe(true);
  expect(changes().slice(before)).toEqual([
    'PUT vaults/kv-appreq-demo01',
    expect.stringMatching(/^PUT roleAssignments\//),
    'POST appsettings/refresh',
    'POST apprequest-prod-demo01/restart',
  ]);
});

test('a purged password of the Entra application is made anew and stored unseen', async () => {
  await lose(world, 'AzureAdClientSecret', 'purgeSecret');
  const run = await recovers(world, '@dr recover secret AzureAdClientSecret');
  await run.answers('Megan Bowen', 'approve', 'Approve');
  expect(await run.over()).toBe('completed');
  expect(await isGreen(world)).toBe(true);
  const value = world.simulator.vaults.valueOf(vault.vault, 'AzureAdClientSecret') ?? '';
  expect(value).toMatch(/^\S{30,}$/);
  expect(JSON.stringify(await run.timeline())).not.toContain(value);
  expect(world.bot.log()).not.toContain(value);
  await run.hears(/keeps its older passwords/);
});

test('the form lists what is deleted and until when, and what was purged', async () => {
  await lose(world, 'StorageConnectionString');
  await lose(world, 'SqlConnectionString', 'purgeSecret');
  const { thread } = await world.teams.say('Alex Wilber', '@dr recover secret', {
    conversation: world.freshChannel(),
  });
  const asked = conversationIn(world, thread);
  const form = await asked.find('Alex Wilber', 'Show the plan');
  const card = JSON.stringify(world.teams.view('Alex Wilber', form));
  expect(card).toMatch(
    /StorageConnectionString \(deleted \S+ \d\d:\d\dZ, recoverable until \S+ \d\d:\d\dZ, 6 days\)/,
  );
  expect(card).toContain('SqlConnectionString (purged: it needs a new value)');
  expect(card).toContain('AzureAdClientSecret (there)');
});

test.each([
  [
    'a secret that is there',
    'AzureAdClientSecret',
    /every setting that refers to it is Resolved, and the app is green/,
  ],
  [
    'a name that nobody knows',
    'AzureAdClientSekret',
    /has no secret "AzureAdClientSekret"[\s\S]*Check the name/,
  ],
  ['what cannot be a name', 'Azure_Ad!', /letters, digits and - only/],
])('%s is refused, saying why', async (_, secret, why) => {
  const { thread } = await world.teams.say('Alex Wilber', `@dr recover secret ${secret}`, {
    conversation: world.freshChannel(),
  });
  const asked = conversationIn(world, thread);
  await asked.press('Alex Wilber', 'Show the plan');
  await asked.hears(why);
});

test('a vault that the bot may not use stops the plan, naming the right that is missing', async () => {
  world.simulator.addFault({
    path: `${vault.vault}.vault.azure.net/deletedsecrets`,
    status: 403,
    times: 100,
    code: 'ForbiddenByRbac',
    message: 'Caller is not authorized to perform action on resource.',
  });
  const { thread } = await world.teams.say('Alex Wilber', '@dr recover secret AzureAdClientSecret', {
    conversation: world.freshChannel(),
  });
  const asked = conversationIn(world, thread);
  await asked.hears(/role "dr-bot secrets" from infra/);
  await asked.press('Alex Wilber', 'Show the plan');
  await asked.hears(/Refused: no plan could be made[\s\S]*dr-bot secrets/);
});

test('a vault is not recovered for an app that Azure does not show, since nobody knows whom it must let read', async () => {
  world.simulator.vaults.deleteVault(vault.vault);
  world.simulator.addFault({ method: 'GET', path: 'sites/apprequest-prod-demo01$', status: 404, times: 99 });
  const { thread } = await world.teams.say('Alex Wilber', '@dr recover vault', {
    conversation: world.freshChannel(),
  });
  const asked = conversationIn(world, thread);
  await asked.press('Alex Wilber', 'Show the plan');
  await asked.hears(
    /Azure shows no app "apprequest-prod-demo01".*whom the vault must let read is not known/s,
  );
  expect(changes()).toEqual([]);
});

test('a recovery that Azure refuses pauses with what is true, and a retry ends it', async () => {
  await lose(world, 'AzureAdClientSecret');
  world.simulator.addFault({ method: 'POST', path: '/recover', status: 403, code: 'Forbidden' });
  const run = await recovers(world, '@dr recover secret AzureAdClientSecret');
  await run.answers('Megan Bowen', 'approve', 'Approve');
  const paused = await run.happens('run.paused');
  expect(paused.event.truth.join(' ')).toMatch(/AzureAdClientSecret is deleted; it can be recovered until/);
  world.simulator.clearFaults();
  await run.say('Alex Wilber', '@dr retry');
  expect(await run.over()).toBe('completed');
  expect(await isGreen(world)).toBe(true);
});

import { azureAgainst } from '../support/azure-against';
import { conversationIn } from '../support/conversation';
import { app, healthUrl } from '../support/demo-estate';
import { startWorld, type World } from '../support/world';
import { changes, databases, isGreen } from './support/azure';
import { endRuns, type Run, runIn } from './support/run';
import { expectThread } from './support/thread';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());
afterEach(() => endRuns(world));
beforeEach(() => world.simulator.reset());

async function asks(text: string) {
  const { thread } = await world.teams.say('Alex Wilber', text, { conversation: world.freshChannel() });
  return conversationIn(world, thread);
}

/** Alex asks for a rollback and sends the form. */
async function rollsBack(text: string, inputs: Readonly<Record<string, string>> = {}): Promise<Run> {
  const asked = await asks(text);
  await asked.press('Alex Wilber', 'Show the plan', inputs);
  return runIn(world, asked.thread);
}

const answering = async () => (await azureAgainst(world.simulator).web.report(healthUrl)).version;
const settings = () => azureAgainst(world.simulator).web.settings(app);
const setting = `PUT ${app.app}/config/appsettings`;
const restarting = `POST ${app.app}/restart`;

test('a bad release is taken back to the version that was asked for, and kept', async () => {
  world.simulator.deploy(app.app, '1.34.1');
  expect(await isGreen(world)).toBe(false);
  const before = await settings();
  const run = await rollsBack('@dr rollback app to 1.33.0', { reason: 'crashes since noon' });
  const card = await run.gateCard('Megan Bowen', 'begin', 'Approve');
  const words = world.teams.words('Megan Bowen', card);
  expect(words).toContain('Take App Store for Intune back from 1.34.1 to 1.33.0?');
  expect(words).toContain('Check that the 5 other settings are untouched');
  await run.answers('Megan Bowen', 'begin', 'Approve');
  await run.answers('Alex Wilber', 'commit', 'Keep');
  expect(await run.over()).toBe('completed');

  expect(changes(world)).toEqual([setting, restarting]);
  expect(await answering()).toBe('1.33.0');
  expect(await isGreen(world)).toBe(true);
  const after = await settings();
  expect(after?.others).toBe(before?.others);
  expect(after?.names).toEqual(before?.names);
  await expectThread(world, run, [
    /Alex Wilber · Opened the incident/,
    /Alex Wilber · Asked: Roll back the app/,
    /dr-bot · Plan \w{8} is ready, version 1/,
    /Megan Bowen · .*“Approve”/,
    /dr-bot · Approval to begin/,
    /✓ Set the package from 1\.34\.1 to 1\.33\.0/,
    /✓ Check that the \d+ other settings are untouched/,
    /✓ Restart apprequest-prod-demo01/,
    /✓ Wait until 1\.33\.0 answers/,
    /✓ Wait until .* is green/,
    /✓ Recovered/,
    /Alex Wilber · .*“Keep”/,
    /dr-bot · Keep or put back/,
    /■ The run is over \(completed\)/,
  ]);
});

test('where the release has moved the schema, the database goes back with the app in one run', async () => {
  world.simulator.deploy(app.app, '1.35.0', 20);
  const asked = await asks('@dr roll back app to 1.34.0');
  const form = await asked.find('Alex Wilber', 'Show the plan');
  const shown = world.teams.words('Alex Wilber', form);
  expect(shown).toMatch(/1\.34\.0 · with its database · latest · 2026-04-20 · schema 42/);
  expect(shown).toMatch(/just before release-pipeline@contoso\.onmicrosoft\.com changed the settings/);
  await world.teams.press('Alex Wilber', form, 'Show the plan');
  const run = await runIn(world, asked.thread);
  await run.answers('Megan Bowen', 'begin', 'Approve');
  await run.answers('Adele Vance', 'swap', 'Approve');
  await run.answers('Alex Wilber', 'commit', 'Keep');
  expect(await run.over()).toBe('completed');
  expect(await azureAgainst(world.simulator).web.report(healthUrl)).toMatchObject({
    ...{ green: true, version: '1.34.0', schema: 42 },
  });
  expect(databases(world)).toHaveLength(2);
});

test('a package alone that cannot turn green on a newer schema is refused before anything is changed, with what works', async () => {
  world.simulator.deploy(app.app, '1.35.0', 20);
  const run = await rollsBack('@dr rollback app to 1.34.0', { data: 'keep' });
  expect(await run.over()).toBe('refused');
  await run.hears(
    /schema 43, and 1\.34\.0 works on 42 .*Ask again with the database of .*, just before the last deployment/,
  );
  expect(changes(world)).toEqual([]);
});

test('a version that the host does not have is not offered, and the ones that it has are', async () => {
  const asked = await asks('@dr rollback app to 1.32.1');
  const form = await asked.find('Alex Wilber', 'Show the plan');
  const shown = world.teams.words('Alex Wilber', form);
  expect(shown).toMatch(/The package host has no version 1\.32\.1\./);
  expect(shown).toContain('1.33.0 · latest');
});

test('of a version whose file cannot be asked for, nobody says that the host does not have it', async () => {
  world.simulator.addFault({ method: 'HEAD', path: 'AppRequestPortal-1.34.0.zip', status: 403, times: 99 });
  const asked = await asks('@dr rollback app to 1.34.0');
  const form = await asked.find('Alex Wilber', 'Show the plan');
  const shown = world.teams.words('Alex Wilber', form);
  expect(shown).toMatch(/Whether the package host has version 1\.34\.0 is not known/);
  expect(shown).toMatch(/1\.34\.0 \(latest\) is not offered/);
});

test('an app that runs a local archive gets no button, and the reason', async () => {
  await azureAgainst(world.simulator).web.settings(app);
  world.simulator.deploy(app.app, '1.34.1');
  world.simulator.addFault({
    method: 'POST',
    path: 'appsettings/list',
    status: 403,
    code: 'AuthorizationFailed',
    times: 9,
  });
  const asked = await asks('@dr rollback app');
  await asked.hears(/Give the bot's identity the role/);
  expect(asked.reads('Alex Wilber')).not.toContain('Show the plan');
});

test('a rejected rollback changes nothing', async () => {
  world.simulator.deploy(app.app, '1.34.1');
  const run = await rollsBack('@dr rollback app to 1.34.0');
  await run.answers('Megan Bowen', 'begin', 'Reject', { reason: 'it is the network' });
  expect(await run.over()).toBe('rejected');
  expect(changes(world)).toEqual([]);
  expect(await answering()).toBe('1.34.1');
});

test('somebody who deploys while people decide voids their answers', async () => {
  world.simulator.deploy(app.app, '1.34.1');
  const run = await rollsBack('@dr rollback app to 1.33.0');
  await run.happens('gate.opened', { stage: 'begin' });
  world.simulator.deploy(app.app, '1.35.0');
  await run.answers('Megan Bowen', 'begin', 'Approve');
  const { event } = await run.happens('plan.drifted');
  expect(JSON.stringify(event.changes)).toMatch(/AppRequestPortal-1\.35\.0\.zip|schema 43/);
  expect(changes(world)).toEqual([]);
});

test('a version that does not turn green pauses the run; undo puts the very package back, untouched settings and all', async () => {
  const before = await settings();
  const run = await rollsBack('@dr rollback app to 1.34.1');
  await run.answers('Megan Bowen', 'begin', 'Approve');
  const { event } = await run.happens('run.paused', { stage: 'healthy' });
  expect(event.truth.join('\n')).toMatch(
    /is set to run 1\.34\.1\.[\s\S]*1\.34\.1 answers[\s\S]*Unhandled exception/,
  );
  await run.say('Alex Wilber', '@dr undo');
  expect(await run.over()).toBe('undone');
  expect(await answering()).toBe('1.34.0');
  expect(await settings()).toEqual(before);
  expect(await isGreen(world)).toBe(true);
});

test('put back within the commit window, the app runs what it ran', async () => {
  const run = await rollsBack('@dr rollback app to 1.33.0');
  await run.answers('Megan Bowen', 'begin', 'Approve');
  await run.answers('Adele Vance', 'commit', 'Put back', { reason: 'it was not the version' });
  expect(await run.over()).toBe('undone');
  expect(await answering()).toBe('1.34.0');
});

test('a refusal of Azure pauses the run before anything is changed, and a retry goes on', async () => {
  world.simulator.deploy(app.app, '1.34.1');
  const run = await rollsBack('@dr rollback app to 1.34.0');
  await run.happens('gate.opened', { stage: 'begin' });
  world.simulator.addFault({
    method: 'PUT',
    path: 'config/appsettings',
    status: 403,
    code: 'AuthorizationFailed',
    message: 'No.',
  });
  await run.answers('Megan Bowen', 'begin', 'Approve');
  await run.happens('run.paused', { stage: 'set-package' });
  expect(await answering()).toBe('1.34.1');
  await run.say('Alex Wilber', '@dr retry');
  await run.answers('Alex Wilber', 'commit', 'Keep');
  expect(await run.over()).toBe('completed');
  expect(await answering()).toBe('1.34.0');
});

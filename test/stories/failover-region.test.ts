import { seedValue } from '../../src/simulator/seed-value';
import { azureAgainst } from '../support/azure-against';
import { production } from '../support/demo-estate';
import { drGroup, drHealthUrl } from '../support/demo-region';
import { startWorld, type World } from '../support/world';
import { asks, begins } from './support/asks';
import { databases, isGreen } from './support/azure';
import { endRuns, type Run } from './support/run';

let world: World;
beforeAll(async () => {
  world = await startWorld({
    // The region takes a minute of Azure's time to turn green: a hundredth of a second here.
    estate: ({ apps }) => {
      for (const app of apps) app.healthWithinMinutes = 0.2;
    },
  });
});
afterAll(() => world.close());
afterEach(() => endRuns(world));
beforeEach(() => world.simulator.reset());

const command = '@dr failover region to westus2';
const azure = () => azureAgainst(world.simulator);
const gate = 'fail-over-gate';
const there = () => databases(world, 'sql-apprequest-dr-demo01');
const at = (told: { readonly happenedAt: string }): number => Date.parse(told.happenedAt);

/** Everybody says yes until the app is green in the second region. */
async function recovers(run: Run): Promise<void> {
  await run.answers('Megan Bowen', gate, 'Approve');
  await run.happens('gate.opened', { stage: 'commit' });
}

/** Alex keeps it there, which ends the run. */
async function stays(run: Run): Promise<void> {
  await run.answers('Alex Wilber', 'commit', 'Stay');
  expect(await run.over()).toBe('completed');
}

test('a lost region is rebuilt in the other one, its loss said first, and the app is green there', async () => {
  world.simulator.regionDown('eastus');
  expect(await isGreen(world)).toBe(false);

  const run = await begins(world, command, { reason: 'eastus is gone' });
  const card = await run.gateCard('Megan Bowen', gate, 'Approve');
  const words = world.teams.words('Megan Bowen', card);
  expect(words).toContain('Bring App Store for Intune up in westus2 on its newest geo-backup?');
  expect(words).toMatch(/minutes at most: everything written after \S+Z, the newest geo-backup/);
  expect(words).toContain('Azure promises no better than an hour when a region is lost');
  expect(words).toContain('Nothing is in apprequest-dr yet');
  expect(words).toMatch(/15 min · beside \d+/);
  expect(words).not.toContain('GREEN in eastus');
  await recovers(run);
  await stays(run);

  expect(await azure().health(drHealthUrl)).toMatchObject({ green: true });
  expect(there().map(({ name }) => name.replace(/-inc.*/, ''))).toEqual([production, `${production}-aside`]);
  expect(there()[0]?.requests).toBeGreaterThan(1_000);
});

test('a template whose host does not answer is told to approvers: what was asked, for how long, and what that means', async () => {
  world.simulator.regionDown('eastus');
  world.simulator.addFault({ path: 'azuredeploy.json', delayMs: 15_000, times: 9 });

  const run = await begins(world, command);
  const card = await run.gateCard('Megan Bowen', gate, 'Approve');

  const words = world.teams.words('Megan Bowen', card);
  expect(words).toMatch(/Reading the file https:\S+azuredeploy\.json did not work: no answer within 10 s/);
  expect(words).toContain('Azure may be able to read it; then what it makes is checked before it is made.');
  expect(words).not.toMatch(/abort/i);
  await world.teams.press('Megan Bowen', card, 'Reject: stop the run', { reason: 'ask again later' });
  expect(await run.over()).toBe('rejected');
}, 60_000);

test('the data and the app come back side by side', async () => {
  world.simulator.regionDown('eastus');
  // A restore of half an hour takes seconds: long enough for the other branch to begin on a busy machine.
  world.simulator.setSpeed(500);
  const run = await begins(world, command);
  await recovers(run);

  const [restoreBegins, restoreEnds, deployBegins, deployEnds] = await Promise.all([
    run.happens('step.intended', { stage: 'geo-restore' }),
    run.happens('step.done', { stage: 'geo-restore' }),
    run.happens('step.intended', { stage: 'deploy' }),
    run.happens('step.done', { stage: 'deploy' }),
  ]);
  expect(at(restoreBegins)).toBeLessThan(at(deployEnds));
  expect(at(deployBegins)).toBeLessThan(at(restoreEnds));
  await stays(run);
});

test('no secret that the deployment needs is in the thread, the timeline or the log', async () => {
  const run = await begins(world, command);
  await recovers(run);

  const told = JSON.stringify(await run.timeline()) + world.bot.log() + run.reads('Alex Wilber');
  for (const purpose of ['sql password', 'client secret'])
    expect(told.includes(seedValue('tier2', purpose))).toBe(false);
  await stays(run);
});

test('while the first region is well, the card says so before anything else', async () => {
  const asked = await asks(world, command);
  const form = await asked.find('Alex Wilber', 'Show the plan');
  expect(world.teams.words('Alex Wilber', form)).toContain('answers and is green in eastus right now');
  const run = await begins(world, command);
  const card = await run.gateCard('Megan Bowen', gate, 'Approve');
  expect(world.teams.words('Megan Bowen', card)).toContain('ANSWERS and is GREEN in eastus right now');
  await run.answers('Megan Bowen', gate, 'Reject', { reason: 'it works' });

  expect(await run.over()).toBe('rejected');
  expect(await azure().deployments.group(drGroup)).toBeNull();
});

test('a region that the estate does not know is refused in words that name the one it knows', async () => {
  const asked = await asks(world, command);
  await asked.press('Alex Wilber', 'Show the plan', { region: 'northeurope' });
  await asked.hears(/can be brought up in westus2, not in northeurope/);
  await asked.find('Alex Wilber', 'Fail over to westus2');

  expect(await azure().deployments.group(drGroup)).toBeNull();
});

test('a deployment that fails pauses its own branch, the restore goes on beside it, and a retry brings both together', async () => {
  world.simulator.regionDown('eastus');
  world.simulator.addFault({
    method: 'PUT',
    path: /\/deployments\/dr-inc\d+-\d+$/,
    lro: { fail: { code: 'SkuNotAvailable', message: 'The requested size is not available in westus2.' } },
  });
  const run = await begins(world, command);
  await run.answers('Megan Bowen', gate, 'Approve');
  await run.happens('run.paused');
  const { event } = await run.happens('step.failed', { stage: 'deploy' });
  expect(event.problem).toMatchObject({ code: 'SkuNotAvailable' });
  await run.happens('step.done', { stage: 'geo-restore' });
  const { event: paused } = await run.happens('run.paused');
  expect(paused.truth.join(' ')).toMatch(/apprequest-dr exists in westus2/);

  await run.press('Megan Bowen', 'Try again');
  await run.happens('gate.opened', { stage: 'commit' });
  expect(await azure().health(drHealthUrl)).toMatchObject({ green: true });
  await stays(run);
});

test('taken back, nothing is left of it, and the app is served from where it was', async () => {
  const run = await begins(world, command);
  await recovers(run);
  const before = await azure().entra.redirectUris('00000000-0000-0000-0000-0000000000a2');
  expect(before.spa).toContain('https://apprequest-dr-demo01.azurewebsites.net');

  await run.answers('Megan Bowen', 'commit', 'Take it back');
  expect(await run.over()).toBe('undone');

  expect(await azure().deployments.group(drGroup)).toBeNull();
  expect(there()).toEqual([]);
  expect(await isGreen(world)).toBe(true);
  const after = await azure().entra.redirectUris('00000000-0000-0000-0000-0000000000a2');
  expect(after.spa).not.toContain('https://apprequest-dr-demo01.azurewebsites.net');
});

test('after it was taken back the vault’s name is held by the deleted vault, so the next run recovers it first', async () => {
  const first = await begins(world, command);
  await recovers(first);
  await first.answers('Megan Bowen', 'commit', 'Take it back');
  expect(await first.over()).toBe('undone');

  const second = await begins(world, command);
  const card = await second.gateCard('Megan Bowen', gate, 'Approve');
  expect(world.teams.words('Megan Bowen', card)).toContain('Recover the deleted vault kv-appreqdr-demo01');
  await recovers(second);
  expect(await azure().health(drHealthUrl)).toMatchObject({ green: true });
  await stays(second);
}, 90_000);

import { azureAgainst } from '../support/azure-against';
import { healthUrl, server } from '../support/demo-estate';
import { byHand, failedOver, failoverGroup, hostName, profile, second } from '../support/tier3-estate';
import { startWorld, type World } from '../support/world';
import { asks, begins } from './support/asks';
import { changes, productionNow, rows } from './support/azure';
import { endRuns } from './support/run';
import { expectThread } from './support/thread';

jest.setTimeout(60_000);

let world: World;
beforeAll(async () => {
  world = await startWorld({
    seed: 'tier3',
    estate: ({ apps }) => {
      for (const app of apps) {
        app.tier = 3;
        app.trafficManager = { resourceGroup: profile.resourceGroup, profile: profile.profile };
      }
    },
  });
});
afterAll(() => world.close());
afterEach(() => endRuns(world));
beforeEach(async () => {
  world.simulator.reset('tier3');
  await byHand(world.simulator, failedOver);
});

const azure = () => azureAgainst(world.simulator);
const leader = async () => (await azure().sql.failoverGroups(server))[0]?.role;
const endpoints = async () =>
  (await azure().traffic.profile(profile))?.endpoints.map(({ name, enabled }) => [name, enabled]);
const peopleReachGreen = async () => (await azure().health(`https://${hostName}/health`)).green;
/** What the run changed, without what was done by hand before it. */
const done = () => changes(world).slice(failedOver.length);

const failback = `POST ${failoverGroup}/failover`;
const restart = 'POST apprequest-prod-demo01/restart';
const open = 'PATCH primary';

test('the app goes back to its primary region without loss, and is kept there', async () => {
  const asked = await asks(world, '@dr fail back');
  const form = await asked.find('Alex Wilber', 'Show the plan');
  const shown = world.teams.words('Alex Wilber', form);
  expect(shown).toContain('westus2 (sql-apprequest-dr-demo01, failover group apprequest-fog)');
  expect(shown).toContain('everything is copied (CATCH_UP)');
  const run = await begins(world, '@dr failback', { reason: 'eastus is back' });
  const card = await run.gateCard('Megan Bowen', 'fail-over-gate', 'Approve');
  const words = world.teams.words('Megan Bowen', card);
  expect(words).toContain('Take App Store for Intune back to eastus, without losing data?');
  expect(words).toContain('None: Azure copies everything before the roles change.');
  expect(words).toContain('Azure never fails apprequest-fog over by itself (policy Manual).');
  await world.teams.press('Megan Bowen', card, 'Approve');
  await run.answers('Alex Wilber', 'commit', 'Keep');
  expect(await run.over()).toBe('completed');

  expect(done()).toEqual([failback, restart, open]);
  expect(await leader()).toBe('Primary');
  expect(await endpoints()).toEqual([
    ['primary', true],
    ['secondary', true],
  ]);
  expect(productionNow(world).requests).toBe(rows.now);
  expect((await azure().health(healthUrl)).green).toBe(true);
  expect(await peopleReachGreen()).toBe(true);
  await expectThread(world, run, [
    /Alex Wilber · Opened the incident/,
    /Alex Wilber · Asked: Fail back/,
    /dr-bot · Plan \w{8} is ready, version 1/,
    /Megan Bowen · .*“Approve”/,
    /dr-bot · Approval to fail over/,
    /✓ Check that everything has reached eastus/,
    /✓ Fail apprequest-fog over to sql-apprequest-prod-demo01/,
    /✓ Check that sql-apprequest-prod-demo01 leads apprequest-fog/,
    /✓ Restart apprequest-prod-demo01/,
    /✓ Wait until apprequest-prod-demo01 in eastus is green/,
    /✓ Put eastus back into Traffic Manager \(apprequest-tm, primary\)/,
    /✓ Check that apprequest-portal\.trafficmanager\.net leads to eastus/,
    /✓ Check that people reach a green app at apps\.contoso\.example/,
    /✓ Recovered/,
    /Alex Wilber · .*“Keep”/,
    /dr-bot · Keep or go back/,
    /■ The run is over \(completed\)/,
  ]);
});

test('nothing goes back while the primary region is silent: the form says so, and so does the refusal', async () => {
  world.simulator.regionDown('eastus');
  const asked = await asks(world, '@dr failback');
  const form = await asked.find('Alex Wilber', 'Show the plan');
  expect(world.teams.words('Alex Wilber', form)).toContain('not known: one side does not answer');
  await asked.press('Alex Wilber', 'Show the plan');
  await asked.hears(/Going back needs both sides.*Ask again when it does/s);

  expect(done()).toEqual([]);
});

test('nobody is taken back while Traffic Manager could not lead them', async () => {
  world.simulator.addFault({
    path: 'trafficmanagerprofiles/[^/]+$',
    status: 404,
    code: 'ResourceNotFound',
    times: 99,
  });
  const asked = await asks(world, '@dr failback');
  await asked.press('Alex Wilber', 'Show the plan');
  await asked.hears(
    /profile apprequest-tm, which the estate file names, is not there.*nobody would be led back/s,
  );

  expect(done()).toEqual([]);
});

test('an app that never left is told so, not to replicate anything', async () => {
  world.simulator.reset('tier2');
  const asked = await asks(world, '@dr failback');
  await asked.hears(/is green in eastus and is not served from westus2: there is nothing to go back from/);
});

test('nothing is done when an approver says no', async () => {
  const run = await begins(world, '@dr failback');
  await run.answers('Megan Bowen', 'fail-over-gate', 'Reject', { reason: 'after office hours' });

  expect(await run.over()).toBe('rejected');
  expect(done()).toEqual([]);
});

test('an endpoint that may not be enabled pauses the run with the truth, and undoing it leads everything back to westus2', async () => {
  world.simulator.addFault({ method: 'PATCH', path: '/primary', status: 403, code: 'AuthorizationFailed' });
  const run = await begins(world, '@dr failback');
  await run.answers('Megan Bowen', 'fail-over-gate', 'Approve');
  await run.happens('run.paused');
  await run.hears(/apprequest-fog is led from eastus .*replication says CATCH_UP/);
  await run.hears(/Traffic Manager \(apprequest-portal\.trafficmanager\.net\): primary Disabled, secondary/);
  await run.say('Alex Wilber', '@dr undo');
  expect(await run.over()).toBe('undone');

  expect(await leader()).toBe('Secondary');
  expect((await azure().health(second.healthUrl)).green).toBe(true);
  expect(await peopleReachGreen()).toBe(true);
});

test('within the commit window an approver can still go back to westus2', async () => {
  const run = await begins(world, '@dr failback');
  await run.answers('Megan Bowen', 'fail-over-gate', 'Approve');
  await run.answers('Megan Bowen', 'commit', 'Go back', { reason: 'eastus stutters' });
  expect(await run.over()).toBe('undone');

  expect(await leader()).toBe('Secondary');
  expect(await endpoints()).toEqual([
    ['primary', false],
    ['secondary', true],
  ]);
  expect(await peopleReachGreen()).toBe(true);
});

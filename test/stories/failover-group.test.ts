import { azureAgainst } from '../support/azure-against';
import { production } from '../support/demo-estate';
import { byHand, failedOver, failoverGroup, hostName, profile, second } from '../support/tier3-estate';
import { startWorld, type World } from '../support/world';
import { asks, begins } from './support/asks';
import { changes } from './support/azure';
import { endRuns } from './support/run';
import { expectThread } from './support/thread';

// A region that does not answer is asked a few times before it is believed, at every reading.
jest.setTimeout(120_000);

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
beforeEach(() => world.simulator.reset());

const azure = () => azureAgainst(world.simulator);
const leads = async () => (await azure().sql.failoverGroups(second.server))[0]?.role === 'Primary';
const peopleReachGreen = async () => (await azure().health(`https://${hostName}/health`)).green;
const rows = () =>
  world.simulator
    .estate()
    .databases.find((one) => one.server === second.server.server && one.name === production)?.requests;

const ask = '@dr failover region to westus2';
const planned = `POST ${failoverGroup}/failover`;
const forced = `POST ${failoverGroup}/forceFailoverAllowDataLoss`;
const restart = 'POST apprequest-dr-demo01/restart';
const close = 'PATCH primary';

test('with the first region gone the group is failed over by force, its loss told as unknown, and people follow a green app', async () => {
  world.simulator.regionDown('eastus');
  expect(await peopleReachGreen()).toBe(false);
  const run = await begins(world, ask, { reason: 'eastus is gone' });
  const card = await run.gateCard('Megan Bowen', 'fail-over-gate', 'Approve');
  const words = world.teams.words('Megan Bowen', card);
  expect(words).toContain(
    'Fail App Store for Intune over to westus2 by force, and accept that data may be lost?',
  );
  expect(words).toMatch(/unknown\s+Everything that had not reached westus2/i);
  expect(words).toContain('eastus does not answer, so only a forced failover is possible.');
  expect(words).toMatch(/eastus cannot lead again before it answers/);
  await world.teams.press('Megan Bowen', card, 'Approve');
  expect(await run.over()).toBe('completed');

  expect(changes(world)).toEqual([forced, restart, close]);
  expect(await leads()).toBe(true);
  expect(await peopleReachGreen()).toBe(true);
  const uris = (await azure().entra.redirectUris('00000000-0000-0000-0000-0000000000a2')).spa;
  expect(uris).toEqual(
    expect.arrayContaining([
      'https://apprequest-prod-demo01.azurewebsites.net',
      'https://apprequest-dr-demo01.azurewebsites.net',
      'http://localhost:5173',
    ]),
  );
  await run.hears(/■ The run is over \(completed\)/);
  await expectThread(world, run);
  const told = run.entries().join('\n');
  // Where people are led changes only after the app there was found green.
  expect(told).toMatch(
    /✓ Fail apprequest-fog over to \S+ by force.*✓ Check that \S+ leads apprequest-fog.*✓ Restart apprequest-dr-demo01.*✓ Wait until apprequest-dr-demo01 in westus2 is green.*✓ Take eastus out of Traffic Manager.*✓ Check that people reach a green app.*✓ Recovered/s,
  );
  expect(told).toMatch(/✓ Let people sign in to App Store for Intune at https:\/\/apprequest-dr-demo01/);
  await run.hears(/@dr failback takes App Store for Intune back without loss/);
  await run.press('Alex Wilber', 'Fail back to eastus …');
  await run.hears(/Fail back[\s\S]*back to eastus/);
});

test('while both regions answer it is planned, loses nothing, and can be taken back within the commit window', async () => {
  const before = rows();
  const run = await begins(world, ask);
  const card = await run.gateCard('Megan Bowen', 'fail-over-gate', 'Approve');
  expect(world.teams.words('Megan Bowen', card)).toContain(
    'None: Azure copies everything before the roles change.',
  );
  await world.teams.press('Megan Bowen', card, 'Approve');
  await run.happens('gate.opened', { stage: 'commit' });
  expect(await leads()).toBe(true);
  expect(rows()).toBe(before);
  await run.answers('Megan Bowen', 'commit', 'Go back');
  expect(await run.over()).toBe('undone');

  expect(changes(world).slice(0, 3)).toEqual([planned, restart, close]);
  expect(await leads()).toBe(false);
  expect(await peopleReachGreen()).toBe(true);
  expect((await azure().traffic.profile(profile))?.endpoints.every(({ enabled }) => enabled)).toBe(true);
});

test('when the lost region comes back under an approved forced failover, the votes are void: nothing need be lost any more', async () => {
  world.simulator.regionDown('eastus');
  const run = await begins(world, ask);
  await run.gateCard('Megan Bowen', 'fail-over-gate', 'Approve');
  world.simulator.regionUp('eastus');
  await run.answers('Megan Bowen', 'fail-over-gate', 'Approve');

  await run.happens('plan.drifted');
  const { event } = await run.happens('plan.compiled', { nth: 2 });
  expect(event.plan.loss).toMatchObject({ minutes: 0 });
  expect(changes(world)).toEqual([]);
});

test('while both regions answer nothing is lost by the way: an unknown replication is put before people, force is theirs to choose', async () => {
  world.simulator.addFault({ path: '/replicationLinks$', status: 404, code: 'ResourceNotFound', times: 99 });
  const asked = await asks(world, ask);
  await asked.press('Alex Wilber', 'Show the plan');
  await asked.hears(/Both regions answer, but whether the copy in westus2 has everything is not known/);
  world.simulator.clearFaults();
  expect(changes(world)).toEqual([]);

  await asked.press('Alex Wilber', 'Fail over by force');
  await asked.hears(/Both regions answer|by force although both sides answer/i);
});

test('where Traffic Manager is gone, people follow by the DNS record', async () => {
  world.simulator.addFault({
    path: 'trafficmanagerprofiles/[^/]+$',
    status: 404,
    code: 'ResourceNotFound',
    times: 99,
  });
  const run = await begins(world, ask);
  await run.hears(/Traffic Manager profile apprequest-tm, which the estate file names, is not there/);
  await run.answers('Megan Bowen', 'fail-over-gate', 'Approve');
  await run.answers('Megan Bowen', 'commit', 'Keep');
  expect(await run.over()).toBe('completed');

  expect(changes(world)).toContain('PUT apps');
  expect(await peopleReachGreen()).toBe(true);
});

test('nothing is done when an approver says no', async () => {
  const run = await begins(world, ask);
  await run.answers('Megan Bowen', 'fail-over-gate', 'Reject', { reason: 'it is only the network' });

  expect(await run.over()).toBe('rejected');
  expect(changes(world)).toEqual([]);
});

test('a failover that Azure cannot do is put before people with what is true, and works when it is tried again', async () => {
  world.simulator.regionDown('eastus');
  const fail = { code: 'InternalServerError', message: 'The secondary could not take over.' };
  world.simulator.addFault({ method: 'POST', path: '/forceFailoverAllowDataLoss', lro: { fail } });
  const run = await begins(world, ask);
  await run.answers('Megan Bowen', 'fail-over-gate', 'Approve');
  await run.happens('run.paused');
  await run.hears(/The secondary could not take over/);
  await run.hears(/apprequest-fog is led from eastus .*replication says SUSPENDED/);
  await run.say('Alex Wilber', '@dr retry');

  expect(await run.over()).toBe('completed');
  expect(changes(world).filter((change) => change === forced)).toHaveLength(2);
  expect(await leads()).toBe(true);
});

test('an app that is there already is left alone, and the way back is named', async () => {
  await byHand(world.simulator, failedOver);
  const asked = await asks(world, ask);
  await asked.press('Alex Wilber', 'Show the plan');
  await asked.hears(/led from westus2 already, people are led there, and .* is green.*@dr failback/s);

  expect(changes(world)).toHaveLength(failedOver.length);
});

import { azureAgainst } from '../support/azure-against';
import { production, server } from '../support/demo-estate';
import { byHand, failoverGroup, fallenOut, second } from '../support/tier3-estate';
import { startWorld, type World } from '../support/world';
import { asks, begins } from './support/asks';
import { changes, databases } from './support/azure';
import { endRuns } from './support/run';

let world: World;
beforeAll(async () => {
  world = await startWorld({ seed: 'tier3' });
});
afterAll(() => world.close());
afterEach(() => endRuns(world));
beforeEach(() => world.simulator.reset());

const azure = () => azureAgainst(world.simulator);
const link = async () => (await azure().database(server, production))?.replication[0]?.state;

/** Somebody has taken the database out of its group and ended its replication: the old copy stands there by itself. */
const unprotected = () => byHand(world.simulator, fallenOut);

test('a database that nothing copies is replicated again, and what stood in the way is kept', async () => {
  await unprotected();
  const before = changes(world).length;
  const run = await begins(world, '@dr reprotect', { from: 'primary', reason: 'fell out of the group' });
  const card = await run.gateCard('Megan Bowen', 'begin', 'Approve');
  const words = world.teams.words('Megan Bowen', card);
  expect(words).toContain('Replicate AppRequestPortal (S0) from eastus to westus2 again?');
  expect(words).toMatch(/another database than the one in use\. It is renamed and kept/);
  await world.teams.press('Megan Bowen', card, 'Approve');
  expect(await run.over()).toBe('completed');

  expect(changes(world).slice(before)).toEqual(['POST AppRequestPortal/move', `PATCH ${failoverGroup}`]);
  expect(await link()).toBe('CATCH_UP');
  expect(databases(world, second.server.server).map(({ name }) => name)).toEqual([
    production,
    expect.stringMatching(/^AppRequestPortal-old-inc\d+-1$/),
  ]);
  await run.hears(/can be failed over again: @dr failover region to westus2/);
});

test('a database that is protected already is left alone', async () => {
  const asked = await asks(world, '@dr reprotect');
  await asked.press('Alex Wilber', 'Show the plan', { from: 'primary' });
  await asked.hears(/is in apprequest-fog and replicated to westus2 already \(CATCH_UP\)/);

  expect(changes(world)).toEqual([]);
});

test('a copy that Azure cannot fill pauses the run, and is filled when it is tried again', async () => {
  await unprotected();
  const fail = { code: 'ProvisioningDisabled', message: 'There is no capacity in westus2 right now.' };
  world.simulator.addFault({ method: 'PATCH', path: failoverGroup, lro: { fail } });
  const run = await begins(world, '@dr protect again', { from: 'primary' });
  await run.answers('Megan Bowen', 'begin', 'Approve');
  await run.happens('run.paused');
  await run.hears(/no capacity in westus2/);
  await run.say('Alex Wilber', '@dr retry');

  expect(await run.over()).toBe('completed');
  expect(await link()).toBe('CATCH_UP');
});

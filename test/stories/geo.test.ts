import { startWorld, type World } from '../support/world';
import { changes, databases, isGreen, productionNow, rows } from './support/azure';
import { endRuns, restores } from './support/run';

let world: World;
beforeAll(async () => {
  world = await startWorld({ seed: 'tier3' });
});
afterAll(() => world.close());
afterEach(() => endRuns(world));

test('a geo-replicated database is taken off its failover group before the swap and put back after it', async () => {
  const run = await restores(world, { text: '@dr restore db to 30 minutes ago' });
  const card = await run.gateCard('Megan Bowen', 'begin', 'Approve');
  expect(world.teams.words('Megan Bowen', card)).toContain('apprequest-fog');
  await run.answers('Megan Bowen', 'begin', 'Approve');
  await run.answers('Megan Bowen', 'swap', 'Approve');
  await run.answers('Megan Bowen', 'commit', 'Keep');
  expect(await run.over()).toBe('completed');

  const { failoverGroups, replicationLinks } = world.simulator.estate();
  expect(failoverGroups).toEqual([expect.objectContaining({ databases: ['AppRequestPortal'] })]);
  expect(replicationLinks).toEqual([
    expect.objectContaining({ database: 'AppRequestPortal', secondary: 'sql-apprequest-dr-demo01' }),
  ]);
  expect(productionNow(world)).toMatchObject({ status: 'Online', requests: rows.before });
  const secondary = databases(world, 'sql-apprequest-dr-demo01').find(
    ({ name }) => name === 'AppRequestPortal',
  );
  expect(secondary).toMatchObject({ status: 'Online', requests: rows.before });
  expect(await isGreen(world)).toBe(true);
  expect(changes(world).map((change) => change.replace(/replicationLinks\/.*/, 'replicationLinks'))).toEqual([
    'PUT AppRequestPortal-restored',
    'PATCH apprequest-fog',
    'DELETE AppRequestPortal/replicationLinks',
    // On the primary and on the secondary server: a database that was replicated stays behind under the old name.
    'POST AppRequestPortal/move',
    'POST AppRequestPortal/move',
    'POST AppRequestPortal-restored/move',
    'POST apprequest-prod-demo01/restart',
    'PATCH apprequest-fog',
  ]);
});

import { startWorld, type World } from '../support/world';
import { changes, databases, isGreen, productionNow, rows } from './support/azure';
import { endRuns, restores } from './support/run';
import { expectThread } from './support/thread';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());
afterEach(() => endRuns(world));
beforeEach(() => world.simulator.reset());

test('a full swap that is kept leaves the app green on the restored data, and the old database beside it', async () => {
  const before = productionNow(world);
  const run = await restores(world, {
    text: '@dr restore db to 30 minutes ago',
    inputs: { how: 'swap', reason: 'Anna deleted rows' },
  });
  await run.answers('Megan Bowen', 'begin', 'Approve', { reason: 'go' });
  await run.answers('Adele Vance', 'swap', 'Approve');
  await run.answers('Alex Wilber', 'commit', 'Keep');
  expect(await run.over()).toBe('completed');

  expect(changes(world)).toEqual([
    'PUT AppRequestPortal-restored',
    'POST AppRequestPortal/move',
    'POST AppRequestPortal-restored/move',
    'POST apprequest-prod-demo01/restart',
  ]);
  const [production, old, ...others] = databases(world);
  expect(others).toEqual([]);
  expect(production).toMatchObject({ name: 'AppRequestPortal', status: 'Online', requests: rows.before });
  expect(old).toMatchObject({ status: 'Online', requests: rows.now, databaseId: before.databaseId });
  expect(await isGreen(world)).toBe(true);

  await run.hears(/The run is over \(completed\)/);
  await expectThread(world, run, [
    /Alex Wilber · Opened the incident/,
    /Alex Wilber · Asked: Restore a database/,
    /dr-bot · Plan \w{8} is ready, version 1/,
    /Megan Bowen · .*“Approve”: “go”/,
    /dr-bot · Approval to begin/,
    /✓ Restore into AppRequestPortal-restored-/,
    /✓ Check the restored database/,
    /Adele Vance · .*“Approve”/,
    /dr-bot · Approval to swap/,
    /✓ Rename AppRequestPortal to AppRequestPortal-old-/,
    /✓ Rename AppRequestPortal-restored-\S+ to AppRequestPortal/,
    /✓ Restart apprequest-prod-demo01/,
    /✓ Wait until .* is green/,
    /✓ Recovered/,
    /Alex Wilber · .*“Keep”/,
    /dr-bot · Keep or swap back/,
    /■ The run is over \(completed\)/,
  ]);
  const report = await run.hears(/Recovery time/i);
  expect(report).toMatch(/RTO/);
});

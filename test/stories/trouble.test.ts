import { startWorld, type World } from '../support/world';
import { changes, databases, isGreen, productionNow, rows, scaleByHand } from './support/azure';
import { endRuns, restores, swapsIn } from './support/run';

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

const thirtyMinutes = { text: '@dr restore db to 30 minutes ago' } as const;
const secondRename = { method: 'POST', path: /-restored-[^/]*\/move/ } as const;
const forbidden = {
  status: 403,
  code: 'AuthorizationFailed',
  message: 'The client has no right to do that.',
} as const;

test('a database that was changed after the approval voids it: the change is named, and people are asked again', async () => {
  const run = await restores(world, thirtyMinutes);
  const first = await run.gateCard('Megan Bowen', 'begin', 'Approve');
  await scaleByHand(world, 'S1');
  await world.teams.waitFor(() => productionNow(world).objective === 'S1');
  await world.teams.press('Megan Bowen', first, 'Approve');

  const drifted = await run.happens('plan.drifted');
  expect(drifted.event.changes).toEqual([{ field: 'tier', was: 'S0', is: 'S1' }]);
  await run.happens('gate.opened', { stage: 'begin', nth: 2 });
  const again = await run.gateCard('Megan Bowen', 'begin', 'Approve');
  expect(world.teams.words('Megan Bowen', again)).toMatch(/tier[\s\S]*S0[\s\S]*S1/);
  expect(changes(world)).toEqual(['PATCH AppRequestPortal']);

  await world.teams.press('Megan Bowen', again, 'Approve');
  await run.answers('Megan Bowen', 'swap', 'Approve');
  await run.answers('Megan Bowen', 'commit', 'Keep');
  expect(await run.over()).toBe('completed');
  expect(productionNow(world)).toMatchObject({ objective: 'S1', requests: rows.before });
});

test('a restore that fails in Azure pauses the run with what Azure said, and a retry brings it to its end', async () => {
  world.simulator.addFault({
    method: 'PUT',
    path: '/databases/',
    lro: { fail: { code: 'BackupSetNotFoundRecentPit', message: 'No backup set for this point in time.' } },
  });
  const run = await restores(world, { ...thirtyMinutes, inputs: { how: 'beside' } });
  await run.answers('Megan Bowen', 'begin', 'Approve');
  const failed = await run.happens('step.failed', { stage: 'restore' });
  expect(failed.event.problem).toMatchObject({ code: 'BackupSetNotFoundRecentPit' });
  const paused = await run.happens('run.paused');
  expect(paused.event.truth.join(' ')).toContain('it is the original data');
  expect(databases(world)).toHaveLength(1);

  await run.say('Alex Wilber', '@dr retry');
  expect(await run.over()).toBe('completed');
  expect(databases(world).map(({ requests }) => requests)).toEqual([rows.now, rows.before]);
});

test('when the second rename fails, the run says that the app has no database, and a retry finishes the swap', async () => {
  world.simulator.addFault({ ...secondRename, ...forbidden });
  const run = await restores(world, thirtyMinutes);
  await run.answers('Megan Bowen', 'begin', 'Approve');
  await run.answers('Megan Bowen', 'swap', 'Approve');
  const paused = await run.happens('run.paused', { stage: 'swap-in' });
  expect(paused.event.truth.join('\n')).toMatch(
    /There is no database named AppRequestPortal right now, so the app cannot work\.\nThe original data is safe in AppRequestPortal-old-\S+ \(Online\)\.\nThe restored copy is in AppRequestPortal-restored-/,
  );
  expect(databases(world).map(({ name }) => name)).not.toContain('AppRequestPortal');
  expect(await isGreen(world)).toBe(false);
  await run.hears(/There is no database named AppRequestPortal right now/);

  await run.press('Megan Bowen', 'Try again');
  await run.answers('Megan Bowen', 'commit', 'Keep');
  expect(await run.over()).toBe('completed');
  expect(productionNow(world).requests).toBe(rows.before);
  expect(await isGreen(world)).toBe(true);
});

test('when the second rename fails, an undo gives the app its own database back and leaves the copy', async () => {
  const before = productionNow(world);
  world.simulator.addFault({ ...secondRename, ...forbidden });
  const run = await restores(world, thirtyMinutes);
  await run.answers('Megan Bowen', 'begin', 'Approve');
  await run.answers('Megan Bowen', 'swap', 'Approve');
  await run.happens('run.paused', { stage: 'swap-in' });

  await run.say('Adele Vance', '@dr undo');
  expect(await run.over()).toBe('undone');
  expect(productionNow(world)).toMatchObject({ databaseId: before.databaseId, requests: rows.now });
  expect(databases(world)[1]?.name).toMatch(/^AppRequestPortal-restored-/);
  expect(await isGreen(world)).toBe(true);
});

test('when Azure is busy (429) the bot waits as long as Azure asks, and no change is made twice', async () => {
  const slow = { status: 429, code: 'TooManyRequests', headers: { 'retry-after': '1' } } as const;
  world.simulator.addFault({ method: 'PUT', path: '/databases/', ...slow });
  world.simulator.addFault({ ...secondRename, ...slow });
  const asked: { readonly change: string; readonly at: number }[] = [];
  const stop = world.simulator.onRequest(({ method, url }) => {
    if (method === 'PUT') asked.push({ change: url, at: Date.now() });
  });
  const run = await swapsIn(world, thirtyMinutes);
  stop();
  await run.answers('Megan Bowen', 'commit', 'Keep');
  expect(await run.over()).toBe('completed');
  const [refused, taken, ...more] = asked;
  expect(more).toEqual([]);
  expect((taken?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(1_000);
  expect(changes(world)).toEqual([
    ...['PUT AppRequestPortal-restored', 'PUT AppRequestPortal-restored', 'POST AppRequestPortal/move'],
    ...['POST AppRequestPortal-restored/move', 'POST AppRequestPortal-restored/move'],
    'POST apprequest-prod-demo01/restart',
  ]);
  expect(databases(world)).toHaveLength(2);
});

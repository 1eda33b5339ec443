import { startWorld, type World } from '../support/world';
import { changes, databases, isGreen, lockByHand, productionNow, rows } from './support/azure';
import { endRuns, restores } from './support/run';

let world: World;
beforeAll(async () => {
  world = await startWorld({
    estate: ({ apps }) =>
      apps.forEach((app) => {
        app.healthWithinMinutes = 0.015;
      }),
  });
});
afterAll(() => world.close());
afterEach(() => endRuns(world));
beforeEach(() => {
  world.simulator.reset();
  world.simulator.setSpeed(6_000);
});

const thirtyMinutes = { text: '@dr restore db to 30 minutes ago' } as const;
const red = { path: 'azurewebsites.net/health', status: 503, times: 1_000 } as const;

test('an app that stays red after the restart pauses the run; when it has turned green, a retry goes on', async () => {
  const run = await restores(world, thirtyMinutes);
  await run.answers('Megan Bowen', 'begin', 'Approve');
  await run.happens('gate.opened', { stage: 'swap' });
  world.simulator.addFault(red);
  await run.answers('Megan Bowen', 'swap', 'Approve');
  const failed = await run.happens('check.failed', { stage: 'healthy' });
  expect(failed.event.problem.what).toMatch(/503/);
  await run.happens('run.paused', { stage: 'healthy' });

  await run.say('Alex Wilber', '@dr skip');
  await run.hears(/Say why this step may be left out/);
  world.simulator.clearFaults();
  await run.say('Alex Wilber', '@dr retry');
  await run.answers('Megan Bowen', 'commit', 'Keep');
  expect(await run.over()).toBe('completed');
  expect(await isGreen(world)).toBe(true);
});

test('an app that stays red after the restart can be given its old database back', async () => {
  const before = productionNow(world);
  const run = await restores(world, thirtyMinutes);
  await run.answers('Megan Bowen', 'begin', 'Approve');
  await run.happens('gate.opened', { stage: 'swap' });
  world.simulator.addFault(red);
  await run.answers('Megan Bowen', 'swap', 'Approve');
  await run.happens('run.paused', { stage: 'healthy' });
  world.simulator.clearFaults();

  await run.press('Alex Wilber', 'Undo what was done');
  expect(await run.over()).toBe('undone');
  expect(productionNow(world)).toMatchObject({ databaseId: before.databaseId, requests: rows.now });
  expect(await isGreen(world)).toBe(true);
});

test('a check that was made by hand is skipped with a reason, and the end says that something was left out', async () => {
  const run = await restores(world, thirtyMinutes);
  await run.answers('Megan Bowen', 'begin', 'Approve');
  await run.happens('gate.opened', { stage: 'swap' });
  world.simulator.addFault(red);
  await run.answers('Megan Bowen', 'swap', 'Approve');
  await run.happens('run.paused', { stage: 'healthy' });

  await run.say('Adele Vance', '@dr skip the vendor has checked it');
  const decided = await run.happens('run.decided');
  expect(decided).toMatchObject({
    actor: { name: 'Adele Vance' },
    event: { decision: { choice: 'skip', reason: 'the vendor has checked it' } },
  });
  await run.answers('Megan Bowen', 'commit', 'Keep');
  expect((await run.happens('run.finished')).event).toMatchObject({
    outcome: 'completed',
    words: 'Done, with stages left out by decision.',
  });
});

test('an abort before the approval ends the run with nothing changed', async () => {
  const run = await restores(world, thirtyMinutes);
  await run.happens('gate.opened', { stage: 'begin' });
  await run.say('Alex Wilber', '@dr abort wrong database');
  expect((await run.happens('run.finished')).event).toMatchObject({
    outcome: 'aborted',
    words: 'Stopped before anything was changed.',
  });
  expect(changes(world)).toEqual([]);
  expect((await run.happens('abort.asked')).event.reason).toBe('wrong database');
});

test('an abort during the restore lets Azure finish it, changes nothing more and says that the copy is there', async () => {
  world.simulator.setSpeed(600);
  const run = await restores(world, thirtyMinutes);
  await run.answers('Megan Bowen', 'begin', 'Approve');
  await run.happens('step.intended', { stage: 'restore' });
  await world.teams.waitFor(() => changes(world).length === 1);
  await run.say('Alex Wilber', '@dr abort');
  await run.happens('abort.asked');
  expect(await run.over()).toBe('aborted');
  expect(changes(world)).toEqual(['PUT AppRequestPortal-restored']);
  expect(databases(world).map(({ name, requests }) => [name.split('-')[1] ?? '', requests])).toEqual([
    ['', rows.now],
    ['restored', rows.before],
  ]);
  expect(await isGreen(world)).toBe(true);
});

test('an abort between the renames asks what to do about what was changed, and an undo takes it back', async () => {
  const before = productionNow(world);
  world.simulator.addFault({ method: 'POST', path: /AppRequestPortal\/move/, delayMs: 600, when: 'after' });
  const run = await restores(world, thirtyMinutes);
  await run.answers('Megan Bowen', 'begin', 'Approve');
  await run.answers('Megan Bowen', 'swap', 'Approve');
  await world.teams.waitFor(() => changes(world).includes('POST AppRequestPortal/move'), 10_000);
  await run.say('Alex Wilber', '@dr abort');
  const paused = await run.happens('run.paused');
  expect(paused.event).toMatchObject({ because: 'abort', stage: 'set-aside' });
  expect(paused.event.truth.join(' ')).toContain('There is no database named AppRequestPortal right now');

  await run.say('Alex Wilber', '@dr undo');
  expect(await run.over()).toBe('undone');
  expect(productionNow(world)).toMatchObject({ databaseId: before.databaseId, requests: rows.now });
  expect(await isGreen(world)).toBe(true);
});

test('a locked database is refused in words that name the lock, before anybody is asked, and asked for again when the lock is gone', async () => {
  await lockByHand(world, 'ReadOnly');
  const run = await restores(world, thirtyMinutes);
  expect(await run.over()).toBe('refused');
  const { event } = await run.happens('plan.refused');
  expect(event.problem.what).toMatch(/The lock "frozen-by-audit" \(ReadOnly\) on .* forbids every change/);
  await run.hears(/frozen-by-audit/);

  world.simulator.reset();
  await run.hears(/When the cause is mended/);
  await run.press('Alex Wilber', 'Ask again');
  const card = await run.find('Megan Bowen', 'Approve');
  await world.teams.press('Megan Bowen', card, 'Reject: stop the run', { reason: 'only looking' });
  await run.hears(/The run is over \(rejected\)/);
});

import { conversationIn } from '../support/conversation';
import { startWorld, type World } from '../support/world';
import { changes, databases, isGreen, productionNow, rows } from './support/azure';
import { endRuns, restores, runIn, runOf, swapsIn } from './support/run';
import { expectThread } from './support/thread';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());
afterEach(() => endRuns(world));
beforeEach(() => world.simulator.reset());

const thirtyMinutes = { text: '@dr restore db to 30 minutes ago' } as const;

test('a full swap that is kept leaves the app green on the restored data, and the old database beside it', async () => {
  const before = productionNow(world);
  const run = await restores(world, {
    ...thirtyMinutes,
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

test('the old database of a kept swap is removed on request, behind a gate of its own', async () => {
  const swapped = await swapsIn(world, thirtyMinutes);
  await swapped.say('Alex Wilber', '@dr keep');
  expect(await swapped.over()).toBe('completed');
  const old = databases(world).find(({ name }) => name.includes('-old-'))?.name ?? '';

  await swapped.say('Alex Wilber', '@dr remove');
  const form = await swapped.find('Alex Wilber', 'Show the plan');
  expect(world.teams.words('Alex Wilber', form)).toContain(old);
  await world.teams.press('Alex Wilber', form, 'Show the plan');
  const removal = await runIn(world, swapped.thread, 2);
  const card = await removal.gateCard('Megan Bowen', 'clean-up', 'Approve');
  expect(world.teams.words('Megan Bowen', card)).toContain(`Remove ${old} for good?`);
  expect(databases(world)).toHaveLength(2);
  await world.teams.press('Megan Bowen', card, 'Approve');
  expect(await removal.over()).toBe('completed');
  expect(databases(world).map(({ name }) => name)).toEqual(['AppRequestPortal']);
  expect(productionNow(world).requests).toBe(rows.before);
  expect(await isGreen(world)).toBe(true);
});

test('a restore beside production ends with the checked copy and touches nothing else', async () => {
  const before = productionNow(world);
  const run = await restores(world, { ...thirtyMinutes, inputs: { how: 'beside' } });
  await run.answers('Megan Bowen', 'begin', 'Approve');
  expect(await run.over()).toBe('completed');
  expect(changes(world)).toEqual(['PUT AppRequestPortal-restored']);
  const [production, copy, ...others] = databases(world);
  expect(others).toEqual([]);
  expect(production).toEqual(before);
  expect(copy).toMatchObject({ status: 'Online', objective: 'S0', requests: rows.before });
  const { event } = await run.happens('check.passed', { stage: 'verify' });
  expect(event.findings.every(({ ok }) => ok)).toBe(true);
});

test('swapping back within the commit window gives the app the very database that it had', async () => {
  const before = productionNow(world);
  const run = await swapsIn(world, thirtyMinutes);
  expect(productionNow(world).databaseId).not.toBe(before.databaseId);
  await run.answers('Megan Bowen', 'commit', 'Swap back', { reason: 'wrong moment' });
  expect(await run.over()).toBe('undone');
  expect(productionNow(world)).toEqual(before);
  expect(databases(world)[1]).toMatchObject({ status: 'Online', requests: rows.before });
  expect(await isGreen(world)).toBe(true);
  expect(changes(world).slice(-3)).toEqual([
    'POST AppRequestPortal/move',
    'POST AppRequestPortal-old/move',
    'POST apprequest-prod-demo01/restart',
  ]);
});

test('a restore that is asked for in a chat with the bot is handled in the app’s channel, and said so in the chat', async () => {
  const { thread: chat } = await world.teams.say('Alex Wilber', 'restore db to 30 minutes ago', {
    conversation: 'personal',
  });
  const asked = conversationIn(world, chat);
  await asked.press('Alex Wilber', 'Show the plan', { how: 'beside' });
  await asked.hears(/The plan follows in the app's channel as inc\d+\./);
  const thread = await world.teams.waitFor(() =>
    world.teams.threads().find((one) => conversationIn(world, one).entries().length > 0),
  );
  const run = await runOf(world, thread, /as (inc\d+)\./.exec(asked.reads('Alex Wilber'))?.[1] ?? '');
  await run.answers('Megan Bowen', 'begin', 'Approve');
  expect(await run.over()).toBe('completed');
  expect(databases(world)).toHaveLength(2);
});

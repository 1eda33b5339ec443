import { conversationIn } from '../support/conversation';
import { startWorld, type World } from '../support/world';
import { changes, databases, deleteByHand, isGreen, productionNow, rows } from './support/azure';
import { endRuns, runIn } from './support/run';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());
afterEach(() => endRuns(world));
beforeEach(() => {
  world.simulator.clearFaults();
  world.simulator.reset();
});

const server = 'sql-apprequest-prod-demo01';

/** Somebody deletes the production database, and Azure shows it some minutes later, which are milliseconds here. */
async function isDeleted(): Promise<void> {
  await deleteByHand(world);
  await world.teams.waitFor(() => databases(world).length === 0);
  await new Promise((later) => setTimeout(later, 100));
}

async function asks(text: string) {
  const { thread } = await world.teams.say('Alex Wilber', text, {
    ...{ conversation: world.freshChannel(), timezone: 'Europe/Berlin', locale: 'en-GB' },
  });
  const asked = conversationIn(world, thread);
  const form = await asked.find('Alex Wilber', 'Show the plan');
  const buttons = world.teams.buttons('Alex Wilber', form);
  const [first = ''] = buttons;
  return { asked, thread, form, buttons, first, words: world.teams.words('Alex Wilber', form) };
}

test('a deleted database comes back under its own name, with everything in it, and the app is green', async () => {
  await isDeleted();
  expect(await isGreen(world)).toBe(false);
  const { asked, thread, first, words } = await asks('@dr restore db to before the deletion');
  expect(words).toMatch(/AppRequestPortal · deleted \S+Z/);
  expect(words).toMatch(/Deleted \S+Z: it comes back under its own name\./);
  expect(first).toMatch(/^As it was then, \d\d:\d\d/);
  await asked.press('Alex Wilber', first);
  const said = await asked.hears(/Asked for: Restore a database/);
  expect(said).toMatch(/AppRequestPortal \(deleted \S+Z\) to /);
  const run = await runIn(world, thread);

  const { plan } = (await run.happens('plan.compiled')).event;
  expect(plan.title).toMatch(/^Bring AppRequestPortal back as it was when it was deleted, \S+Z$/);
  expect(plan.loss).toMatchObject({ minutes: 0 });
  expect(plan.stages.map(({ name }) => name)).toEqual(['begin', 'restore', 'verify', 'restart', 'healthy']);
  const card = world.teams.words('Megan Bowen', await run.gateCard('Megan Bowen', 'begin', 'Approve'));
  expect(card).toMatch(
    /AppRequestPortal was deleted \S+Z by an application \(object id \S+\), says the activity log\./,
  );
  expect(card).toContain('Nothing has its name now, so nothing is swapped and nothing is overwritten.');
  const restore = plan.stages.find(({ name }) => name === 'restore');
  expect(restore?.kind === 'step' && restore.operation).toMatch(
    /^PUT …\/databases\/AppRequestPortal \(createMode Restore, restorableDroppedDatabases\/AppRequestPortal,\d{18}\)$/,
  );
  await run.answers('Megan Bowen', 'begin', 'Approve');
  expect(await run.over()).toBe('completed');

  expect(productionNow(world)).toMatchObject({ status: 'Online', objective: 'S0', requests: rows.now });
  expect(databases(world)).toHaveLength(1);
  expect(await isGreen(world)).toBe(true);
  expect(changes(world)).toEqual([
    'DELETE AppRequestPortal',
    'PUT AppRequestPortal',
    'POST apprequest-prod-demo01/restart',
  ]);
});

test('it can come back as it was at an earlier moment, typed as ever; what lies between is quoted as lost', async () => {
  await isDeleted();
  const { asked, thread } = await asks('@dr restore db to 30 minutes ago');
  await asked.press('Alex Wilber', 'Show the plan');
  const run = await runIn(world, thread);
  const { plan } = (await run.happens('plan.compiled')).event;
  expect(plan.loss.words).toMatch(
    /^3[01] minutes of writes: everything between the restore point and the deletion\./,
  );
  await run.answers('Megan Bowen', 'begin', 'Approve');
  expect(await run.over()).toBe('completed');
  expect(productionNow(world).requests).toBe(rows.before);
});

test('a moment after the deletion is refused in words, with the last one that there is as a button', async () => {
  await isDeleted();
  const { asked } = await asks('@dr restore db to 5 minutes ago');
  const time = new Date(Date.now() + 1_000).toISOString();
  await new Promise((later) => setTimeout(later, 2_100));
  await asked.press('Alex Wilber', 'Show the plan', { time });
  await asked.hears(/The database was deleted before .* The latest Azure can restore it to is /);
  expect(changes(world)).toEqual(['DELETE AppRequestPortal']);
});

test('a rejected plan changes nothing', async () => {
  await isDeleted();
  const { asked, thread, first } = await asks('@dr restore');
  await asked.press('Alex Wilber', first);
  const run = await runIn(world, thread);
  await run.answers('Megan Bowen', 'begin', 'Reject');
  expect(await run.over()).toBe('rejected');
  expect(databases(world)).toEqual([]);
});

test('of two that were deleted, each can be chosen by when it was', async () => {
  await isDeleted();
  const one = await asks('@dr restore');
  await one.asked.press('Alex Wilber', one.first);
  const first = await runIn(world, one.thread);
  await first.answers('Megan Bowen', 'begin', 'Approve');
  expect(await first.over()).toBe('completed');
  world.simulator.changeRows('AppRequestPortal', { by: 'Emil', rows: 7 });
  // A first backup of it has to be there, which takes a quarter of an hour of Azure's time.
  await new Promise((later) => setTimeout(later, 300));
  await isDeleted();

  const two = await asks('@dr restore');
  const [newest = '', oldest = ''] = two.buttons;
  expect([newest, oldest].every((title) => title.startsWith('As it was then, '))).toBe(true);
  await two.asked.press('Alex Wilber', oldest);
  const second = await runIn(world, two.thread);
  await second.answers('Megan Bowen', 'begin', 'Approve');
  expect(await second.over()).toBe('completed');
  expect(productionNow(world).requests).toBe(rows.now);
});

test('where its name was taken again nothing is overwritten: it is restored beside, and both can be looked at', async () => {
  await isDeleted();
  const { asked, first, thread } = await asks('@dr restore');
  const { form } = await asks('@dr restore');
  await asked.press('Alex Wilber', first);
  const run = await runIn(world, thread);
  await run.answers('Megan Bowen', 'begin', 'Approve');
  expect(await run.over()).toBe('completed');

  // Somebody has the older form still open.
  await world.teams.press('Alex Wilber', form, first);
  await world.teams.waitFor(() =>
    world.teams
      .thread(form.conversation)
      .some((message) => world.teams.words('Alex Wilber', message).includes('and nothing is overwritten')),
  );
  const { buttons } = await asks('@dr restore');
  expect(buttons).toContain('Show the plan');
});

test('a restore that Azure ends badly is put before people, who try again', async () => {
  await isDeleted();
  const { asked, thread, first } = await asks('@dr restore');
  world.simulator.addFault({
    ...{ method: 'PUT', path: '/databases/AppRequestPortal' },
    lro: { fail: { code: 'InternalServerError', message: 'An unexpected error occurred.' } },
  });
  await asked.press('Alex Wilber', first);
  const run = await runIn(world, thread);
  await run.answers('Megan Bowen', 'begin', 'Approve');
  const paused = await run.happens('run.paused');
  expect(paused.event.truth).toEqual([
    'There is no database named AppRequestPortal right now.',
    expect.stringMatching(
      /^The deleted database \(AppRequestPortal \(deleted \S+Z\)\) can still be restored\.$/,
    ),
    expect.stringMatching(/^The app: HTTP 503/),
  ]);
  await run.press('Alex Wilber', 'Try again');
  expect(await run.over()).toBe('completed');
  expect(productionNow(world).requests).toBe(rows.now);
  expect(databases(world, server)).toHaveLength(1);
});

import { conversationIn } from '../support/conversation';
import { startWorld, type World } from '../support/world';
import { changes, databases, isGreen, productionNow, rows } from './support/azure';
import { endRuns, type Run, runIn } from './support/run';

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

const isTrail = { path: 'azurewebsites.net/api/audit', times: 20 };

/** Alex says it in a channel of its own; gives the conversation, the form's words and the titles of its buttons. */
async function asks(text: string) {
  const { thread } = await world.teams.say('Alex Wilber', text, {
    ...{ conversation: world.freshChannel(), timezone: 'Europe/Berlin', locale: 'en-GB' },
  });
  const asked = conversationIn(world, thread);
  const form = await asked.find('Alex Wilber', 'Show the plan');
  const buttons = world.teams.buttons('Alex Wilber', form);
  return { asked, thread, form, buttons, words: world.teams.words('Alex Wilber', form) };
}

const before = (buttons: readonly string[], what: RegExp): string => {
  const found = buttons.find((title) => what.test(title));
  if (!found) throw new Error(`No button for ${what} among ${buttons.join(' | ')}.`);
  return found;
};

/** The entry that the run's plan is bound to. */
async function boundIn(run: Run) {
  const { event } = await run.happens('plan.compiled');
  return { plan: event.plan, entry: event.plan.parameters['entry'] };
}

test.each([
  '@dr restore db to before the deletion',
  '@dr restore',
  '@dr restore the db to just before it was deleted',
])('“%s” offers the moments before what was deleted', async (text) => {
  const { buttons, words } = await asks(text);
  // Whole minutes are said without their seconds.
  expect(buttons[0]).toMatch(/^Just before Anna deleted 214 requests, \d\d:\d\d(?::(?!00)\d\d)?$/);
  expect(words).toMatch(
    /Anna deleted 214 requests\n.*\(GMT\+[12]\) · \S+Z · 25 minutes ago · the app's audit trail/,
  );
  // What people added is everyday business.
  expect(words).not.toContain('Dora');
  expect(buttons.at(-1)).toBe('Show the plan');
});

test('the moment before a deletion is one press away, bound into the plan, and brings back exactly what was deleted', async () => {
  const { asked, thread, buttons } = await asks('@dr restore db to before the deletion');
  await asked.press('Alex Wilber', before(buttons, /Anna/), { reason: 'Anna slipped' });
  const run = await runIn(world, thread);

  const { plan, entry } = await boundIn(run);
  expect(entry).toMatchObject({ source: 'audit trail', words: 'Anna deleted 214 requests' });
  expect(plan.title).toMatch(
    /^Restore AppRequestPortal to just before "Anna deleted 214 requests" \(.* UTC\)$/,
  );
  expect(plan.parameters['reason']).toBe('Anna slipped');
  const card = await run.gateCard('Megan Bowen', 'begin', 'Approve');
  expect(world.teams.words('Megan Bowen', card)).toMatch(
    /The restore point lies just before "Anna deleted 214 requests", \S+Z \(the app's audit trail, entry [0-9a-f]{16}\)/,
  );
  const { history } =
    world.simulator.estate().databases.find(({ name }) => name === 'AppRequestPortal') ?? {};
  const deletedAt = Date.parse(history?.find(({ what }) => what === 'Anna deleted 214 requests')?.at ?? '');
  const point = Date.parse(String(plan.parameters['at']));
  expect([point % 1000, deletedAt - point >= 1000, deletedAt - point < 2000]).toEqual([0, true, true]);

  await run.answers('Megan Bowen', 'begin', 'Approve');
  await run.answers('Megan Bowen', 'swap', 'Approve');
  await run.answers('Megan Bowen', 'commit', 'Keep');
  expect(await run.over()).toBe('completed');
  expect(productionNow(world).requests).toBe(rows.before);
  expect(await isGreen(world)).toBe(true);
});

test('a press that names how and why is heard; beside production nothing is swapped', async () => {
  const { asked, thread, buttons } = await asks('@dr restore db to before the deletion');
  await asked.press('Alex Wilber', before(buttons, /Anna/), { how: 'beside' });
  const run = await runIn(world, thread);
  await run.answers('Megan Bowen', 'begin', 'Approve');
  expect(await run.over()).toBe('completed');
  expect(productionNow(world).requests).toBe(rows.now);
  expect(databases(world)[1]?.requests).toBe(rows.before);
});

test("when the app's trail cannot be read the form says so, and offers what Azure's log tells, bound the same way", async () => {
  world.simulator.addFault({ ...isTrail, status: 500 });
  const { asked, thread, buttons, words } = await asks('@dr restore db to before the deletion');
  expect(words).toContain(
    "The app's audit trail could not be read (InternalServerError), so deletions of rows are not listed.",
  );
  const title = before(buttons, /^Just before this, .* on /);
  await asked.press('Alex Wilber', title, { how: 'beside' });
  const run = await runIn(world, thread);

  const { entry } = await boundIn(run);
  expect(entry).toMatchObject({
    ...{ source: 'activity log', words: 'megan.bowen@contoso.com changed AppRequestPortal' },
  });
  await run.answers('Megan Bowen', 'begin', 'Approve');
  expect(await run.over()).toBe('completed');
});

test('a deletion of a moment ago is shown, with when Azure will be able to go back behind it', async () => {
  world.simulator.changeRows('AppRequestPortal', { by: 'Bilal', rows: -40 });
  const { buttons, words } = await asks('@dr restore db to before the deletion');
  expect(words).toMatch(/Bilal deleted 40 requests\n/);
  expect(words).toMatch(/Not in the backups yet: Azure can go back there from .* on \(\S+Z, in \d minutes\)/);
  expect(buttons.some((title) => title.includes('Bilal'))).toBe(false);
  expect(buttons.some((title) => title.includes('Anna'))).toBe(true);
});

test('an entry that is gone when the plan is made is refused, and nothing is changed', async () => {
  const { asked, buttons } = await asks('@dr restore db to before the deletion');
  // The app starts anew on an estate of its own making: the trail has other entries than a moment ago.
  world.simulator.reset();
  await asked.press('Alex Wilber', before(buttons, /Anna/));
  await asked.hears(/is not in the app's audit trail any more: "Anna deleted 214 requests"/);
  expect(changes(world)).toEqual([]);
});

test('a time that is typed works as ever, and is bound to nothing', async () => {
  const { asked, thread, buttons, words } = await asks('@dr restore db to 30 minutes ago');
  expect(buttons).toEqual(['Show the plan']);
  expect(words).not.toContain('Anna');
  await asked.press('Alex Wilber', 'Show the plan', { how: 'beside' });
  const run = await runIn(world, thread);
  expect((await boundIn(run)).entry).toBeNull();
});

test('showing the plan without any time asks for one, in words', async () => {
  const { asked } = await asks('@dr restore');
  await asked.press('Alex Wilber', 'Show the plan');
  await asked.hears(/Say which time to restore to/);
  expect(changes(world)).toEqual([]);
});

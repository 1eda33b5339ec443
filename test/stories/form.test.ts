import { type Conversation, conversationIn, type Name } from '../support/conversation';
import { startWorld, type World } from '../support/world';
import { changes, databases, deleteByHand, productionNow, rows } from './support/azure';
import { endRuns, runIn } from './support/run';

/** Berlin's clocks went back from 03:00 to 02:00 at this moment: the last Sunday of the October before. */
const fold = lastFold(new Date());

let world: World;
beforeAll(async () => {
  // Noon UTC on the day after.
  world = await startWorld({ startsAt: new Date(fold.getTime() + 35 * 3_600_000) });
});
afterAll(() => world.close());
afterEach(() => endRuns(world));
beforeEach(() => world.simulator.reset());

/** Somebody in Berlin says something in a channel of its own. */
async function says(text: string, person: Name = 'Alex Wilber'): Promise<Conversation> {
  const conversation = world.freshChannel();
  const { thread } = await world.teams.say(person, text, {
    ...{ conversation, timezone: 'Europe/Berlin', locale: 'en-GB' },
  });
  return conversationIn(world, thread);
}

/** The titles of the buttons that are choices on the newest form: all but the one that sends it. */
async function choicesOf(conversation: Conversation): Promise<readonly string[]> {
  const form = await conversation.find('Alex Wilber', 'Show the plan');
  return world.teams.buttons('Alex Wilber', form).filter((title) => title !== 'Show the plan');
}

test('a bare restore opens the empty form with what Azure can give back, in the person’s time and in UTC', async () => {
  const asked = await says('@dr restore');
  const form = await asked.find('Alex Wilber', 'Show the plan');
  const words = world.teams.words('Alex Wilber', form);
  expect(words).toContain('AppRequestPortal');
  expect(words).toMatch(/S0/);
  expect(words).toContain('Times without a zone are read in Europe/Berlin.');
  expect(words).toMatch(/Earliest {2}\n.* \(GMT\+[12]\) · \S+:\d\dZ · 6 days 23 hours ago\n/);
  expect(words).toMatch(/Latest {2}\n.* \(GMT\+1\) · \S+:\d\dZ · \d+ minutes ago\n/);
  await world.teams.press('Alex Wilber', form, 'Show the plan');
  await asked.hears(/Say which time to restore to/);
});

test('what the form says a relative time means is what is restored, to the whole second', async () => {
  const asked = await says('@dr restore db to 30 minutes ago');
  const form = await asked.find('Alex Wilber', 'Show the plan');
  const shown = /Read as: \n.* · (\S+Z) · 30 minutes ago/.exec(world.teams.words('Alex Wilber', form))?.[1];
  expect(shown).toMatch(/:\d\dZ$/);
  await new Promise((later) => setTimeout(later, 1_200));
  await world.teams.press('Alex Wilber', form, 'Show the plan', { how: 'beside' });
  const run = await runIn(world, asked.thread);
  const { event } = await run.happens('run.requested');
  expect(Date.parse(String(event.parameters['at']))).toBe(Date.parse(shown ?? ''));
});

test('a time that is written anew on the form is read anew', async () => {
  const asked = await says('@dr restore db to 30 minutes ago');
  await asked.press('Alex Wilber', 'Show the plan', { time: '12:15', how: 'beside' });
  const run = await runIn(world, asked.thread);
  const { event } = await run.happens('run.requested');
  expect(Date.parse(String(event.parameters['at']))).toBe(fold.getTime() + 34.25 * 3_600_000);
});

test.each([
  ['which is still to come', '@dr restore db to 23:30', /still to come/],
  ['before the backups begin', '@dr restore db to 12 days ago', /too long ago/],
])(
  'a time %s is refused on the form, and pressing a nearest choice leads to the plan',
  async (_, text, why) => {
    const asked = await says(text);
    await asked.hears(why);
    const [first = ''] = await choicesOf(asked);
    expect(first).toMatch(/Z · \d+ .* ago$/);
    await asked.press('Alex Wilber', first);
    const run = await runIn(world, asked.thread);
    const plan = await run.happens('plan.compiled');
    const chosen = / (\S+)Z /.exec(first)?.[1];
    expect(plan.event.plan.parameters['at']).toContain(chosen ?? 'nothing');
    await run.say('Alex Wilber', '@dr abort');
    expect(await run.over()).toBe('aborted');
  },
);

test('a time that came twice when the clocks went back is never guessed: both are buttons, and one is pressed', async () => {
  const day = fold.toISOString().slice(0, 10);
  const asked = await says(`@dr restore db to 02:30 on ${day}`);
  await asked.hears(/more than one time/);
  const choices = await choicesOf(asked);
  expect(choices).toEqual([
    expect.stringMatching(new RegExp(`GMT\\+2.*${day}T00:30:00Z`)),
    expect.stringMatching(new RegExp(`GMT\\+1.*${day}T01:30:00Z`)),
  ]);
  await asked.press('Alex Wilber', choices[1] ?? '', { how: 'beside' });
  const run = await runIn(world, asked.thread);
  await run.answers('Megan Bowen', 'begin', 'Approve');
  expect(await run.over()).toBe('completed');
  const { event } = await run.happens('run.requested');
  expect(Date.parse(String(event.parameters['at']))).toBe(Date.parse(`${day}T01:30:00Z`));
  expect(databases(world)).toHaveLength(2);
});

test('a half-said time is refused with its readings as buttons', async () => {
  const asked = await says('@dr restore db to 7');
  const choices = await choicesOf(asked);
  expect(choices.length).toBeGreaterThanOrEqual(1);
  await asked.press('Alex Wilber', choices[0] ?? '');
  const run = await runIn(world, asked.thread);
  await run.happens('plan.compiled');
});

test('a database that nobody knows is refused with the names that there are', async () => {
  const asked = await says('@dr restore AppRequestPortl to 10:00');
  const words = await asked.hears(/I do not know “AppRequestPortl”/);
  expect(words).toContain('Did you mean AppRequestPortal?');
  expect(changes(world)).toEqual([]);
});

test('a database that was deleted meanwhile is said to be gone, and nothing is changed', async () => {
  const asked = await says('@dr restore db to 30 minutes ago');
  const form = await asked.find('Alex Wilber', 'Show the plan');
  await deleteByHand(world);
  await world.teams.waitFor(() => databases(world).length === 0);
  await world.teams.press('Alex Wilber', form, 'Show the plan');
  // In Azure's list or not yet: either way it is said, and nothing is done in its place.
  await asked.hears(
    /AppRequestPortal was deleted \S+Z\. The whole database can be brought back|has no database "AppRequestPortal"|no recovery point/,
  );
  expect(changes(world)).toEqual(['DELETE AppRequestPortal']);
});

test('the form takes what people type in many ways, with the mention anywhere', async () => {
  const noon = new Date(fold.getTime() + 35 * 3_600_000);
  const tenThirty = new Date(noon.getTime() - 2.5 * 3_600_000);
  for (const text of [
    'RESTORE   DB  TO 10:30',
    'restore AppRequestPortal to 10:30 @dr',
    '@dr please restore the database of apprequest to 10:30 today',
    `@dr restore db to ${tenThirty.toISOString()}`,
  ]) {
    const asked = await says(text);
    await asked.hears(new RegExp(`Read as: \n.*${tenThirty.toISOString().replace('.000Z', 'Z')}`));
  }
});

test('the words for a plan name what will be lost, and a restore beside production loses nothing', async () => {
  const asked = await says('@dr restore db to 11:15');
  await asked.press('Alex Wilber', 'Show the plan', { how: 'beside' });
  const run = await runIn(world, asked.thread);
  const card = await run.gateCard('Megan Bowen', 'begin', 'Approve');
  expect(world.teams.words('Megan Bowen', card)).toContain('None: production is not touched.');
  await run.answers('Megan Bowen', 'begin', 'Approve');
  expect(await run.over()).toBe('completed');
  expect(productionNow(world).requests).toBe(rows.now);
  expect(databases(world)[1]?.requests).toBe(rows.before);
});

/** 01:00 UTC on the last Sunday of the last October that is over. */
function lastFold(now: Date): Date {
  const of = (year: number): Date => {
    const last = new Date(Date.UTC(year, 9, 31, 1));
    return new Date(last.getTime() - last.getUTCDay() * 86_400_000);
  };
  const thisYear = of(now.getUTCFullYear());
  return thisYear < now ? thisYear : of(now.getUTCFullYear() - 1);
}

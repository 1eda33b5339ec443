import { startWorld, type World } from '../support/world';
import { endRuns, restores } from './support/run';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());
afterEach(() => endRuns(world));

const answered = async (who: string, message: string): Promise<string> => {
  const { body } = await world.teams.choose(who, message, 'addToTimeline');
  return (body as { readonly task: { readonly value: string } }).task.value;
};

test('a message of the thread is added to the timeline with its own time and author, once', async () => {
  const run = await restores(world);
  const { activity } = await world.teams.say(
    'Isaiah Langer',
    'The vendor says: <rows> are gone & will not come back',
    {
      conversation: run.thread,
      mention: false,
    },
  );
  const message = world.teams.thread(run.thread).find(({ id }) => id === activity.id);
  if (!message) throw new Error('The message is not in the thread.');
  await new Promise((later) => setTimeout(later, 1_200));

  expect(await answered('Alex Wilber', message.id)).toMatch(/Added to the timeline of inc\d+/);
  expect(await answered('Megan Bowen', message.id)).toMatch(/Added/);
  const notes = (await run.timeline()).filter(({ event }) => event.type === 'note.added');
  expect(notes).toHaveLength(1);
  expect(notes[0]).toMatchObject({
    happenedAt: message.createdAt,
    actor: { name: 'Alex Wilber' },
    event: { text: 'The vendor says: <rows> are gone & will not come back', of: 'Isaiah Langer' },
  });
  expect(Date.parse(notes[0]?.recordedAt ?? '')).toBeGreaterThan(Date.parse(message.createdAt) + 1_000);
  await run.hears(/Added what Isaiah Langer had said/);
  expect(await answered('Isaiah Langer', message.id)).toMatch(/Only a responder or an approver may do this/);
});

test('a message that stands in no incident’s thread is not added, and whoever chose it is told why', async () => {
  const { thread, activity } = await world.teams.say('Alex Wilber', 'lunch?', {
    conversation: world.freshChannel(),
    mention: false,
  });
  expect(thread).toContain('messageid');
  expect(await answered('Alex Wilber', activity.id ?? '')).toMatch(
    /does not stand in the thread of an incident/,
  );
});

test('a note keeps the time at which it was said', async () => {
  const run = await restores(world);
  const before = Date.now();
  await run.say('Alex Wilber', '@dr note the vendor is on the phone');
  const note = await run.happens('note.added');
  expect(Date.parse(note.happenedAt)).toBeGreaterThanOrEqual(before - 50);
  expect(Date.parse(note.happenedAt)).toBeLessThanOrEqual(Date.parse(note.recordedAt));
});

test('of a secret that stands where a long message is cut, nothing is kept', async () => {
  const run = await restores(world);
  const text = `${'far '.repeat(495)}eyJhbGciOiJI.eyJzdWIiOiIxMjM0NTY3ODkw.c2lnbmF0dXJl`;
  const { activity } = await world.teams.say('Isaiah Langer', text, {
    ...{ conversation: run.thread, mention: false },
  });
  await answered('Alex Wilber', activity.id ?? '');
  const { event } = await run.happens('note.added');
  expect(event.text).toMatch(/^far .* far \[hidden\]$/);
});

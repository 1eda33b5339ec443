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
  expect(await answered('Megan Bowen', message.id)).toMatch(/is on the timeline of inc\d+ already, as #\d+/);
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

/** Ten minutes ago: none of the bot's own times, however slow this machine is. */
const longAgo = new Date(Date.now() - 600_000).toISOString();

test('a note keeps the time at which it was said, however late it comes', async () => {
  const run = await restores(world);
  const { activity } = await world.teams.say('Alex Wilber', '@dr status', { conversation: run.thread });
  const text = '<at>dr</at> note the vendor is on the phone';
  await world.teams.send({ ...activity, id: 'came-late', timestamp: longAgo, text });
  const note = await run.happens('note.added');
  expect(note.happenedAt).toBe(longAgo);
  expect(Date.parse(note.recordedAt)).toBeGreaterThan(Date.parse(longAgo) + 590_000);
});

test('whoever adds a message is told what became of it: with which time, cut, or there before', async () => {
  const run = await restores(world);
  const { activity } = await world.teams.say('Alex Wilber', 'hm', {
    conversation: run.thread,
    mention: false,
  });
  const adds = async (message: { id: string; createdDateTime?: string; words?: string }): Promise<string> => {
    const { id, createdDateTime, words = 'the vendor is on the phone' } = message;
    const { body } = await world.teams.send({
      ...{ ...activity, id: `add-${Math.random()}`, type: 'invoke', name: 'composeExtension/fetchTask' },
      value: {
        ...{ commandId: 'addToTimeline', commandContext: 'message' },
        messagePayload: { id, createdDateTime, body: { content: `<p>${words}</p>` } },
      },
    });
    return (body as { readonly task: { readonly value: string } }).task.value;
  };
  const old = '2025-11-02T08:00:00.000Z';
  expect(await adds({ id: 'old', createdDateTime: old })).toMatch(/as #\d+, with the time of the message\.$/);
  expect(await adds({ id: 'odd', createdDateTime: '0001-01-01T00:00:00Z' })).toMatch(/with the time of now/);
  expect(await adds({ id: 'old', createdDateTime: old, words: 'edited' })).toMatch(
    /already, as #\d+.*@dr amend #\d+/,
  );
  expect(await adds({ id: 'long', createdDateTime: old, words: 'x'.repeat(3_000) })).toMatch(
    /has its beginning/,
  );
  const notes = (await run.timeline()).filter(({ event }) => event.type === 'note.added');
  const [kept, odd, long] = notes;
  expect([kept?.happenedAt, long?.happenedAt]).toEqual([old, old]);
  expect(Date.parse(odd?.happenedAt ?? '')).toBeGreaterThan(Date.parse(longAgo));
  expect(notes).toHaveLength(3);
  expect(long?.event).toMatchObject({ text: `${'x'.repeat(1_999)}…` });
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

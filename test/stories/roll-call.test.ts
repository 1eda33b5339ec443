import { startWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

const wordsIn = (person: string, where: 'thread' | 'chat', thread: string): string =>
  (where === 'chat' ? world.teams.personal(person) : world.teams.thread(thread))
    .filter((message) => message.card !== undefined)
    .map((message) => world.teams.words(person, message))
    .join('\n');

test('a roll-call asks everybody who may approve, also in their own chat, and shows who answered and how fast', async () => {
  const { teams } = world;
  const { thread } = await teams.say('Alex Wilber', '@dr roll-call', { conversation: world.freshChannel() });
  const own = await teams.waitFor(() =>
    teams
      .personal('Megan Bowen')
      .find((message) => teams.buttons('Megan Bowen', message).includes('I am here')),
  );
  expect(teams.words('Megan Bowen', own)).toMatch(/0 of 2 approvers.*Megan Bowen:\s*no answer yet/s);
  await teams.press('Megan Bowen', own, 'I am here');
  await teams.press('Megan Bowen', own, 'I am here');
  await teams.waitFor(() => /1 of 2 approvers/.test(wordsIn('Isaiah Langer', 'thread', thread)));
  expect(wordsIn('Isaiah Langer', 'thread', thread)).toMatch(/Megan Bowen:\s*after/);

  const shared = teams.thread(thread).findLast((message) => message.card !== undefined);
  if (!shared) throw new Error('There is no card.');
  await teams.press('Isaiah Langer', shared, 'I am here');
  await teams.waitFor(() => /you are not among them/.test(wordsIn('Isaiah Langer', 'thread', thread)));
  await teams.say('Adele Vance', '@dr here', { conversation: thread });
  await teams.waitFor(() => /Everybody has answered/.test(wordsIn('Isaiah Langer', 'thread', thread)));
  expect(
    world.simulator.journal().filter(({ method, url }) => method !== 'GET' && url.includes('management')),
  ).toEqual([]);
});

test('who may only look cannot ask for one', async () => {
  const { teams } = world;
  const { thread } = await teams.say('Isaiah Langer', '@dr roll-call', {
    conversation: world.freshChannel(),
  });
  await teams.waitFor(() => /Not done: roll-call/.test(wordsIn('Isaiah Langer', 'thread', thread)));
});

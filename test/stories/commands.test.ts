import { conversationIn, type Name } from '../support/conversation';
import { startWorld, type World } from '../support/world';
import { changes } from './support/azure';
import { endRuns, restores, type Told } from './support/run';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());
afterEach(() => endRuns(world));
beforeEach(() => world.simulator.reset());

async function says(text: string, person: Name = 'Alex Wilber') {
  const { thread } = await world.teams.say(person, text, { conversation: world.freshChannel() });
  return conversationIn(world, thread);
}

test('an unknown command gets the nearest one as a button, and pressing it does that', async () => {
  const asked = await says('@dr statsu');
  await asked.hears(/Did you mean “status”\?/);
  await asked.press('Alex Wilber', 'status');
  await asked.hears(/No incident is open|no open incident|Nothing/i);
});

test('help shows what this person may do, and whom to ask for the rest', async () => {
  const forAlex = await (await says('@dr help')).hears(/What you can do here/);
  expect(forAlex).toMatch(/Alex Wilber · responder/);
  expect(forAlex).toMatch(/@dr restore\n/);
  const forIsaiah = await (await says('@dr help', 'Isaiah Langer')).hears(/What you can do here/);
  expect(forIsaiah).toMatch(/@dr status\n/);
  expect(forIsaiah).not.toMatch(/@dr restore\n/);
  expect(forIsaiah).toMatch(/For other people: restore \(responder or approver\)/);
});

test('commands about a run are refused in words where there is none', async () => {
  for (const command of ['abort', 'retry', 'skip because', 'undo', 'keep', 'note hello', 'amend #1 hello']) {
    const asked = await says(`@dr ${command}`);
    const words = await asked.hears(/Not done|Nothing has happened yet/);
    expect(words).toMatch(/No incident is open|There is nothing|is over/);
  }
  expect(changes(world)).toEqual([]);
});

test('status, timeline and note are answered about the incident of the thread, by anybody who may', async () => {
  const run = await restores(world, { inputs: { how: 'beside' } });
  await run.happens('gate.opened');
  await run.say('Isaiah Langer', '@dr status');
  const status = await run.hears(/Approval to begin[\s\S]*approver/);
  expect(status).toContain(run.incident);
  await run.say('Alex Wilber', '@dr note the vendor is on the phone');
  expect((await run.happens('note.added')).event.text).toBe('the vendor is on the phone');
  await run.say('Isaiah Langer', '@dr timeline');
  await run.happens('timeline.read');
  await run.hears(/Note: the vendor is on the phone/);
  await run.say('Isaiah Langer', '@dr retry');
  await run.hears(/Not done: retry/);
  await run.say('Alex Wilber', '@dr abort enough');
  expect(await run.over()).toBe('aborted');
});

test('an entry is amended by one that points at it, by those who may note, and only where there is such an entry', async () => {
  const run = await restores(world);
  await run.say('Alex Wilber', '@dr note production is down');
  const { seq } = await run.happens('note.added');
  await run.say('Alex Wilber', '@dr amend #99 it was staging');
  await run.hears(new RegExp(`${run.incident} has no entry #99. It has #1 to #\\d+`));
  await run.say('Alex Wilber', '@dr amend it was staging');
  await run.hears(/Say which entry of inc\d+ and what is right/);
  await run.say('Isaiah Langer', `@dr amend #${seq} nothing was down`);
  await run.hears(/Not done: amend/);
  await run.say('Alex Wilber', `@dr amend #${seq} it was staging`);
  const amendment = await run.happens('entry.amended');
  expect(amendment).toMatchObject({ actor: { name: 'Alex Wilber' }, event: { seq, text: 'it was staging' } });
  await run.hears(new RegExp(`#${amendment.seq} .*Amended #${seq}: “it was staging”`));
  await run.say('Isaiah Langer', '@dr timeline');
  await run.hears(new RegExp(`production is down[^]*amended by #${amendment.seq}: “it was staging”`));
  const markdown = await (await fetch(`${world.bot.url}/incidents/${run.incident}?format=markdown`)).text();
  expect(markdown).toMatch(
    new RegExp(`production is down \\(amended by #${amendment.seq}: “it was staging”\\)`),
  );
  const amended = (await run.timeline()).filter(({ event }) => event.type === 'entry.amended');
  expect(amended).toHaveLength(1);
});

test('the exported timeline is whole, in Markdown and in JSON, and its links hold nothing else', async () => {
  const run = await restores(world, { inputs: { how: 'beside', reason: 'rows | were `deleted`' } });
  await run.answers('Megan Bowen', 'begin', 'Approve', { reason: 'ok' });
  expect(await run.over()).toBe('completed');
  await run.say('Isaiah Langer', '@dr timeline export');
  await run.happens('timeline.read');
  const [markdown, json] = await world.teams.waitFor(() => {
    const links = world.teams
      .thread(run.thread)
      .flatMap(
        (message) => JSON.stringify(message.card ?? {}).match(/https?:[^"]*\/incidents\/[^"]*/g) ?? [],
      );
    return links.length >= 2 && [find(links, 'markdown'), find(links, 'json')];
  }, 10_000);
  const entries = await run.timeline();

  const asJson = (await (await get(json)).json()) as {
    readonly entries: readonly Told[];
    readonly runs: object[];
  };
  expect(asJson.entries).toEqual(entries);
  expect(asJson.runs).toHaveLength(1);
  const asMarkdown = await (await get(markdown)).text();
  for (const { seq, hash } of entries)
    expect(asMarkdown).toMatch(new RegExp(`\\| ${seq} \\|.*\\| \`${hash}\` \\|`));
  expect(asMarkdown).toContain('Megan Bowen');
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));

  const nowhere = await fetch(`${world.bot.url}/incidents/inc999`);
  expect(nowhere.status).toBe(404);
});

const find = (links: readonly string[], format: string): string =>
  links.find((link) => link.includes(`format=${format}`)) ?? '';

/** The links name the address that the bot was told; here it took a free port. */
const get = (link: string | undefined): Promise<Response> => {
  const { pathname, search } = new URL(link ?? '');
  return fetch(`${world.bot.url}${pathname}${search}`);
};

test('whoever fetches an export by its link is written down, again within the minute where there is more to read', async () => {
  const run = await restores(world);
  await run.say('Megan Bowen', '@dr timeline export');
  const link = await world.teams.waitFor(() =>
    world.teams
      .thread(run.thread)
      .flatMap((message) => JSON.stringify(message.card ?? {}).match(/https?:[^"]*format=json[^"]*/g) ?? [])
      .at(-1),
  );
  const reads = async (format = 'json') =>
    (await run.timeline()).flatMap(({ actor, event }) =>
      event.type === 'timeline.read' && event.format === format ? [actor] : [],
    );
  expect(await reads()).toEqual([]);
  expect((await get(link)).status).toBe(200);
  expect((await get(link)).status).toBe(200);
  const [first, ...more] = await reads();
  expect(first).toMatchObject({ name: 'Megan Bowen' });
  // Two fetches may fall into two minutes.
  expect(more.length).toBeLessThan(2);
  expect((await get(link.replace(/key=[^&]+/, 'key=guessed'))).status).toBe(200);
  expect((await reads()).length).toBe(1 + more.length);
  await run.say('Alex Wilber', '@dr note the vendor is on the phone');
  await run.happens('note.added');
  expect((await get(link)).status).toBe(200);
  expect((await reads()).length).toBe(2 + more.length);
  // The command is a reading of its own.
  expect(await reads('markdown')).toHaveLength(1);
  expect((await get(link.replace('format=json', 'format=markdown'))).status).toBe(200);
  expect(await reads('markdown')).toHaveLength(2);
});

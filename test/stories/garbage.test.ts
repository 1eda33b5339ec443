import * as fc from 'fast-check';
import type { Activity } from '../../src/simulator/teams/activity';
import { conversationIn } from '../support/conversation';
import { startWorld, type World } from '../support/world';
import { changes } from './support/azure';
import { tokenOf } from './support/press';
import { endRuns, restores } from './support/run';

const evil = '<b>[x](http://evil)</b> \u0024{1+1} <at>Megan</at> **A**';

let world: World;
beforeAll(async () => {
  world = await startWorld({
    estate: ({ people }) => {
      for (const person of people) if (person.name === 'Adele Vance') person.name = evil;
    },
  });
});
afterAll(() => world.close());
beforeEach(() => world.simulator.reset());
afterEach(async () => {
  await endRuns(world);
  expect(changes(world)).toEqual([]);
  const shown = JSON.stringify(world.teams.store.all());
  for (const text of [shown, world.bot.log()]) expect(text).not.toMatch(stackTrace);
  expect(world.bot.log()).not.toMatch(/"level":50/);
});

/** A frame of a trace, as text or within JSON. */
const stackTrace = /\bat [^\n"]{0,200}\.[cm]?[jt]s:\d+:\d+/;

/** Posts to the bot's endpoint as it is; gives status and text, which must hold no trace. */
async function posts(
  body: string,
  contentType = 'application/json',
): Promise<{ readonly status: number; readonly text: string }> {
  const answer = await fetch(`${world.bot.url}/api/messages`, {
    method: 'POST',
    headers: { 'content-type': contentType },
    body,
  });
  const text = await answer.text();
  expect(text).not.toMatch(stackTrace);
  return { status: answer.status, text };
}

/** A message of Alex that would be answered if nothing were wrong with it. */
const message = (): Activity => ({ ...world.teams.blank('Alex Wilber', 'message'), text: 'help' });

const without = (key: string): unknown =>
  Object.fromEntries(Object.entries(message()).filter(([name]) => name !== key));

test('what is not an activity is refused with a sentence', async () => {
  expect(await posts('{"type": "message"')).toMatchObject({
    status: 400,
    text: expect.stringContaining('not valid JSON'),
  });
  expect(await posts(JSON.stringify(message()), 'text/plain')).toMatchObject({ status: 415 });
  expect(await posts('type=message', 'application/x-www-form-urlencoded')).toMatchObject({ status: 415 });
  expect(await posts(JSON.stringify({ ...message(), text: 'x'.repeat(1_000_000) }))).toMatchObject({
    status: 413,
  });
  for (const body of [
    'null',
    '[]',
    '"message"',
    '7',
    '{}',
    '{"type":{}}',
    '{"__proto__":{"type":"message"}}',
  ])
    expect(await posts(body)).toMatchObject({
      status: 400,
      text: expect.stringContaining('not a readable activity'),
    });
});

test.each(['type', 'from', 'recipient', 'conversation', 'serviceUrl', 'channelId'])(
  'an activity without "%s" is refused, and the field is named',
  async (field) => {
    const { status, text } = await posts(JSON.stringify(without(field)));
    expect(status).toBe(400);
    expect(text).toContain(field);
  },
);

test('an activity from another channel, or that asks for answers to another machine, is not listened to', async () => {
  expect(await posts(JSON.stringify({ ...message(), channelId: 'slack' }))).toMatchObject({ status: 403 });
  const elsewhere = { ...message(), serviceUrl: 'https://evil.example/collect' };
  expect(await posts(JSON.stringify(elsewhere))).toMatchObject({ status: 403 });
});

test('an activity that does not say whose it is gets no work done', async () => {
  const { from: _, ...rest } = message();
  const nobody = {
    ...rest,
    text: 'restore db to 20 minutes ago',
    from: { id: 'user-id-0', name: 'Alex Wilber' },
  };
  expect((await posts(JSON.stringify(nobody))).status).toBe(200);
  const asked = await world.teams.say('Alex Wilber', '@dr help', { conversation: world.freshChannel() });
  await conversationIn(world, asked.thread).hears(/What you can do here/);
  expect(JSON.stringify(world.teams.personal('Alex Wilber'))).not.toContain('Show the plan');
});

test('an unknown invoke and an unknown kind of activity are answered and do nothing', async () => {
  const invoke = { ...world.teams.blank('Alex Wilber', 'invoke'), name: 'task/fetch', value: {} };
  expect(await posts(JSON.stringify(invoke))).toMatchObject({
    status: 400,
    text: expect.stringContaining('task/fetch'),
  });
  for (const type of ['typing', 'messageReaction', 'endOfConversation', 'event', 'nonsense'])
    expect((await posts(JSON.stringify({ ...message(), type }))).status).toBeLessThan(500);
});

test('a text of 100,000 characters is answered in words', async () => {
  const { thread } = await world.teams.say('Alex Wilber', `restore db to ${'x'.repeat(100_000)}`, {
    conversation: world.freshChannel(),
  });
  await conversationIn(world, thread).hears(/That is too long for me/);
});

test('forged, foreign, replayed and unknown buttons are answered in words, and nothing comes of them', async () => {
  const run = await restores(world);
  const card = await run.gateCard('Megan Bowen', 'begin', 'Approve', 'thread');
  const press = async (data: unknown, verb = 'vote', who = 'Megan Bowen') => {
    const { status, body } = await world.teams.execute(who, card, { verb, data });
    expect(status).toBe(200);
    expect(JSON.stringify(body)).not.toMatch(stackTrace);
    return JSON.stringify(body);
  };
  const forged = { run: run.run, stage: 'begin', choice: 'approve', person: 'Megan Bowen' };
  expect(await press(forged)).toContain('nothing that the bot can read');
  expect(await press({ ...forged, token: 'A'.repeat(22) })).toContain('not one of this bot');
  expect(await press({ token: "' or true --; drop table action_tokens" })).toContain('not one of this bot');
  for (const data of [null, [], 'approve', 7, { token: {} }, { token: 'x'.repeat(5_000) }])
    expect(await press(data, 'launch')).toContain('nothing that the bot can read');
  expect(await press({ card: 'gate:inc1-1:begin:999999' }, 'refresh')).toContain('not kept any more');
  const megans = tokenOf(world, 'Megan Bowen', card, 'Reject: stop the run');
  expect(await press({ token: megans }, 'vote', 'Isaiah Langer')).toContain('drawn for somebody else');
  expect((await run.timeline()).map(({ event }) => event.type)).not.toContain('vote.cast');

  await press({ token: megans, reason: 'no' });
  expect(await run.over()).toBe('rejected');
  await press({ token: megans, reason: 'again' });
  expect((await run.timeline()).filter(({ event }) => event.type === 'vote.cast')).toHaveLength(1);
});

test('a button of an earlier run does nothing in a later one', async () => {
  const first = await restores(world);
  const old = await first.gateCard('Megan Bowen', 'begin', 'Approve', 'thread');
  const token = tokenOf(world, 'Megan Bowen', old, 'Approve');
  await first.say('Alex Wilber', '@dr abort');
  expect(await first.over()).toBe('aborted');

  const second = await restores(world);
  const card = await second.gateCard('Megan Bowen', 'begin', 'Approve', 'thread');
  const { body } = await world.teams.execute('Megan Bowen', card, { verb: 'vote', data: { token } });
  expect(JSON.stringify(body)).toMatch(/This run is over/);
  expect((await second.timeline()).map(({ event }) => event.type)).not.toContain('vote.cast');
});

test('markup, links, mentions and templates in names, reasons and notes are shown as the letters that they are', async () => {
  const run = await restores(world, { inputs: { reason: evil } });
  await run.answers('Megan Bowen', 'begin', 'Reject', { reason: evil });
  expect(await run.over()).toBe('rejected');
  await run.say('Adele Vance', `@dr note ${evil}`);
  await run.happens('note.added');
  await run.say('Adele Vance', '@dr timeline');
  await run.say('Adele Vance', `@dr ${evil}`);
  await run.say('Adele Vance', '@dr help');
  await run.hears(/I do not know that command/);
  await run.hears(/What you can do here/);
  await run.hears(/#\d+ .*Note: /);

  const cards = world.teams.thread(run.thread).flatMap(({ card }) => (card ? [card] : []));
  expect(JSON.stringify(cards)).toContain('\u0024{1+1}');
  expect(run.entries().filter((line) => line.includes('evil')).length).toBeGreaterThanOrEqual(2);
  for (const text of [...run.entries(), ...markdownIn(cards)]) {
    expect(text).not.toMatch(/<\/?(?:b|at)>/);
    expect(text).not.toContain('[x](http');
    expect(text).not.toContain('**A**');
  }
  const export_ = await fetch(`${world.bot.url}/incidents/${run.incident}?format=markdown`);
  expect(export_.headers.get('content-type')).toMatch(/^text\/markdown/);
  expect(await export_.text()).not.toMatch(/<b>|\[x\]\(http|<at>/);
});

test('any JSON at all is answered with a status below 500 and no trace', async () => {
  const given = message();
  const field = fc.constantFrom(...Object.keys(given), 'value', 'name', 'replyToId', 'attachments');
  const nearly = fc
    .dictionary(field, fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' })), { maxKeys: 3 })
    .map((changed) => ({ ...given, id: undefined, ...changed }));
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.jsonValue(), nearly), async (body) => {
      expect((await posts(JSON.stringify(body) ?? 'null')).status).toBeLessThan(500);
    }),
    { numRuns: 150 },
  );
  const health = await fetch(`${world.bot.url}/health`);
  expect(await health.json()).toMatchObject({ status: 'ok', store: 'reachable' });
});

/** The texts of cards that Teams reads as Markdown: those of text blocks; text runs and buttons are plain. */
function markdownIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(markdownIn);
  if (typeof value !== 'object' || value === null) return [];
  const { type, text }: { readonly type?: unknown; readonly text?: unknown } = value;
  const own = type === 'TextBlock' && typeof text === 'string' ? [text] : [];
  return [...own, ...Object.values(value).flatMap(markdownIn)];
}

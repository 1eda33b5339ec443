import { type ChatBot, startChatBot } from './support/chat-bot';
import { type ChatStores, startChatStores } from './support/chat-store';
import { planned } from './support/plan';

let stores: ChatStores;
beforeAll(async () => {
  stores = await startChatStores();
});
afterAll(() => stores.close());

const started = Date.now();
/** A clock that shows noon, UTC, when the tests begin. */
const now = () => new Date(Date.parse('2026-02-14T12:00:00Z') + Date.now() - started);

/** All words on the bot's newest card in a thread. */
function words(bot: ChatBot, thread: string, who = 'alex'): string {
  const message = bot.teams.thread(thread).findLast(({ from, card }) => from.kind === 'bot' && card);
  return message ? JSON.stringify(bot.teams.view(who, message)) : '';
}

async function asks(bot: ChatBot, who: string, text: string, conversation = 'channel') {
  const said = await bot.teams.say(who, text, { conversation, timezone: 'Europe/Berlin', locale: 'en-GB' });
  await bot.quiet();
  return said.thread;
}

test('help shows what the person may do, and a command that nobody knows gets the nearest one as a button', async () => {
  const bot = await startChatBot(await stores.fresh(), { now });
  try {
    const forAlex = words(bot, await asks(bot, 'alex', 'help'));
    expect(forAlex).toContain('restore db to 10:00');
    const forIsaiah = words(bot, await asks(bot, 'isaiah', 'help'), 'isaiah');
    expect(forIsaiah).toContain('timeline');
    expect(forIsaiah).not.toContain('restore db to 10:00');

    const thread = await asks(bot, 'alex', 'retsore db to 10:00');
    expect(words(bot, thread)).toContain('Did you mean');
    const card = await bot.withButton('alex', 'restore', thread);
    await bot.teams.press('alex', card, 'restore');
    await bot.withButton('alex', 'Show the plan', thread);
  } finally {
    await bot.close();
  }
});

test('an approval is not given by typing it: the bot says on which card it is', async () => {
  const bot = await startChatBot(await stores.fresh(), { now });
  try {
    const thread = await asks(bot, 'alex', 'restore db to 10:00');
    await bot.teams.press('alex', await bot.withButton('alex', 'Show the plan', thread), 'Show the plan');
    await bot.quiet();
    await asks(bot, 'megan', 'reject', thread);
    expect(words(bot, thread, 'megan')).toContain('Nothing waits for an approval');
    for (const event of planned(new Date('2026-02-14T13:00:00Z'))) bot.engine.happen('inc1', event);
    await bot.quiet();
    for (const typed of ['approve', 'Approved!', 'reject it']) {
      await asks(bot, 'megan', typed, thread);
      expect(words(bot, thread, 'megan')).toContain(
        'Nothing was answered by this message. The answer is given',
      );
    }
    expect(bot.engine.asked).toHaveLength(1);
  } finally {
    await bot.close();
  }
});

test('somebody whom Teams does not name is told so, and nothing is done for them', async () => {
  const bot = await startChatBot(await stores.fresh(), { now });
  try {
    const thread = await asks(bot, 'alex', 'status');
    const said = bot.teams.blank('alex', 'message', thread);
    const answer = await fetch(`${bot.url}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: JSON.stringify({
        ...said,
        from: { ...said.from, aadObjectId: undefined },
        text: '@dr restore db to 10:00',
      }),
    });
    expect(answer.status).toBe(200);
    await bot.quiet();
    expect(words(bot, thread)).toContain('Teams did not say who you are, so nothing was changed.');
    expect(bot.engine.asked).toEqual([]);
  } finally {
    await bot.close();
  }
});

test('restore opens the form with the values of live Azure and what was said, read in the person’s zone', async () => {
  const bot = await startChatBot(await stores.fresh(), { now });
  try {
    const thread = await asks(bot, 'alex', 'Restore  DB to 10:00');
    const form = words(bot, thread);
    expect(form).toContain('2.1 GB');
    expect(form).toContain('2026-02-14T09:00:00Z');
    expect(form).toContain('Europe/Berlin');

    const card = await bot.withButton('alex', 'Show the plan', thread);
    const answer = await bot.teams.press('alex', card, 'Show the plan', { reason: 'rows were deleted' });
    expect(JSON.stringify(answer.body)).toContain('Reading Azure');
    await bot.quiet();
    expect(bot.engine.asked).toEqual([
      expect.objectContaining({
        call: 'request',
        by: 'Alex Wilber',
        what: {
          app: 'apprequest',
          database: 'AppRequestPortal',
          at: '2026-02-14T09:00:00Z',
          how: 'swap',
          reason: 'rows were deleted',
          zone: 'Europe/Berlin',
          conversation: thread,
        },
      }),
    ]);
    expect(JSON.stringify(bot.teams.view('alex', card))).toContain('Asked for: Restore a database');
    expect(bot.lines(thread)[0]).toMatch(/^#1 12:00:\d\dZ · Alex Wilber · /);
  } finally {
    await bot.close();
  }
});

test('a time that cannot be is refused on the form with times that can, and choosing one goes on', async () => {
  const bot = await startChatBot(await stores.fresh(), { now });
  try {
    const thread = await asks(bot, 'alex', 'restore db to 18:00');
    const form = await bot.withButton('alex', 'Show the plan', thread);
    expect(JSON.stringify(bot.teams.view('alex', form))).toContain('is still to come');
    await bot.teams.press('alex', form, 'Show the plan');
    await bot.quiet();
    expect(bot.engine.asked).toEqual([]);
    const refused = JSON.stringify(bot.teams.view('alex', form));
    expect(refused).toContain('is still to come');

    const choice = bot.teams.buttons('alex', form).find((title) => title.startsWith('18:00 on Fri'));
    if (!choice) throw new Error(`No choice among ${bot.teams.buttons('alex', form).join(', ')}.`);
    await bot.teams.press('alex', form, choice);
    await bot.quiet();
    expect(bot.engine.asked[0]?.what['at']).toBe('2026-02-13T17:00:00Z');
  } finally {
    await bot.close();
  }
});

test('when Azure does not answer, the form says so in time and can be tried again', async () => {
  const bot = await startChatBot(await stores.fresh(), { now });
  try {
    const { read } = bot.engine.forms;
    bot.engine.forms.read = () => new Promise(() => undefined);
    const thread = await asks(bot, 'alex', 'restore db to 10:00');
    expect(words(bot, thread)).toContain('Azure could not be read');
    bot.engine.forms.read = read;
    const card = await bot.withButton('alex', 'Try again', thread);
    await bot.teams.press('alex', card, 'Try again');
    await bot.withButton('alex', 'Show the plan', thread);
    await bot.quiet();
    expect(words(bot, thread)).toContain('2026-02-14T09:00:00Z');
  } finally {
    await bot.close();
  }
});

test('somebody who may only look cannot restore, not even with a button of somebody else’s form', async () => {
  const bot = await startChatBot(await stores.fresh(), { now });
  try {
    const refused = await asks(bot, 'isaiah', 'restore db to 10:00');
    expect(words(bot, refused, 'isaiah')).toContain('You are viewer');
    const thread = await asks(bot, 'alex', 'restore db to 10:00');
    const form = await bot.withButton('isaiah', 'Show the plan', thread);
    const answer = await bot.teams.press('isaiah', form, 'Show the plan');
    expect(JSON.stringify(answer.body)).toContain('Only a responder or an approver may do this');
    await bot.quiet();
    expect(bot.engine.asked).toEqual([]);
    await bot.teams.press('alex', form, 'Show the plan');
    await bot.quiet();
    expect(bot.engine.asked).toHaveLength(1);
  } finally {
    await bot.close();
  }
});

test.each([
  ['of a team that it was added to', true],
  ['in which nobody has ever spoken to it', false],
])(
  'asked for in a 1:1 chat, the incident is handled in a new thread of the app’s channel %s',
  async (_where, installed) => {
    const bot = await startChatBot(await stores.fresh(), { now });
    try {
      if (installed) await bot.teams.install();
      await asks(bot, 'alex', 'restore db to 10:00', 'personal');
      const form = await bot.withButton('alex', 'Show the plan');
      await bot.teams.press('alex', form, 'Show the plan');
      await bot.teams.waitFor(() => bot.engine.asked.length > 0);
      await bot.quiet();
      const conversation = String(bot.engine.asked[0]?.what['conversation']);
      expect(conversation).toMatch(/^team-id;messageid=\d+$/);
      expect(bot.lines(conversation)).toHaveLength(2);
      expect(bot.teams.personal('alex').map(({ text }) => text)).not.toContain(expect.stringContaining('#1'));
    } finally {
      await bot.close();
    }
  },
);

test('abort, retry, skip and undo go to the run of the thread, with their reasons, from those who may', async () => {
  const bot = await startChatBot(await stores.fresh(), { now });
  try {
    const thread = await asks(bot, 'alex', 'restore db to 10:00');
    await bot.teams.press('alex', await bot.withButton('alex', 'Show the plan', thread), 'Show the plan');
    await bot.quiet();
    for (const event of planned(new Date('2026-02-14T13:00:00Z'))) bot.engine.happen('inc1', event);
    bot.engine.happen('inc1', {
      type: 'run.paused',
      pause: 1,
      stage: 'restore',
      attempt: 1,
      because: 'failed',
      truth: ['AppRequestPortal is online and unchanged.'],
    });
    await bot.quiet();

    await asks(bot, 'isaiah', 'retry', thread);
    expect(words(bot, thread, 'isaiah')).toContain('You are viewer');
    await asks(bot, 'alex', 'skip', thread);
    expect(words(bot, thread)).toContain('Say why');
    await asks(bot, 'alex', 'skip   done by hand', thread);
    await asks(bot, 'megan', 'undo', thread);
    expect(words(bot, thread)).toContain('is not waiting for a decision');
    await asks(bot, 'megan', 'abort wrong database', thread);
    await asks(bot, 'alex', 'note the vendor is on the phone', thread);
    expect(bot.engine.asked.slice(1).map(({ call, by, what }) => [call, by, what])).toEqual([
      ['decide', 'Alex Wilber', { choice: 'skip', reason: 'done by hand' }],
      ['abort', 'Megan Bowen', { reason: 'wrong database' }],
      ['note', 'Alex Wilber', { type: 'note.added', text: 'the vendor is on the phone' }],
    ]);
  } finally {
    await bot.close();
  }
});

test('a note keeps its time and its author when somebody else says for which of several incidents it is', async () => {
  const bot = await startChatBot(await stores.fresh(), { now, teams: { now } });
  try {
    for (const id of ['one', 'two'])
      await bot.engine.engine.request({
        ...{ id, app: 'apprequest', runbook: 'restore-database', parameters: {}, words: '' },
        ...{ by: { id: 'alex', name: 'Alex Wilber', roles: [] }, conversation: id, at: now() },
      });
    const before = now();
    const thread = await asks(bot, 'alex', 'note the vendor is on the phone');
    const heard = now();
    const card = await bot.withButton('megan', 'inc1: Restore a database', thread);
    await new Promise((later) => setTimeout(later, 1_200));
    await bot.teams.press('megan', card, 'inc1: Restore a database');
    await bot.quiet();
    const note = (await bot.engine.engine.incident('inc1'))?.entries.at(-1);
    expect(note).toMatchObject({
      actor: { name: 'Megan Bowen' },
      event: { type: 'note.added', text: 'the vendor is on the phone', of: 'Alex Wilber' },
    });
    expect(note?.happenedAt.getTime()).toBeGreaterThanOrEqual(before.getTime());
    expect(note?.happenedAt.getTime()).toBeLessThanOrEqual(heard.getTime());
  } finally {
    await bot.close();
  }
});

test('the timeline is shown and exported, and its links are good for whoever has them and nobody else', async () => {
  const bot = await startChatBot(await stores.fresh(), { now });
  try {
    const thread = await asks(bot, 'alex', 'restore db to 10:00');
    await bot.teams.press('alex', await bot.withButton('alex', 'Show the plan', thread), 'Show the plan');
    await bot.quiet();
    await asks(bot, 'isaiah', 'timeline', thread);
    expect(words(bot, thread, 'isaiah')).toContain('Alex Wilber');
    await asks(bot, 'isaiah', 'timeline export', thread);
    const link = /http:[^"]+format=markdown[^"]+/.exec(words(bot, thread, 'isaiah'))?.[0];
    if (!link) throw new Error('No link.');
    expect(await (await fetch(link)).text()).toContain('# Restore a database');
    const forged = await fetch(link.replace(/key=.*/, 'key=AAAA'), {
      headers: { 'x-forwarded-for': '203.0.113.7' },
    });
    expect(forged.status).toBe(403);
    expect((await fetch(`${bot.url}/incidents/inc99`)).status).toBe(404);
    const json = (await (await fetch(`${bot.url}/incidents/inc1`)).json()) as {
      readonly entries: readonly unknown[];
    };
    expect(json.entries.length).toBeGreaterThan(1);
  } finally {
    await bot.close();
  }
});

test('huge texts, HTML and injected cards are answered in plain words and reach nobody', async () => {
  const bot = await startChatBot(await stores.fresh(), { now });
  try {
    const long = await asks(bot, 'alex', `restore ${'x'.repeat(9_000)}`);
    expect(words(bot, long)).toContain('too long');
    const html = await asks(
      bot,
      'alex',
      '<img src=x onerror=alert(1)> [x](http://evil.example) <at>Megan</at>',
    );
    expect(words(bot, html)).not.toContain('<img');
    const { activity } = await bot.teams.say('alex', 'status \u0000 \ud800');
    expect((await bot.teams.resend(activity, 1))[0]?.status).toBe(200);
    await bot.quiet();
    expect(bot.engine.asked).toEqual([]);
    expect(bot.logged.join('')).not.toContain('evil.example');
  } finally {
    await bot.close();
  }
});

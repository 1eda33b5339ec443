import { type ChatBot, startChatBot } from './support/chat-bot';
import { type ChatStores, startChatStores } from './support/chat-store';

/** `CHAOS=all`: Teams is out of reach for ten minutes; otherwise a moment. */
const awayMs = process.env['CHAOS'] === 'all' ? 600_000 : 2_500;

const [INCIDENTS, ENTRIES, PATIENCE_MS] = [10, 40, 60_000];
/** A clock so many times as fast as the real one: the limits of the bot and of Teams, which both go by it, shrink with it. */
const FASTER = 15;
const started = Date.now();
const fast = () => new Date(started + FASTER * (Date.now() - started));

let stores: ChatStores;
beforeAll(async () => {
  stores = await startChatStores();
});
afterAll(() => stores.close());

/** An incident in a thread of the channel, on the timeline of which a test can write. */
async function incident(bot: ChatBot, thread?: string): Promise<string> {
  const conversation = thread ?? (await bot.teams.say('alex', 'good morning', { mention: true })).thread;
  await bot.engine.engine.request({
    id: `request in ${conversation}`,
    ...{
      app: 'apprequest',
      runbook: 'restore-database',
      parameters: {},
      words: '',
      conversation,
      at: new Date(),
    },
    by: { id: 'alex', name: 'Alex Wilber', roles: ['responder'] },
  });
  await bot.quiet(15_000);
  return conversation;
}

const note = (bot: ChatBot, text: string, one = 'inc1') =>
  bot.engine.happen(one, { type: 'note.added', text });

/** The numbers of the entries in a thread, in the order in which they stand there. */
const numbers = (bot: ChatBot, thread: string): readonly number[] =>
  bot
    .lines(thread)
    .flatMap((line) => /^#(\d+) /.exec(line)?.[1] ?? [])
    .map(Number);

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

const faults = [
  ['429 with Retry-After', { answer: { status: 429, headers: { 'retry-after': '1' } }, times: 2 }],
  ['429 without Retry-After', { answer: { status: 429 }, times: 2 }],
  ['412', { answer: { status: 412 }, times: 2 }],
  ['502 before anything was done', { answer: { status: 502 }, times: 2 }],
  ['502 after it was done', { answer: { status: 502 }, effect: 'done', times: 2 }],
  ['504 after it was done', { answer: { status: 504 }, effect: 'done', times: 1 }],
  ['a connection cut before anything was done', { answer: 'reset', times: 2 }],
  ['a connection cut after it was done', { answer: 'reset', effect: 'done', times: 2 }],
] as const;

test.each(faults)('every entry arrives once and in order through %s', async (_name, fault) => {
  const bot = await startChatBot(await stores.fresh());
  try {
    const thread = await incident(bot);
    bot.teams.fail({ method: 'POST', path: 'activities', ...fault });
    for (const text of ['one', 'two', 'three']) note(bot, text);
    await bot.quiet(12_000);
    expect(numbers(bot, thread)).toEqual(upTo(5));
  } finally {
    await bot.close();
  }
});

test('a thread that is gone is put aside, and nothing else waits for it', async () => {
  const bot = await startChatBot(await stores.fresh());
  try {
    const gone = await incident(bot);
    const { thread: elsewhere } = await bot.teams.say('alex', 'help', {
      conversation: 'channel-announcements-id',
    });
    const other = await incident(bot, elsewhere);
    const message = `${'No such thread. '.repeat(17)}Password=hunter2`;
    const body = { error: { code: 'ConversationNotFound', message } };
    bot.teams.fail({ method: 'POST', path: gone, answer: { status: 404, body }, times: 100 });
    note(bot, 'into the void', 'inc1');
    note(bot, 'heard', 'inc2');
    await bot.quiet();
    expect(numbers(bot, gone)).toEqual(upTo(2));
    expect(numbers(bot, other)).toEqual(upTo(3));
    const { rows } = await bot.pool.query(`select problem from outbox where state = 'parked'`);
    expect(rows).toEqual([{ problem: expect.stringMatching(/^404 .*Password=\[hidden\]$/) }]);
    expect(bot.logged.join('')).toContain('put aside');
  } finally {
    await bot.close();
  }
});

test(
  'while Teams is out of reach entries wait, and all of them arrive in order when it is back',
  async () => {
    const bot = await startChatBot(await stores.fresh());
    try {
      const thread = await incident(bot);
      const down = bot.teams.fail({ path: '/v3/', answer: 'reset', times: 10_000 });
      for (const text of ['one', 'two', 'three', 'four']) note(bot, text);
      await new Promise((resolve) => setTimeout(resolve, awayMs));
      expect(numbers(bot, thread)).toEqual(upTo(2));
      down.stop();
      await bot.quiet(15_000);
      expect(numbers(bot, thread)).toEqual(upTo(6));
    } finally {
      await bot.close();
    }
  },
  30_000 + awayMs,
);

test.each([
  ['did arrive', true, 1],
  ['did not arrive', false, 1],
])(
  'a message of which a crash left open whether it was sent, and which %s, stands there once',
  async (_name, arrived, times) => {
    const bot = await startChatBot(await stores.fresh());
    try {
      const thread = await incident(bot);
      note(bot, 'the doubtful one');
      await bot.quiet();
      await bot.stopChat();
      const doubtful = bot.teams.thread(thread).findLast(({ text }) => text.startsWith('#3'));
      if (!doubtful) throw new Error('The entry is missing.');
      if (!arrived) bot.teams.store.remove(doubtful.id);
      // As it stands when the process was killed between marking the message and recording the answer.
      await bot.pool.query(
        `update outbox set state = 'sending', activity = null, landed = null, shown = null where id = 'entry:inc1:3'`,
      );
      note(bot, 'the one after');
      await bot.restart();
      await bot.quiet();
      expect(numbers(bot, thread)).toEqual(upTo(4));
      expect(bot.lines(thread).filter((line) => line.includes('doubtful'))).toHaveLength(times);
    } finally {
      await bot.close();
    }
  },
);

test('a message whose sending a crash left open is found behind whatever was said since', async () => {
  const bot = await startChatBot(await stores.fresh());
  try {
    const thread = await incident(bot);
    note(bot, 'the doubtful one');
    await bot.quiet();
    await bot.stopChat();
    await bot.pool.query(
      `update outbox set state = 'sending', activity = null, landed = null, shown = null where id = 'entry:inc1:3'`,
    );
    const { id, name } = bot.teams.person('isaiah');
    for (let said = 0; said < 130; said += 1)
      bot.teams.store.add(
        { kind: 'conversation', id: thread },
        { kind: 'person', id, name },
        { type: 'message', text: `${said}` },
      );
    await bot.restart();
    await bot.quiet();
    expect(numbers(bot, thread)).toEqual(upTo(3));
  } finally {
    await bot.close();
  }
});

test('while Graph is in trouble a doubtful message waits, however often it is looked for', async () => {
  const bot = await startChatBot(await stores.fresh());
  try {
    const thread = await incident(bot);
    bot.graph.fails = { times: 8, passing: true };
    bot.teams.fail({ method: 'POST', path: 'activities', answer: 'reset', effect: 'done', times: 1 });
    note(bot, 'said once');
    await bot.quiet(40_000);
    expect(bot.graph.fails.times).toBe(0);
    expect(numbers(bot, thread)).toEqual(upTo(3));
  } finally {
    await bot.close();
  }
});

test('when Graph stays in trouble for too long a doubtful message is sent again, and the log says so', async () => {
  const bot = await startChatBot(await stores.fresh(), { chat: { graphPatienceMs: 1_000 } });
  try {
    const thread = await incident(bot);
    bot.graph.fails = { times: 1_000, passing: true };
    bot.teams.fail({ method: 'POST', path: 'activities', answer: 'reset', effect: 'done', times: 1 });
    note(bot, 'said twice');
    const began = Date.now();
    await bot.quiet(15_000);
    expect(Date.now() - began).toBeGreaterThan(1_000);
    expect(numbers(bot, thread)).toEqual([...upTo(3), 3]);
    expect(bot.logged.join('')).toContain('sent again');
  } finally {
    await bot.close();
  }
});

test('a card of which it is open whether it was sent is found by its mark, and redrawn in place afterwards', async () => {
  const bot = await startChatBot(await stores.fresh());
  try {
    const thread = await incident(bot);
    await bot.stopChat();
    const before = bot.teams.thread(thread).filter(({ card }) => card);
    await bot.pool.query(
      `update outbox set state = 'sending', activity = null, landed = null, shown = null, version = 'old'
        where id = 'headline:inc1-1'`,
    );
    await bot.restart();
    await bot.quiet();
    const { rows } = await bot.pool.query(`select activity from outbox where id = 'headline:inc1-1'`);
    expect(before.map(({ id }) => id)).toContain(rows[0]?.activity);
    expect(bot.teams.thread(thread).filter(({ card }) => card)).toHaveLength(before.length);
  } finally {
    await bot.close();
  }
});

test('when nobody can tell whether a message arrived it is asked about for a while, and then sent again', async () => {
  let asked = 0;
  const bot = await startChatBot(await stores.fresh(), {
    arrived: async () => {
      asked += 1;
      return asked > 3 ? false : 'unknown';
    },
  });
  try {
    const thread = await incident(bot);
    await bot.stopChat();
    await bot.pool.query(`update outbox set state = 'sending', shown = null where id = 'entry:inc1:2'`);
    await bot.restart();
    await bot.quiet(12_000);
    expect(asked).toBe(4);
    expect(numbers(bot, thread)).toEqual([1, 2, 2]);
  } finally {
    await bot.close();
  }
});

test(
  'many incidents at once stay within Teams’ limits, over a restart too',
  async () => {
    const bot = await startChatBot(await stores.fresh(), { now: fast, teams: { limits: true, now: fast } });
    try {
      await bot.teams.install();
      const threads: string[] = [];
      for (let root = 1; root <= INCIDENTS; root++)
        threads.push(await incident(bot, `team-id;messageid=${root}`));
      for (let text = 1; text <= ENTRIES; text++)
        for (let one = 1; one <= INCIDENTS; one++) note(bot, `entry ${text}`, `inc${one}`);
      await new Promise((resolve) => setTimeout(resolve, 300));
      await bot.restart();
      await bot.quiet(PATIENCE_MS);
      for (const thread of threads) expect(numbers(bot, thread)).toEqual(upTo(2 + ENTRIES));
      expect(bot.teams.calls().filter(({ status }) => status === 429)).toEqual([]);
    } finally {
      await bot.close();
    }
  },
  60_000 + PATIENCE_MS,
);

test('two processes on one store say everything once, and one goes on when the other ends', async () => {
  const pool = await stores.fresh();
  const bot = await startChatBot(pool);
  const second = await startChatBot(pool);
  try {
    const { thread } = await bot.teams.say('alex', 'help');
    await bot.quiet();
    expect(bot.teams.thread(thread).filter(({ from }) => from.kind === 'bot')).toHaveLength(1);
    await bot.stopChat();
    await second.teams.send({ ...bot.teams.blank('alex', 'message', thread), text: '<at>dr</at> status' });
    await second.quiet();
    expect(bot.teams.thread(thread).filter(({ from }) => from.kind === 'bot')).toHaveLength(2);
  } finally {
    await second.close();
    await bot.close();
  }
});

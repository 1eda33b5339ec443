import { Pool } from 'pg';
import type { Verdict } from '../kill/store-tap';
import { tapStore } from '../kill/store-tap';
import { startChatBot } from './support/chat-bot';
import { type ChatStores, startChatStores } from './support/chat-store';
import { runAskedFor } from './support/run-asked-for';

let stores: ChatStores;
beforeAll(async () => {
  stores = await startChatStores();
});
afterAll(() => stores.close());

/** A bot whose store goes at a write: before it is true there, or when it is and the bot was not told. */
async function brittleBot() {
  const whole = await stores.fresh();
  let gone: { readonly at: RegExp; readonly when: 'before' | 'after' } | null = null;
  let isCut = false;
  const tap = await tapStore(String(whole.options.connectionString), (unit, when): Verdict => {
    isCut ||= gone?.when === when && unit.some(({ sql }) => gone?.at.test(sql));
    return isCut ? 'cut' : 'go on';
  });
  const pool = new Pool({ connectionString: tap.url, max: 10, options: '-c search_path=dr,public' });
  pool.on('error', () => undefined);
  const bot = await startChatBot(pool);
  return {
    bot,
    goes: (when: 'before' | 'after', at: RegExp) => {
      gone = { at, when };
    },
    comesBack: () => {
      gone = null;
      isCut = false;
    },
    close: async () => {
      await bot.close();
      await pool.end();
      await tap.close();
    },
  };
}

test('a vote that was recorded is said to be recorded, though the store goes before the card is drawn', async () => {
  const { bot, goes, comesBack, close } = await brittleBot();
  try {
    const thread = await runAskedFor(bot);
    const gate = await bot.withButton('megan', 'Approve', thread);
    goes('before', /update action_tokens/);
    const { body } = await bot.teams.press('megan', gate, 'Approve');
    expect(JSON.stringify(body)).toMatch(/Recorded/);
    expect(JSON.stringify(body)).not.toMatch(/not taken/);
    expect(bot.engine.asked.filter(({ call }) => call === 'vote')).toHaveLength(1);
    comesBack();
  } finally {
    await close();
  }
});

test.each([
  ['was not heard', 'before'],
  ['was not answered', 'after'],
] as const)('what the store %s may or may not have been taken, and nobody says more', async (_what, when) => {
  const { bot, goes, comesBack, close } = await brittleBot();
  try {
    await bot.teams.install();
    const { thread } = await bot.teams.say('alex', 'restore db to 20 minutes ago');
    await bot.quiet();
    const form = await bot.withButton('alex', 'Show the plan', thread);
    goes(when, /insert into inbox/);
    const { body } = await bot.teams.press('alex', form, 'Show the plan');
    expect(JSON.stringify(body)).toMatch(/may not have been taken.*card/);
    comesBack();
  } finally {
    await close();
  }
});

test('an action on a message is answered in the form that Teams can show for it', async () => {
  const { bot, goes, comesBack, close } = await brittleBot();
  try {
    await bot.teams.install();
    const { thread } = await bot.teams.say('alex', 'status');
    await bot.quiet();
    goes('before', /./);
    const { status, body } = await bot.teams.send({
      ...bot.teams.blank('megan', 'invoke', thread),
      name: 'composeExtension/submitAction',
      value: { messagePayload: { id: '1', body: { content: 'We have seen it.' } } },
    });
    expect([status, body]).toEqual([
      200,
      { task: { type: 'message', value: expect.stringMatching(/cannot reach its store/) } },
    ]);
    comesBack();
  } finally {
    await close();
  }
});

import fc from 'fast-check';
import { createTokens } from '../../src/chat/tokens';
import { keepable, withoutSecretsIn } from '../../src/chat/without-secrets-in';
import type { JsonObject } from '../../src/incidents/json';
import { secretShapes, traceOf } from '../support/secret-shapes';
import { type ChatBot, startChatBot } from './support/chat-bot';
import { type ChatStores, startChatStores } from './support/chat-store';

let stores: ChatStores;
beforeAll(async () => {
  stores = await startChatStores();
});
afterAll(() => stores.close());

/** Everything that chat keeps, sends and logs. */
async function everything(bot: ChatBot): Promise<string> {
  const { rows } = await bot.pool.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
      where table_schema = 'dr' and table_type = 'BASE TABLE'`,
  );
  const tables = await Promise.all(
    rows.map(async ({ name }) => JSON.stringify((await bot.pool.query(`select * from ${name}`)).rows)),
  );
  const sent = bot.teams.calls().map((call) => JSON.stringify(call));
  return [...tables, ...sent, ...bot.logged].join('\n');
}

const written = secretShapes.map(({ named, text }, index) => {
  const mark = `canary${index}x7Kq`;
  return { named, text: text(mark), trace: traceOf(text(mark), mark) };
});

test('a secret that is typed to the bot is kept, asked back, echoed and logged nowhere', async () => {
  const bot = await startChatBot(await stores.fresh());
  try {
    // With two open incidents a note that does not say which is asked back, as buttons that say it.
    for (const id of ['one', 'another']) {
      const { thread: conversation } = await bot.teams.say('alex', 'help');
      await bot.engine.engine.request({
        ...{ id, app: 'apprequest', runbook: 'restore-database', parameters: {}, words: '', conversation },
        ...{ by: { id: 'alex', name: 'Alex Wilber', roles: ['responder'] }, at: new Date() },
      });
    }
    for (const { text } of written) {
      await bot.teams.say('alex', `note ${text}`, { conversation: 'channel-announcements-id' });
      await bot.teams.say('alex', text, { conversation: 'channel-announcements-id' });
      await bot.teams.say('alex', `abort ${text}`, { conversation: 'channel-announcements-id' });
    }
    const { thread } = await bot.teams.say('alex', 'restore db to 10:00', { conversation: 'channel' });
    for (const { text } of written) {
      // Each is refused, and the form shown again with what was typed.
      const form = await bot.withButton('alex', 'Show the plan', thread);
      await bot.teams.press('alex', form, 'Show the plan', { time: text, reason: text });
    }
    await bot.quiet(30_000);
    const kept = await everything(bot);
    expect(written.filter(({ trace }) => kept.includes(trace)).map(({ named }) => named)).toEqual([]);
    // Heard they were: what is looked for would be there.
    const { rows } = await bot.pool.query<{ kept: number }>(
      `select count(*)::int as kept from inbox where body::text like '%[hidden]%'`,
    );
    expect(rows[0]?.kept).toBeGreaterThanOrEqual(3 * written.length);
    expect(kept.includes('Which incident?') && kept.includes('I do not know that command')).toBe(true);
  } finally {
    await bot.close();
  }
}, 90_000);

test('what Teams adds to a message is not kept: it has the same words again, as HTML', async () => {
  const bot = await startChatBot(await stores.fresh());
  try {
    const html = '<p>Password=<b>hunter2</b></p>';
    await bot.teams.send({
      ...bot.teams.blank('alex', 'message'),
      text: 'note Password=<b>hunter2</b> &amp; &lt;x&gt;',
      attachments: [{ contentType: 'text/html', content: html }],
    });
    await bot.quiet();
    const { rows } = await bot.pool.query<{ text: string }>(`select body ->> 'text' as text from inbox`);
    expect(rows).toEqual([{ text: 'note Password=[hidden] &amp; &lt;x&gt;' }]);
    expect((await everything(bot)).includes('hunter2')).toBe(false);
  } finally {
    await bot.close();
  }
});

test('a button whose action carries a secret stands for the same without it', async () => {
  const pool = await stores.fresh();
  const tokens = createTokens(pool, () => new Date());
  const action = { verb: 'say', words: 'note inc1 Password=hunter2' } as const;
  const token = await tokens.draw('card', null, (sign) => sign(action));
  expect(await tokens.draw('card', null, (sign) => sign(action))).toBe(token);
  expect(await tokens.look(token, 'alex')).toEqual({
    kind: 'good',
    action: { verb: 'say', words: 'note inc1 Password=[hidden]' },
  });
});

test('whatever Teams sends without a secret is kept to the letter', async () => {
  const bot = await startChatBot(await stores.fresh());
  try {
    const { thread } = await bot.teams.say('alex', 'restore db to 10:00 & <then> "wait"; a=b, c: d');
    await bot.teams.press('alex', await bot.withButton('alex', 'Show the plan', thread), 'Show the plan');
    await bot.teams.install();
    await bot.quiet();
    const { rows } = await bot.pool.query<{ kind: string; body: JsonObject }>('select kind, body from inbox');
    expect(new Set(rows.map(({ kind }) => kind))).toEqual(new Set(['message', 'press', 'installed']));
    for (const { body } of rows) expect(withoutSecretsIn(body)).toEqual(body);
  } finally {
    await bot.close();
  }
});

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const opaque = fc
  .array(fc.constantFrom(...letters), { minLength: 16, maxLength: 120 })
  .map((parts) => parts.join(''));

test('ids, addresses and tokens of buttons are never altered', () => {
  fc.assert(
    fc.property(opaque, opaque, fc.uuid(), fc.nat(), (one, other, uuid, stamp) => {
      const activity = {
        ...{ type: 'invoke', id: `f:${uuid}`, replyToId: String(stamp), channelId: 'msteams' },
        serviceUrl: `https://smba.trafficmanager.net/emea/${uuid}/`,
        from: { id: `29:${one}`, aadObjectId: uuid, name: 'Zoë' },
        recipient: { id: `28:${uuid}`, name: 'dr' },
        conversation: { id: `19:${one}@thread.tacv2;messageid=${stamp}`, tenantId: uuid },
        channelData: { tenant: { id: uuid }, team: { id: `19:${other}@thread.tacv2`, aadGroupId: uuid } },
        value: {
          action: {
            verb: 'request',
            data: { token: other.slice(0, 22), time: '10:00', secret: 'SqlPassword' },
          },
        },
      };
      expect(keepable(activity)).toEqual(activity);
    }),
  );
});

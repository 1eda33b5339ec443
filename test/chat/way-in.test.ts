import { networkInterfaces } from 'node:os';
import type { ServiceClientCredentialsFactory } from 'botframework-connector';
import type { TokenKind } from '../../src/simulator/teams/signing';
import { startChatBot } from './support/chat-bot';
import { type ChatStores, startChatStores } from './support/chat-store';

let stores: ChatStores;
beforeAll(async () => {
  stores = await startChatStores();
});
afterAll(() => stores.close());

const appId = '00000000-0000-0000-0000-00000000b07a';

/** Outbound tokens without Entra: one fixed bearer. */
const tokens: ServiceClientCredentialsFactory = {
  isValidAppId: async (id) => id === appId,
  isAuthenticationDisabled: async () => false,
  createCredentials: async () => ({
    signRequest: async (request) => {
      request.headers.set('authorization', 'Bearer from-the-bot');
      return request;
    },
  }),
};

const post = async (url: string, body: string, headers: Readonly<Record<string, string>> = {}) => {
  const response = await fetch(`${url}/api/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close', ...headers },
    body,
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
};

test('what is no readable activity is refused with a sentence, without a stack trace, and changes nothing', async () => {
  const bot = await startChatBot(await stores.fresh());
  try {
    const good = bot.teams.blank('alex', 'message');
    const bad: readonly (readonly [string, number])[] = [
      ['{"type":', 400],
      ['[]', 400],
      ['null', 400],
      ['"message"', 400],
      ['{}', 400],
      [JSON.stringify({ ...good, type: 7 }), 400],
      [JSON.stringify({ ...good, from: undefined }), 400],
      [JSON.stringify({ ...good, from: { id: '' } }), 400],
      [JSON.stringify({ ...good, conversation: 'team-id' }), 400],
      [JSON.stringify({ ...good, serviceUrl: undefined }), 400],
      [JSON.stringify({ ...good, serviceUrl: 'file:///etc/passwd' }), 400],
      [JSON.stringify({ ...good, serviceUrl: 'https://elsewhere.example/' }), 403],
      [JSON.stringify({ ...good, channelId: 'slack' }), 403],
      [JSON.stringify({ ...good, text: ['restore'] }), 400],
      [JSON.stringify({ ...good, text: 'x'.repeat(300_000) }), 413],
      [JSON.stringify({ ...good, type: 'invoke', name: 'task/fetch', value: {} }), 400],
      [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, 400],
      [
        `{"text":"help",${JSON.stringify(good).slice(1, -1)},"value":${'{"a":'.repeat(30_000)}1${'}'.repeat(30_000)}}`,
        400,
      ],
    ];
    for (const [body, status] of bad) {
      const answer = await post(bot.url, body);
      expect([body.slice(0, 200), answer.status]).toEqual([body.slice(0, 200), status]);
      expect(JSON.parse(answer.text).error.message).toMatch(/^[A-Z"].{10,300}[.]$/);
      expect(answer.text).not.toMatch(/\bat .*:\d+|node_modules/);
    }
    expect((await post(bot.url, JSON.stringify(good), { 'content-type': 'text/plain' })).status).toBe(415);
    const { rows } = await bot.pool.query('select 1 from inbox');
    expect(rows).toEqual([]);
  } finally {
    await bot.close();
  }
});

test('health says how the store and Azure are, and other addresses that there is nothing', async () => {
  const bot = await startChatBot(await stores.fresh());
  try {
    const health = await fetch(`${bot.url}/health`);
    expect(await health.json()).toEqual({
      status: 'ok',
      version: '1.2.3',
      store: 'reachable',
      azure: 'reachable',
    });
    expect(health.headers.get('x-content-type-options')).toBe('nosniff');
    const nothing = await fetch(`${bot.url}/etc/passwd`);
    expect(nothing.status).toBe(404);
    expect(await nothing.text()).toContain('There is nothing here');
    expect((await fetch(`${bot.url}/api/messages`)).status).toBe(405);
    for (const odd of ['%00', '..%2f..%2fetc', '%ED%A0%80', '%', 'inc1?key=%00'])
      expect([400, 403, 404]).toContain((await fetch(`${bot.url}/incidents/${odd}`)).status);
  } finally {
    await bot.close();
  }
});

test('without credentials the bot says so loudly and listens to its own machine only', async () => {
  const bot = await startChatBot(await stores.fresh(), { host: '0.0.0.0' });
  try {
    expect(bot.logged.join('')).toContain('NO CREDENTIALS');
    const good = JSON.stringify({ ...bot.teams.blank('alex', 'message', 'team-id'), text: 'help' });
    expect((await post(bot.url, good)).status).toBe(200);
    expect((await post(bot.url, good, { 'x-forwarded-for': '203.0.113.7' })).status).toBe(403);
    const address = Object.values(networkInterfaces())
      .flat()
      .find((one) => one?.family === 'IPv4' && !one.internal)?.address;
    if (address) {
      const answer = await post(bot.url.replace('127.0.0.1', address), good);
      expect(answer.status).toBe(403);
      expect(answer.text).toContain('Set MicrosoftAppId');
    }
  } finally {
    await bot.close();
  }
});

test('with credentials every activity must carry the token that Teams signed for it, and the answer carries ours', async () => {
  // Botbuilder prints every token that it does not like.
  const printed = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const bot = await startChatBot(await stores.fresh(), {
    teams: { authorize: { appId, admits: (authorization) => authorization === 'Bearer from-the-bot' } },
    credentials: (teams) => ({
      appId,
      appType: 'MultiTenant',
      tenantId: teams.tenant.tenantId,
      password: 'not used',
      channel: teams.channelSettings(),
      tokens,
    }),
  });
  try {
    const activity = {
      ...bot.teams.blank('alex', 'message', 'team-id;messageid=1'),
      text: '<at>dr</at> help',
    };
    const refused: readonly (TokenKind | 'none')[] = [
      'none',
      'wrong key',
      'unknown key id',
      'no algorithm',
      'shared secret',
      'wrong audience',
      'wrong issuer',
      'expired',
      'other service url',
      'garbage',
    ];
    for (const token of refused) {
      const { status } = await bot.teams.send({ ...activity, id: `with ${token}` }, { token });
      expect([token, status]).toEqual([token, 401]);
    }
    expect((await bot.pool.query('select 1 from inbox')).rows).toEqual([]);

    const stranger = {
      ...activity,
      conversation: { ...activity.conversation, id: 'x', tenantId: 'another' },
    };
    expect((await bot.teams.send(stranger)).status).toBe(403);

    expect((await bot.teams.send(activity)).status).toBe(200);
    await bot.quiet();
    expect(bot.teams.calls().filter(({ status }) => status === 401)).toEqual([]);
    expect(bot.teams.thread('team-id;messageid=1')).toHaveLength(1);
  } finally {
    printed.mockRestore();
    await bot.close();
  }
});

test('the same message four times is worked on and answered once', async () => {
  const bot = await startChatBot(await stores.fresh());
  try {
    const { activity, thread } = await bot.teams.say('alex', 'help');
    const again = await bot.teams.resend(activity, 4);
    expect(again.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    await bot.quiet();
    expect(bot.teams.thread(thread).filter(({ from }) => from.kind === 'bot')).toHaveLength(1);
  } finally {
    await bot.close();
  }
});

test('what was acknowledged and not worked on before a crash is worked on after the restart', async () => {
  const bot = await startChatBot(await stores.fresh());
  try {
    const { thread } = await bot.teams.say('alex', 'help');
    await bot.quiet();
    await bot.stopChat();
    await bot.pool.query('update inbox set done_at = null');
    await bot.pool.query('delete from outbox');
    await bot.restart();
    await bot.quiet();
    expect(bot.teams.thread(thread).filter(({ card }) => card)).toHaveLength(2);
  } finally {
    await bot.close();
  }
});

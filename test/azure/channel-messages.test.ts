import { channelMessages } from '../../src/azure/channel-messages';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { pointAt } from '../support/azure-against';
import { problemOf } from '../support/problem-of';

const reply = (n: number, more: object = {}) => ({
  id: String(n),
  createdDateTime: new Date(Date.UTC(2026, 10, 23, 10, n)).toISOString(),
  deletedDateTime: null,
  body: { contentType: 'html', content: `<p>entry ${n} &lt;ok&gt;</p><attachment id="x"></attachment>` },
  attachments: [],
  ...more,
});

const card = { type: 'AdaptiveCard', body: [{ type: 'TextBlock', text: 'Restored' }] };

let simulator: Simulator;
let asked: string[] = [];
beforeAll(async () => {
  simulator = await startSimulator({
    extraHosts: {
      'graph.microsoft.com': (request) => {
        asked.push(`${request.path}?${request.query.toString()}`);
        if (!request.headers['authorization']?.startsWith('Bearer ')) return { status: 401 };
        if (request.path.includes('no-such-team')) {
          return { status: 404, body: { error: { code: 'NotFound', message: 'No team found.' } } };
        }
        if (request.query.get('$skiptoken') === 'second') return { status: 200, body: { value: [reply(1)] } };
        return {
          status: 200,
          body: {
            value: [
              reply(3, {
                attachments: [
                  { contentType: 'application/vnd.microsoft.card.adaptive', content: JSON.stringify(card) },
                  { contentType: 'reference', content: null },
                ],
              }),
              reply(2, { deletedDateTime: '2026-11-23T11:00:00Z' }),
            ],
            '@odata.nextLink': `https://graph.microsoft.com${request.path}?$skiptoken=second`,
          },
        };
      },
    },
  });
  pointAt(simulator);
});
beforeEach(() => {
  asked = [];
});
afterAll(() => simulator.close());

const thread = { team: 't1', channel: '19:general@thread.tacv2', root: '1700' };

test('a thread is read newest first, over its pages, without what was deleted', async () => {
  const messages = await channelMessages({})(thread, 50);

  expect(messages.map(({ id }) => id)).toEqual(['3', '1']);
  expect(messages[0]).toEqual({
    id: '3',
    createdAt: new Date('2026-11-23T10:03:00Z'),
    text: 'entry 3 <ok>',
    cards: [card],
  });
  expect(asked).toEqual([
    '/v1.0/teams/t1/channels/19%3Ageneral%40thread.tacv2/messages/1700/replies?%24top=50',
    '/v1.0/teams/t1/channels/19%3Ageneral%40thread.tacv2/messages/1700/replies?%24skiptoken=second',
  ]);
});

test('no more is read than was asked for', async () => {
  const messages = await channelMessages({})(thread, 1);

  expect(messages.map(({ id }) => id)).toEqual(['3']);
  expect(asked).toHaveLength(1);
});

test('a chat has its own address', async () => {
  await channelMessages({})({ chat: '19:a@unq.gbl.spaces' }, 1);

  expect(asked).toEqual(['/v1.0/chats/19%3Aa%40unq.gbl.spaces/messages?%24top=1']);
});

test("Graph's refusal comes out with its own code", async () => {
  const problem = await problemOf(channelMessages({})({ ...thread, team: 'no-such-team' }, 1));

  expect(problem.details).toMatchObject({
    code: 'NotFound',
    status: 404,
    passing: false,
    unknownOutcome: false,
  });
  expect(problem.message).toContain('No team found.');
});

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
/** When the older message of the first page was last changed, and whether its pages never end. */
let redrawn: string | null = null;
let endless = false;
beforeAll(async () => {
  simulator = await startSimulator({
    extraHosts: {
      'graph.microsoft.com': (request) => {
        asked.push(`${request.path}?${request.query.toString()}`);
        if (!request.headers['authorization']?.startsWith('Bearer ')) return { status: 401 };
        if (request.path.includes('no-such-team')) {
          return { status: 404, body: { error: { code: 'NotFound', message: 'No team found.' } } };
        }
        if (request.query.get('$skiptoken') === 'second' && !endless)
          return { status: 200, body: { value: [reply(1)] } };
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
              reply(2, { deletedDateTime: '2026-11-23T10:02:10Z', lastModifiedDateTime: redrawn }),
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
  redrawn = null;
  endless = false;
});
afterAll(() => simulator.close());

const thread = { team: 't1', channel: '19:general@thread.tacv2', root: '1700' };

test('a thread is read newest first, over its pages, without what was deleted', async () => {
  const messages = await channelMessages({})(thread, new Date('2026-11-23T10:00:30Z'));

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

test('no more pages are read than reach back to the moment', async () => {
  const messages = await channelMessages({})(thread, new Date('2026-11-23T10:02:30Z'));

  expect(messages.map(({ id }) => id)).toEqual(['3']);
  expect(asked).toHaveLength(1);
});

test('what was changed since may stand before what was said since, where a list is sorted by the last change', async () => {
  redrawn = '2026-11-23T10:10:00Z';
  const messages = await channelMessages({})(thread, new Date('2026-11-23T10:02:30Z'));

  expect(messages.map(({ id }) => id)).toEqual(['3', '1']);
});

test('a conversation in which more was said than can be read back is a problem, not an answer', async () => {
  endless = true;
  const problem = await problemOf(channelMessages({})(thread, new Date('2026-11-23T09:00:00Z')));

  expect(problem.details).toMatchObject({ code: 'TooManyMessages', passing: false });
  expect(asked).toHaveLength(100);
});

test('a chat has its own address', async () => {
  await channelMessages({})({ chat: '19:a@unq.gbl.spaces' }, new Date('2026-11-23T10:02:30Z'));

  expect(asked).toEqual(['/v1.0/chats/19%3Aa%40unq.gbl.spaces/messages?%24top=50']);
});

test("Graph's refusal comes out with its own code", async () => {
  const problem = await problemOf(channelMessages({})({ ...thread, team: 'no-such-team' }, new Date()));

  expect(problem.details).toMatchObject({
    code: 'NotFound',
    status: 404,
    passing: false,
    unknownOutcome: false,
  });
  expect(problem.message).toContain('No team found.');
});

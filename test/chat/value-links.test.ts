import { createValueLinks, type ValueLinks } from '../../src/chat/value-links';
import type { Engine, IncidentView } from '../../src/engine/engine';
import type { Store } from '../../src/store/store';
import { vault } from '../support/demo-estate';
import { megan } from '../support/people';
import { temporaryStore } from '../support/temporary-store';

/** A run whose step `set` waits for a value, as far as links look at it. */
const does = {
  ...{ op: 'vault.set-secret', vault, secret: 'SqlConnectionString', mark: 'inc1-1 now' },
  source: { from: 'entered' },
};
const view = {
  runs: [
    {
      ...{ run: 'inc1-1', finished: null, abort: null },
      plan: { stages: [{ kind: 'step', name: 'set', title: 'Enter it', does }] },
      stages: { set: { status: 'running' } },
    },
  ],
} as unknown as IncidentView;

let store: Store;
let time = Date.parse('2026-02-14T10:00:00Z');
let entered: string[] = [];
beforeAll(async () => {
  store = await temporaryStore();
});
afterAll(() => store.close());
beforeEach(() => {
  entered = [];
});

const links = (publicUrl: string | null, open = true): ValueLinks => {
  const engine: Pick<Engine, 'incidentOfRun' | 'values'> = {
    incidentOfRun: async () => view,
    values: {
      note: async () => undefined,
      enter: async (_entering, value) => {
        entered.push(value);
        return { ok: true };
      },
    },
  };
  return createValueLinks({
    pool: store.pool,
    engine,
    now: () => new Date(time),
    publicUrl: () => publicUrl,
    open,
  });
};

async function tokenOf(given: ReturnType<ValueLinks['give']>): Promise<string> {
  const link = await given;
  if ('refused' in link) throw new Error(link.refused);
  return link.href.slice(link.href.lastIndexOf('/') + 1);
}
const here = { from: '127.0.0.1', forwarded: false };

test('a link is good for 15 minutes and no longer', async () => {
  const some = links('http://127.0.0.1:3978');
  const token = await tokenOf(some.give(megan, 'inc1-1', 'set'));
  time += 15 * 60_000 - 1_000;
  expect((await some.answer({ token, sent: null, ...here })).status).toBe(200);
  time += 1_000;
  expect((await some.answer({ token, sent: null, ...here })).status).toBe(404);
  expect((await some.answer({ token, sent: { value: 'late' }, ...here })).status).toBe(404);
  expect(entered).toEqual([]);
});

test('of many who send at once, one is heard', async () => {
  const some = links('http://127.0.0.1:3978');
  const token = await tokenOf(some.give(megan, 'inc1-1', 'set'));
  const answers = await Promise.all(
    ['a', 'b', 'c', 'd', 'e'].map((value) => some.answer({ token, sent: { value }, ...here })),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 410, 410, 410, 410]);
  expect(entered).toHaveLength(1);
});

test('the store has the hash of a link, and not the link', async () => {
  const token = await tokenOf(links('http://127.0.0.1:3978').give(megan, 'inc1-1', 'set'));
  const { rows } = await store.pool.query<{ hash: string }>('select * from value_links');
  expect(rows).toHaveLength(1);
  expect(rows[0]?.hash).toMatch(/^[0-9a-f]{64}$/);
  expect(JSON.stringify(rows)).not.toContain(token);
});

test('a bot with credentials gives no link that would carry a value in the clear, and answers from anywhere', async () => {
  expect(await links('http://bot.example', false).give(megan, 'inc1-1', 'set')).toEqual({
    refused: expect.stringContaining('does not begin with https'),
  });
  const some = links('https://bot.example', false);
  const token = await tokenOf(some.give(megan, 'inc1-1', 'set'));
  const answer = await some.answer({ token, sent: null, from: '203.0.113.7', forwarded: true });
  expect(answer.status).toBe(200);
});

test('without credentials nobody but this machine is answered, whatever they hold', async () => {
  const some = links('http://127.0.0.1:3978');
  const token = await tokenOf(some.give(megan, 'inc1-1', 'set'));
  for (const from of [
    { from: '203.0.113.7', forwarded: false },
    { from: '127.0.0.1', forwarded: true },
  ])
    expect((await some.answer({ token, sent: { value: 'x' }, ...from })).status).toBe(403);
  expect(entered).toEqual([]);
});

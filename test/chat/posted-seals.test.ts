import { readSeals } from '../../src/chat/posted-seals';
import type { Entry, Event } from '../../src/incidents/event';
import { minutesIn } from '../support/story';
import { type ChatStores, startChatStores } from './support/chat-store';

let stores: ChatStores;
beforeAll(async () => {
  stores = await startChatStores();
});
afterAll(() => stores.close());

const ended: Event = { type: 'gate.closed', stage: 'begin', round: 1, choice: 'approve', because: 'quorum' };
const hashOf = (seq: number): string => String(seq).padStart(64, '0');
const entriesUpTo = (last: number): readonly Entry[] =>
  Array.from({ length: last }, (_, index) => ({
    ...{ id: `e${index}`, incident: 'inc1', seq: index + 1, run: 'inc1-1', actor: { kind: 'bot' } },
    ...{ happenedAt: minutesIn(0), recordedAt: minutesIn(0), event: ended, hash: hashOf(index + 1) },
  }));

/** Lines of threads in the outbox, by entry, with the state of each; told up to an entry of `inc1`. */
async function thread(lines: Readonly<Record<string, readonly [state: string, text: string]>>, told: number) {
  const pool = await stores.fresh();
  for (const [entry, [state, text]] of Object.entries(lines))
    await pool.query(
      `insert into outbox (id, conversation, urgency, content, version, state, created_at, changed_at)
       values ($1, 'c', 'now', $2, 'entry', $3, now(), now())`,
      [`entry:${entry}`, JSON.stringify({ text }), state],
    );
  await pool.query(`insert into told (incident, seq) values ('inc1', $1)`, [told]);
  return readSeals(pool, 'inc1');
}

const line = (seq: number, reason = 'ok'): string =>
  `#${seq} 10:00:00Z · Megan · ${reason} · Sealed to here: ${hashOf(seq)}`;

test('what was sent is posted, oldest first and of this incident alone, whatever people wrote into it', async () => {
  const seals = await thread(
    {
      'inc1:10': ['sent', line(10, 'see ticket #4521')],
      'inc1:2': ['sent', line(2, 'a&#95;b')],
      'inc1:3': ['sent', '#3 10:00:00Z · Alex · Note: hello'],
      'inc11:1': ['sent', line(1)],
    },
    10,
  );
  expect(seals([])).toEqual({ posted: [2, 10].map((seq) => ({ seq, hash: hashOf(seq) })), unposted: [] });
});

test('what waits, was put aside or is not told yet is still to come; what is gone from the outbox is not', async () => {
  const seals = await thread(
    { 'inc1:1': ['sent', line(1)], 'inc1:2': ['parked', line(2)], 'inc1:4': ['sending', line(4)] },
    4,
  );
  expect(seals(entriesUpTo(5))).toEqual({ posted: [{ seq: 1, hash: hashOf(1) }], unposted: [2, 4, 5] });
});

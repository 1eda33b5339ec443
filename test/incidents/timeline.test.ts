import type { Draft } from '../../src/incidents/event';
import { firstBroken } from '../../src/incidents/seal';
import { createTimeline, type Opening, type Timeline } from '../../src/incidents/timeline';
import type { Store } from '../../src/store/store';
import { megan } from '../support/people';
import { planOf, step } from '../support/plans';
import { entries, minutesIn, vote } from '../support/story';
import { temporaryStore } from '../support/temporary-store';

let store: Store;
let timeline: Timeline;
beforeAll(async () => {
  store = await temporaryStore();
  timeline = createTimeline(store.pool, () => new Date());
});
afterAll(() => store.close());

const note = (id: string, text = id): Draft => ({
  ...{ id, run: null, actor: { kind: 'bot' }, happenedAt: minutesIn(0), event: { type: 'note.added', text } },
});

let requests = 0;
/** Asks for a run of an app of its own unless told otherwise. */
function openRun(
  more: { id?: string; conversation?: string; app?: string; before?: (opening: Opening) => void } = {},
) {
  requests += 1;
  const about = {
    id: `request-${requests}`,
    conversation: `channel-${requests}`,
    app: `app-${requests}`,
    ...more,
  };
  return timeline.openRun({
    ...{ ...about, at: minutesIn(0) },
    first: (opening) => {
      more.before?.(opening);
      const { run, entries: before } = opening;
      return [
        ...(before.length === 0 ? [note('opened')] : []),
        ...entries([megan, requestedBy(about.app)]).map((draft) => ({
          ...draft,
          ...{ id: `${run}:requested`, run },
        })),
      ];
    },
  });
}
const requestedBy = (app: string) =>
  ({ type: 'run.requested', runbook: 'r', title: 't', parameters: { app }, words: 'w' }) as const;
const finished = (run: string): Draft => ({
  ...{ id: `${run}:finished`, run, actor: { kind: 'bot' }, happenedAt: minutesIn(9) },
  event: { type: 'run.finished', outcome: 'completed', words: 'Done.' },
});
async function opened(more: Parameters<typeof openRun>[0] = {}) {
  const run = await openRun(more);
  if ('busy' in run) throw new Error(`${run.busy} is in the way.`);
  return run;
}

test('what is appended is read back as it was, with its place, the time of recording and the seal', async () => {
  const { incident } = await opened();
  await timeline.append(incident, [note('one'), note('two')]);
  const read = await timeline.entries(incident);
  expect(read.map((entry) => [entry.seq, entry.id])).toEqual([
    ...[[1, 'opened']],
    ...[[2, expect.stringMatching(/requested$/)]],
    ...[[3, 'one']],
    ...[[4, 'two']],
  ]);
  expect(read[2]).toMatchObject({ ...note('one'), incident, recordedAt: expect.any(Date) });
  expect(firstBroken(read)).toBeNull();
});

test('the same entry sent again, in the same or in another batch, is there once', async () => {
  const { incident } = await opened();
  await timeline.append(incident, [note('one')]);
  const added = await timeline.append(incident, [note('one', 'changed'), note('two'), note('two')]);
  expect(added.map((entry) => entry.id)).toEqual(['two']);
  const read = await timeline.entries(incident);
  expect(read.filter((entry) => entry.id === 'one')).toMatchObject([{ event: { text: 'one' } }]);
  expect(firstBroken(read)).toBeNull();
});

test('ten writers side by side make one unbroken chain', async () => {
  const { incident } = await opened();
  const writers = Array.from({ length: 10 }, (_, writer) => writer);
  await Promise.all(
    writers.map(async (writer) => {
      for (let turn = 0; turn < 10; turn++)
        await timeline.append(incident, [note(`${writer}-${turn}`), note('shared')]);
    }),
  );
  const read = await timeline.entries(incident);
  expect(read.map((entry) => entry.seq)).toEqual(Array.from({ length: 103 }, (_, index) => index + 1));
  expect(firstBroken(read)).toBeNull();
  const own = read.filter((entry) => entry.id.startsWith('3-')).map((entry) => entry.id);
  expect(own).toEqual(Array.from({ length: 10 }, (_, turn) => `3-${turn}`));
});

test('of ten who may write only the first word, one does', async () => {
  const { incident } = await opened();
  const first = (id: string) =>
    timeline.appendAfter(incident, (so) =>
      so.some((entry) => entry.id.startsWith('first')) ? [] : [note(id)],
    );
  const added = await Promise.all(Array.from({ length: 10 }, (_, index) => first(`first-${index}`)));
  expect(added.flat()).toHaveLength(1);
});

test('when one of several entries cannot be kept, none is', async () => {
  const { incident } = await opened();
  const before = await timeline.entries(incident);
  const broken = { ...note('bad'), happenedAt: new Date(Number.NaN) };
  await expect(timeline.append(incident, [note('good'), broken])).rejects.toThrow();
  expect(await timeline.entries(incident)).toEqual(before);
});

test('text that PostgreSQL cannot keep is kept as far as it can be, and sealed as it is read back', async () => {
  const { incident } = await opened();
  await timeline.append(incident, [note('nul', 'a\u0000b'), note('half', 'a\ud800b'), note('whole', 'a😀b')]);
  const read = await timeline.entries(incident);
  const texts = read.flatMap((entry) => (entry.event.type === 'note.added' ? [entry.event.text] : []));
  expect(texts).toEqual(['opened', 'a\ufffdb', 'a\ufffdb', 'a😀b']);
  expect(firstBroken(read)).toBeNull();
});

test.each([
  ['update', `update timeline set event = '{}' where seq = 1`],
  ['delete', 'delete from timeline where seq = 1'],
  ['truncate', 'truncate timeline cascade'],
])('the database itself refuses to %s the timeline', async (_what, sql) => {
  const { incident } = await opened();
  await expect(store.pool.query(sql)).rejects.toThrow(/append-only/);
  expect(await timeline.entries(incident)).toHaveLength(2);
});

test('an entry that was changed behind the back of the database is found by the seal', async () => {
  const { incident } = await opened();
  await timeline.append(incident, [note('one')]);
  await store.pool.query('alter table timeline disable trigger user');
  await store.pool.query(
    `update timeline set event = event || '{"text":"two"}' where incident = $1 and id = 'one'`,
    [incident],
  );
  await store.pool.query('alter table timeline enable trigger user');
  expect(firstBroken(await timeline.entries(incident))).toMatchObject({ id: 'one' });
});

test('nothing can be appended to an incident that does not exist', async () => {
  await expect(timeline.append('inc999', [note('one')])).rejects.toThrow('There is no incident inc999.');
});

test('a request that comes four times makes one run', async () => {
  const about = { id: 'again', conversation: 'again', app: 'again' };
  const answers = await Promise.all([1, 2, 3, 4].map(() => opened(about)));
  expect(new Set(answers.map((answer) => answer.run)).size).toBe(1);
  expect(answers.filter((answer) => answer.isNew)).toHaveLength(1);
  expect(await timeline.runOfRequest('again')).toBe(answers[0]?.run);
  expect(await timeline.runOfRequest('never')).toBeNull();
});

test('a request that comes again after its run is over still finds that run', async () => {
  const run = await opened({ id: 'late', app: 'late' });
  await timeline.append(run.incident, [finished(run.run)]);
  expect(await openRun({ id: 'late', app: 'late' })).toEqual({ ...run, isNew: false });
});

test('two requests for one app at the same moment make one run, and the other learns which is in the way', async () => {
  const answers = await Promise.all([openRun({ app: 'both' }), openRun({ app: 'both' })]);
  const busy = answers.flatMap((answer) => ('busy' in answer ? [answer.busy] : []));
  const runs = answers.flatMap((answer) => ('run' in answer ? [answer.run] : []));
  expect(busy).toEqual(runs);
  expect(runs).toHaveLength(1);
});

test('the next run of the same app in the same conversation joins its incident; elsewhere it opens another', async () => {
  const first = await opened({ app: 'join', conversation: 'join' });
  await timeline.append(first.incident, [finished(first.run)]);
  const second = await opened({ app: 'join', conversation: 'join' });
  expect(second).toMatchObject({ incident: first.incident, run: `${first.incident}-2` });
  await timeline.append(second.incident, [finished(second.run)]);
  const other = await opened({ app: 'join', conversation: 'elsewhere' });
  expect(other.incident).not.toBe(first.incident);
  expect((await timeline.entries(first.incident)).filter((entry) => entry.id === 'opened')).toHaveLength(1);
});

test('an incident is open as long as one of its runs is', async () => {
  const { incident, run } = await opened();
  const isOpen = async () => (await timeline.incidents('open')).some((row) => row.incident === incident);
  expect(await isOpen()).toBe(true);
  expect(await timeline.incidentOfRun(run)).toBe(incident);
  await timeline.append(incident, [finished(run)]);
  expect(await isOpen()).toBe(false);
  expect((await timeline.incidents('all')).map((row) => row.incident)).toContain(incident);
  expect(await timeline.incident(incident)).toMatchObject({ incident, openedAt: minutesIn(0) });
  expect(await timeline.incident('inc999')).toBeNull();
});

test('every append is announced with its incident, and one that adds nothing is not', async () => {
  const { incident } = await opened();
  const client = await store.pool.connect();
  const heard: (string | undefined)[] = [];
  client.on('notification', (message) => heard.push(message.payload));
  await client.query('listen dr_timeline');
  await timeline.append(incident, [note('one')]);
  await timeline.append(incident, [note('one')]);
  await client.query('select 1');
  await client.query('unlisten *');
  client.release();
  expect(heard).toEqual([incident]);
});

test('votes can be read as a table', async () => {
  const { incident, run } = await opened();
  const plan = planOf([step('restore')]);
  const withdrawn = { type: 'vote.withdrawn', stage: 'begin', round: 1, reason: 'not sure' } as const;
  const drafts = entries(vote(megan, plan, 'begin'), [megan, withdrawn]);
  await timeline.append(
    incident,
    drafts.map((draft) => ({ ...draft, run })),
  );
  const { rows } = await store.pool.query('select * from votes where run = $1 order by seq', [run]);
  expect(rows).toMatchObject([
    { voter: 'megan', name: 'Megan Bowen', withdrawn: false, stage: 'begin', round: 1, choice: 'approve' },
    { voter: 'megan', withdrawn: true, stage: 'begin', choice: null, reason: 'not sure' },
  ]);
});

test("a run that begins sees the entries of its incident, and the app's run before it in whatever incident", async () => {
  const seen: { readonly joins: number; readonly previous: string | undefined }[] = [];
  const before = ({ entries: joined, previous }: Opening) => {
    seen.push({ joins: joined.length, previous: previous?.run });
    expect(previous?.entries.some(({ run }) => run === previous.run)).toBe(previous ? true : undefined);
  };
  const end = async ({ incident, run }: { readonly incident: string; readonly run: string }) =>
    timeline.append(incident, [finished(run)]);
  const first = await opened({ app: 'thrice', conversation: 'here', before });
  await end(first);
  const second = await opened({ app: 'thrice', conversation: 'there', before });
  await end(second);
  const third = await opened({ app: 'thrice', conversation: 'here', before });
  expect(seen).toEqual([
    { joins: 0, previous: undefined },
    { joins: 0, previous: first.run },
    { joins: 3, previous: second.run },
  ]);
  expect(third.incident).toBe(first.incident);
});

test('the head stays where it was when somebody who owns the store takes the newest entries away', async () => {
  const { incident } = await opened();
  await timeline.append(incident, [note('one'), note('two')]);
  const { entries: all, head } = await timeline.whole(incident);
  expect(head).toEqual({ seq: 4, hash: all.at(-1)?.hash });
  await store.pool.query('alter table timeline disable trigger timeline_append_only');
  try {
    await store.pool.query('delete from timeline where incident = $1 and seq > 2', [incident]);
  } finally {
    await store.pool.query('alter table timeline enable trigger timeline_append_only');
  }
  expect(await timeline.whole(incident)).toEqual({ entries: all.slice(0, 2), head });
});

test('what was read once is not asked for again, and what others have added since is there', async () => {
  const { incident } = await opened();
  const other = createTimeline(store.pool, () => new Date());
  await timeline.append(incident, [note('one'), note('two')]);
  const before = await timeline.entries(incident);
  await other.append(incident, [note('three')]);
  const asked = await rowsOf(() => timeline.entries(incident));
  expect(asked.given.map(({ id }) => id)).toEqual([...before.map(({ id }) => id), 'three']);
  expect(asked.rows).toBeLessThan(before.length);
  expect((await timeline.entries(incident)).map(({ id }) => id)).toEqual(asked.given.map(({ id }) => id));
});

test('a store that was put back and has gone on otherwise is read as it is', async () => {
  const { incident } = await opened();
  await timeline.append(incident, [note('one'), note('two')]);
  await timeline.entries(incident);
  await store.pool.query('alter table timeline disable trigger timeline_append_only');
  try {
    await store.pool.query('delete from timeline where incident = $1 and seq > 2', [incident]);
  } finally {
    await store.pool.query('alter table timeline enable trigger timeline_append_only');
  }
  expect((await timeline.entries(incident)).map(({ seq }) => seq)).toEqual([1, 2]);
  const [, second] = await timeline.entries(incident);
  await store.pool.query('update incidents set head_seq = 2, head_hash = $2 where incident = $1', [
    ...[incident, second?.hash],
  ]);
  await timeline.append(incident, [note('other one'), note('other two'), note('other three')]);
  expect((await timeline.entries(incident)).map(({ id }) => id).slice(2)).toEqual([
    ...['other one', 'other two', 'other three'],
  ]);
});

/** What is given, and how many rows the store gave for it. */
async function rowsOf<T>(ask: () => Promise<T>): Promise<{ readonly given: T; readonly rows: number }> {
  const spy = jest.spyOn(store.pool, 'query');
  const given = await ask();
  const answers = await Promise.all(
    spy.mock.results.map(({ value }) => value as { readonly rowCount: number }),
  );
  spy.mockRestore();
  return { given, rows: answers.reduce((sum, { rowCount }) => sum + rowCount, 0) };
}

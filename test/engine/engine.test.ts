import type { AzureProblem } from '../../src/azure/operation';
import type { Person } from '../../src/engine/approval';
import type { RunningEngine } from '../../src/engine/create-engine';
import type { Estate } from '../../src/engine/estate';
import { firstBroken } from '../../src/incidents/seal';
import type { Store } from '../../src/store/store';
import { createFakeAzure, type FakeAzure, type FakeHooks } from '../support/fake-azure';
import { adele, alex, isaiah, megan } from '../support/people';
import { oneApprover } from '../support/plans';
import { estate, shop } from '../support/protected-app';
import { refusal } from '../support/refusal';
import {
  asks,
  countOf,
  entriesOf,
  isOver,
  loadedRunbooks,
  restoreRequest,
  startShop,
  stateIn,
  until,
} from '../support/shop-engine';
import { temporaryStore } from '../support/temporary-store';

let store: Store;
let engine: RunningEngine;
beforeAll(async () => {
  store = await temporaryStore();
});
afterEach(() => engine.stop());
afterAll(() => store.close());

let requests = 0;
const now = () => new Date();

/** An Azure of its own, the engine over it, and a run that waits for the approval to begin. */
async function asked(
  more: {
    hooks?: FakeHooks;
    estate?: Estate;
    how?: 'swap' | 'beside';
    change?: (azure: FakeAzure) => FakeAzure;
    now?: () => Date;
  } = {},
): Promise<{ azure: FakeAzure; run: string }> {
  const plain = createFakeAzure({ now, hooks: more.hooks ?? {} });
  const azure = more.change?.(plain) ?? plain;
  engine = await startShop(store, azure, {
    ...(more.estate && { estate: more.estate }),
    ...(more.now && { now: more.now }),
  });
  requests += 1;
  const made = await engine.request({
    ...restoreRequest(`request-${requests}`, { how: more.how ?? 'swap' }),
    app: more.estate?.apps[0]?.name ?? shop.name,
  });
  if ('refused' in made) throw new Error(made.refused);
  await until(engine, made.run, (state) => asks('begin')(state) || isOver(state));
  return { azure, run: made.run };
}

async function answer(
  run: string,
  stage: string,
  choice: string,
  by: Person = megan,
  id = `${stage}-${choice}-${by.id}`,
) {
  const planHash = (await stateIn(engine, run)).planHash ?? '';
  return engine.vote({ id, run, stage, planHash, choice, reason: 'yes', by, at: now() });
}

async function say(run: string, stage: string, choice: string): Promise<void> {
  await until(engine, run, asks(stage));
  expect(await answer(run, stage, choice)).toEqual({ ok: true });
}

const decide = async (run: string, choice: 'retry' | 'undo', id = `decide-${choice}`) =>
  engine.decide({
    id,
    run,
    pause: (await stateIn(engine, run)).pauses,
    decision: { choice },
    by: alex,
    at: now(),
  });

const databases = (azure: FakeAzure) =>
  Object.fromEntries(
    Object.entries(azure.state.databases['sql-primary'] ?? {}).map(([name, one]) => [
      name.replace(/-\d{8}-.*/, ''),
      one.id,
    ]),
  );

test('a restore is asked for, approved, carried out, approved again, swapped in, and kept', async () => {
  const { azure, run } = await asked();
  expect(azure.changes()).toEqual([]);
  await say(run, 'begin', 'approve');
  await until(engine, run, asks('swap'));
  expect(databases(azure)).toEqual({ shop: 'id-shop', 'shop-restored': 'id-1' });
  await say(run, 'swap', 'approve');
  await until(engine, run, asks('commit'));
  await say(run, 'commit', 'keep');
  const state = await until(engine, run, isOver);
  expect(state).toMatchObject({ finished: { outcome: 'completed' }, recoveredAt: expect.any(Date) });
  expect(databases(azure)).toEqual({ shop: 'id-1', 'shop-old': 'id-shop' });
  expect(azure.changes().map((change) => change.split(' ')[0])).toEqual([
    ...['sql.point-in-time-restore', 'sql.rename', 'sql.rename', 'app.restart'],
  ]);
  expect(firstBroken((await engine.incidentOfRun(run))?.entries ?? [])).toBeNull();
  expect(await engine.incidents('open')).toEqual([]);
});

test('every intent is written down before Azure is asked, and with the id that Azure is sent', async () => {
  const seen: Promise<readonly string[]>[] = [];
  const ids = async () =>
    (await entriesOf(engine, run)).flatMap(({ event }) =>
      event.type === 'step.intended' ? [event.requestId] : [],
    );
  const { azure, run } = await asked({ how: 'beside', hooks: { before: () => seen.push(ids()) } });
  await say(run, 'begin', 'approve');
  await until(engine, run, isOver);
  expect(await Promise.all(seen)).toEqual([azure.state.changes.map((one) => one.requestId)]);
});

test('nobody but an approver who did not ask for it can approve', async () => {
  const { azure, run } = await asked();
  expect(await answer(run, 'begin', 'approve', alex)).toMatchObject({
    ok: false,
    words: expect.stringMatching(/You asked for this/),
  });
  const alexAsApprover = { ...alex, roles: ['approver', 'security'] };
  expect(await answer(run, 'begin', 'approve', alexAsApprover)).toMatchObject({ ok: false });
  expect(await answer(run, 'begin', 'approve', isaiah)).toMatchObject({
    ok: false,
    words: expect.stringMatching(/Only an approver/),
  });
  expect(await countOf(engine, run, 'vote.cast')).toBe(0);
  expect(azure.changes()).toEqual([]);
  await say(run, 'begin', 'reject');
  expect((await until(engine, run, isOver)).finished).toMatchObject({ outcome: 'rejected' });
  expect(azure.changes()).toEqual([]);
});

test('a bot that comes back with other runbooks asks anew, and says that it is another version', async () => {
  const { azure, run } = await asked({ how: 'beside' });
  const { version: was } = (await stateIn(engine, run)).plan ?? {};
  expect(was).toMatch(/^[0-9a-f]{12}$/);
  await engine.stop();
  const newer = [...loadedRunbooks()].map(([name, one]) => [name, { ...one, version: 'newer' }] as const);
  engine = await startShop(store, azure, { runbooks: new Map(newer) });
  await say(run, 'begin', 'approve');
  const again = await until(engine, run, ({ round, gates }) => round === 2 && gates['begin']?.round === 2);
  expect(again.drift?.changes).toEqual([{ field: 'runbook version', was, is: 'newer' }]);
  expect(again.plan?.version).toBe('newer');
  expect(azure.changes()).toEqual([]);
  expect(await answer(run, 'begin', 'reject')).toEqual({ ok: true });
  await until(engine, run, isOver);
});

test.each([
  ['hurried', 'stop'],
  ['careless', 'go-on'],
] as const)(
  'an approval that nobody gives in time changes nothing, though the estate of a %s app says "%s"',
  async (name, onExpiry) => {
    // An app of its own: in an incident the policies hold that it began with.
    const begin = { ...oneApprover, expiresAfterMinutes: 0.005, onExpiry };
    const short = { ...shop, name, gates: { ...shop.gates, begin } };
    const { azure, run } = await asked({ estate: { ...estate, apps: [short] } });
    expect((await until(engine, run, isOver)).finished).toMatchObject({ outcome: 'expired' });
    expect(azure.changes()).toEqual([]);
  },
);

test('whatever comes four times counts once: the request, the vote, the decision', async () => {
  const trouble = failing('sql.rename shop-restored', refusal('DatabaseIsBusy'), 1);
  const { azure, run } = await asked({ hooks: trouble });
  const fourTimes = <T>(ask: () => Promise<T>) => Promise.all([ask(), ask(), ask(), ask()]);
  const requested = await fourTimes(() => engine.request(restoreRequest(`request-${requests}`)));
  expect(new Set(requested.map((one) => ('run' in one ? one.run : one.refused)))).toEqual(new Set([run]));
  expect(await fourTimes(() => answer(run, 'begin', 'approve'))).toEqual(Array(4).fill({ ok: true }));
  await say(run, 'swap', 'approve');
  await until(engine, run, (state) => state.pause !== null);
  expect(await fourTimes(() => decide(run, 'retry', 'once'))).toEqual(Array(4).fill({ ok: true }));
  await say(run, 'commit', 'keep');
  await until(engine, run, isOver);
  expect(await answer(run, 'begin', 'approve')).toEqual({ ok: true });
  expect(await countOf(engine, run, 'run.requested')).toBe(1);
  expect(await countOf(engine, run, 'vote.cast')).toBe(2 + 1);
  expect(await countOf(engine, run, 'run.decided')).toBe(1);
  expect(new Set(azure.changes()).size).toBe(azure.changes().length);
});

/** Azure refuses this change so many times before it does it. */
function failing(change: string, problem: AzureProblem, times: number): FakeHooks {
  let left = times;
  return {
    before: (name) => {
      if (!name.startsWith(change) || left === 0) return;
      left -= 1;
      throw problem;
    },
  };
}

test('of two people who decide at the same moment, one is heard and the other is told', async () => {
  const { run } = await asked({ hooks: failing('sql.point-in-time-restore', refusal('Broken'), 1) });
  await say(run, 'begin', 'approve');
  await until(engine, run, (state) => state.pause !== null);
  const pause = 1;
  const stop = { choice: 'stop', reason: 'enough' } as const;
  const answers = await Promise.all([
    engine.decide({ id: 'a', run, pause, decision: stop, by: alex, at: now() }),
    engine.decide({ id: 'b', run, pause, decision: { choice: 'retry' }, by: megan, at: now() }),
  ]);
  expect(answers.filter((one) => one.ok)).toHaveLength(1);
  expect(await countOf(engine, run, 'run.decided')).toBe(1);
  if (answers[1].ok) await engine.abort({ id: 'end', run, reason: '', by: alex, at: now() });
  await until(engine, run, (state) => isOver(state) || asks('swap')(state));
  await end(run);
});

/** Ends a run that is still open, so that the next test finds the app free. */
async function end(run: string): Promise<void> {
  const { finished, pause } = await stateIn(engine, run);
  if (finished) return;
  if (pause) {
    const decision = { choice: 'stop', reason: 'over' } as const;
    await engine.decide({ id: 'end', run, pause: pause.number, decision, by: alex, at: now() });
  } else await engine.abort({ id: 'abort-end', run, reason: 'over', by: alex, at: now() });
  await until(engine, run, (state) => isOver(state) || state.pause !== null);
  await end(run);
}

test('a second run of the same app is refused while one is open, wherever it is asked for', async () => {
  const { run } = await asked();
  const other = { ...restoreRequest('other'), conversation: 'elsewhere' };
  expect(await engine.request(other)).toEqual({
    refused: expect.stringContaining(`${run} is still open for Shop`),
  });
  await end(run);
});

test.each([
  ['an unknown runbook', { runbook: 'make-coffee' }, /no runbook "make-coffee"/],
  ['an unknown app', { app: 'nobody' }, /no protected app "nobody"/],
  ['wrong parameters', { parameters: { database: 'shop', at: 'tomorrow', how: 'swap' } }, /^at: /],
])('%s is refused in words, and opens nothing', async (_what, more, words) => {
  engine = await startShop(store, createFakeAzure({ now }));
  const before = (await engine.incidents('all')).length;
  expect(await engine.request({ ...restoreRequest('bad'), ...more })).toEqual({
    refused: expect.stringMatching(words),
  });
  expect(await engine.incidents('all')).toHaveLength(before);
});

async function stuckBetweenRenames() {
  const made = await asked({ hooks: failing('sql.rename shop-restored', refusal('DatabaseIsBusy'), 1) });
  await say(made.run, 'begin', 'approve');
  await say(made.run, 'swap', 'approve');
  const state = await until(engine, made.run, (one) => one.pause !== null);
  return { ...made, state };
}

test('a rename that fails between the two renames pauses the run, and says that the app has no database', async () => {
  const { azure, run, state } = await stuckBetweenRenames();
  expect(state.pause).toMatchObject({ stage: 'swap-in', because: 'failed' });
  expect(state.pause?.truth.join(' ')).toMatch(
    /There is no database named shop right now.*original data is safe in shop-old-/,
  );
  expect(databases(azure)).toEqual({ 'shop-old': 'id-shop', 'shop-restored': 'id-1' });
  await decide(run, 'retry');
  await say(run, 'commit', 'keep');
  expect((await until(engine, run, isOver)).finished).toMatchObject({ outcome: 'completed' });
  expect(databases(azure)).toEqual({ shop: 'id-1', 'shop-old': 'id-shop' });
});

test('undo between the two renames puts the original back, and proves that the app is green', async () => {
  const { azure, run } = await stuckBetweenRenames();
  await decide(run, 'undo');
  const state = await until(engine, run, isOver);
  expect(state).toMatchObject({
    finished: { outcome: 'undone' },
    stages: { 'undo:verify': { status: 'done' } },
  });
  expect(databases(azure)).toEqual({ shop: 'id-shop', 'shop-restored': 'id-1' });
});

test('swap back at the commit gate puts the original back', async () => {
  const { azure, run } = await asked();
  await say(run, 'begin', 'approve');
  await say(run, 'swap', 'approve');
  await say(run, 'commit', 'swap-back');
  expect((await until(engine, run, isOver)).finished).toMatchObject({ outcome: 'undone' });
  expect(databases(azure)).toEqual({ shop: 'id-shop', 'shop-restored': 'id-1' });
});

test('a database that changes after the approval voids it: the change is named, and the new plan is asked again', async () => {
  const { azure, run } = await asked();
  const old = (await stateIn(engine, run)).planHash ?? '';
  await say(run, 'begin', 'approve');
  await until(engine, run, asks('swap'));
  change(azure, { tier: 'S3' });
  await answer(run, 'swap', 'approve');
  const state = await until(engine, run, asks('swap', 2));
  expect(state.drift).toEqual({ before: 'set-aside', changes: [{ field: 'tier', was: 'S0', is: 'S3' }] });
  expect(state.gates).toMatchObject({ begin: { round: 1 }, swap: { votes: [] } });
  const vote = {
    id: 'old-card',
    run,
    stage: 'swap',
    planHash: old,
    choice: 'approve',
    reason: '',
    by: adele,
    at: now(),
  };
  expect(await engine.vote(vote)).toMatchObject({
    ok: false,
    words: expect.stringMatching(/plan has changed/),
  });
  expect(azure.changes()).toHaveLength(1);
  await answer(run, 'swap', 'approve', megan, 'again');
  await until(engine, run, asks('commit', 2));
  expect(databases(azure)).toEqual({ shop: 'id-1', 'shop-old': 'id-shop' });
  await answer(run, 'commit', 'keep');
  await until(engine, run, isOver);
});

function change(azure: FakeAzure, more: { tier: string }): void {
  const production = azure.state.databases['sql-primary'];
  if (production?.['shop']) production['shop'] = { ...production['shop'], ...more };
}

test('throttling is waited out, and the step is done once', async () => {
  const throttled = refusal('TooManyRequests', { status: 429, passing: true, retryAfterMs: 30 });
  const { azure, run } = await asked({
    how: 'beside',
    hooks: failing('sql.point-in-time-restore', throttled, 2),
  });
  await say(run, 'begin', 'approve');
  expect((await until(engine, run, isOver)).finished).toMatchObject({ outcome: 'completed' });
  expect(azure.changes()).toHaveLength(1);
  expect(await countOf(engine, run, 'step.intended')).toBe(1);
});

test('what changes while Azure is too busy to take a change voids the approval, and the change is not sent', async () => {
  let later = 0;
  const { azure, run } = await asked({
    how: 'beside',
    now: () => new Date(Date.now() + later),
    hooks: {
      before: () => {
        if (later > 0) return;
        later = 2 * 60_000;
        change(azure, { tier: 'S3' });
        throw refusal('ServiceUnavailable', { status: 503, passing: true, unknownOutcome: true });
      },
    },
  });
  await say(run, 'begin', 'approve');
  const state = await until(engine, run, asks('begin', 2));
  expect(state.drift).toEqual({ before: 'restore', changes: [{ field: 'tier', was: 'S0', is: 'S3' }] });
  expect(state.stages['restore']).toMatchObject({ status: 'waiting', attempt: 1 });
  expect(azure.changes()).toEqual([]);
  expect(await countOf(engine, run, 'step.withdrawn')).toBe(1);

  await answer(run, 'begin', 'approve', megan, 'again');
  expect((await until(engine, run, isOver)).finished).toMatchObject({ outcome: 'completed' });
  expect(azure.changes()).toHaveLength(1);
  expect(await countOf(engine, run, 'step.intended')).toBe(2);
});

test('an answer that is lost on the way back is not taken for a refusal: the effect is found, not made twice', async () => {
  let lost = false;
  const lose = () => {
    if (lost) return;
    lost = true;
    throw refusal('Unreachable', { status: null, passing: true, unknownOutcome: true });
  };
  const { azure, run } = await asked({ how: 'beside', hooks: { after: lose } });
  await say(run, 'begin', 'approve');
  expect((await until(engine, run, isOver)).finished).toMatchObject({ outcome: 'completed' });
  expect(azure.changes()).toHaveLength(1);
  const done = (await entriesOf(engine, run)).find((entry) => entry.event.type === 'step.done');
  expect(done?.event).toMatchObject({ adopted: true });
});

test('an abort that comes while Azure is being looked at stops the change that was about to be sent', async () => {
  let armed = false;
  const { azure, run } = await asked({
    change: (plain) => ({
      ...plain,
      database: async (...which) => {
        if (armed) {
          armed = false;
          await engine.abort({ id: 'late', run, reason: 'wrong app', by: alex, at: now() });
        }
        return plain.database(...which);
      },
    }),
  });
  armed = true;
  await answer(run, 'begin', 'approve');
  const state = await until(engine, run, isOver);
  expect(state.finished).toMatchObject({
    outcome: 'aborted',
    words: expect.stringMatching(/before anything was changed/),
  });
  // The stage's own workflow may still be on its way: it must find that nothing is asked of it any more.
  await new Promise((later) => setTimeout(later, 150));
  expect(azure.changes()).toEqual([]);
  expect(await countOf(engine, run, 'step.intended')).toBe(0);
});

test('a vote can be withdrawn until the quorum is full', async () => {
  const two = { ...oneApprover, needs: [{ role: 'approver', count: 2 }] };
  const { azure, run } = await asked({
    how: 'beside',
    estate: { ...estate, apps: [{ ...shop, name: 'careful', gates: { ...shop.gates, begin: two } }] },
  });
  await answer(run, 'begin', 'approve', megan);
  const withdraw = (id: string, by: Person) =>
    engine.withdraw({ id, run, stage: 'begin', reason: 'not sure', by, at: now() });
  expect(await withdraw('w1', adele)).toMatchObject({
    ok: false,
    words: expect.stringMatching(/no vote here/),
  });
  expect(await withdraw('w2', megan)).toEqual({ ok: true });
  await answer(run, 'begin', 'approve', adele);
  expect((await stateIn(engine, run)).gates).toMatchObject({
    begin: { closed: null, votes: [{ by: { id: 'adele' } }] },
  });
  expect(azure.changes()).toEqual([]);
  await answer(run, 'begin', 'approve', megan, 'second thought');
  await until(engine, run, isOver);
  expect(await withdraw('w3', megan)).toMatchObject({ ok: false });
  expect(azure.changes()).toHaveLength(1);
});

test('what the next run is told to take is what the last ones took', async () => {
  const { run } = await asked({ how: 'beside' });
  const first = (await stateIn(engine, run)).plan?.duration;
  expect(first).toMatchObject({ basis: 'past runs' });
  await end(run);
});

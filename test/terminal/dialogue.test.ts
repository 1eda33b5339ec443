import { execFileSync } from 'node:child_process';
import type { Person } from '../../src/engine/approval';
import type { RunningEngine } from '../../src/engine/create-engine';
import type { Store } from '../../src/store/store';
import { type Asked, readArguments } from '../../src/terminal/arguments';
import type { Console } from '../../src/terminal/console';
import type { Desk } from '../../src/terminal/desk';
import { playRun } from '../../src/terminal/play-run';
import { createFakeAzure, type FakeHooks, type FakeState, freshState } from '../support/fake-azure';
import { freshAccount } from '../support/fake-azure-storage';
import { adele, alex, isaiah, megan } from '../support/people';
import { estate } from '../support/protected-app';
import { refusal } from '../support/refusal';
import { asks, restoreRequest, startShop, stateIn, until } from '../support/shop-engine';
import { temporaryStore } from '../support/temporary-store';

let store: Store;
let engine: RunningEngine;
beforeAll(async () => {
  store = await temporaryStore();
});
afterEach(() => engine.stop());
afterAll(() => store.close());

const now = () => new Date();
const nothing: Asked = {
  ...{ kind: 'play', words: '', incident: null, app: null, inputs: {}, answers: {} },
  ...{
    approve: false,
    reason: '',
    breakGlass: false,
    valueFromInput: false,
    decision: null,
    abort: null,
    wait: false,
  },
};
let ids = 0;
/** The run that a test leaves open, so that the next one can begin. */
let open = '';

/** What is typed, in order: a line, or what happens instead of one while the question stands. */
type Typed = string | (() => Promise<unknown>);

/** A person at a terminal who types these lines and then is gone. */
async function sits(
  typed: readonly Typed[],
  {
    person = alex,
    next = [] as Person[],
    asked = {} as Partial<Asked>,
    hooks = {} as FakeHooks,
    state = freshState() as FakeState,
    words = [] as string[],
  } = {},
) {
  engine = await startShop(store, createFakeAzure({ now, hooks, state }));
  const lines = [...typed];
  const others = [...next];
  let here = person;
  const console: Console = {
    ...{ look: { colour: false, width: 100 }, interactive: true, status: () => undefined },
    write: (line) => words.push(line),
    askSecret: async () => null,
    ask: async (question, over) => {
      words.push(question);
      const line = lines.shift();
      if (line === undefined) return null;
      if (typeof line === 'string') return line;
      const ended = new Promise<null>((done) => over?.addEventListener('abort', () => done(null)));
      await line();
      return ended;
    },
  };
  const desk: Desk = {
    ...{ console, engine, estate, now, zone: 'UTC', asked: { ...nothing, ...asked } },
    newId: () => `said-${++ids}`,
    account: () => here.id,
    person: async () => here,
    follows: (incident) => {
      open = incident;
    },
    change: async () => {
      const other = others.shift();
      if (!other) return 'Nobody is signed in.';
      here = other;
      return null;
    },
  };
  return { desk, said: () => words.join('\n'), left: () => lines };
}

/** Ends the run of the incident that was followed last. */
async function abortOpen(): Promise<void> {
  const view = await engine.incident(open);
  const run = view?.runs.at(-1);
  if (!run || run.finished) return;
  const said = { id: `end-${++ids}`, run: run.run, by: alex, at: now() };
  if (run.pause)
    await engine.decide({ ...said, pause: run.pause.number, decision: { choice: 'stop', reason: '' } });
  else await engine.abort({ ...said, reason: '' });
  await until(engine, run.run, (state) => state.finished !== null);
}

async function asksForRestore(): Promise<{ incident: string; run: string }> {
  const made = await engine.request(restoreRequest(`terminal-${++ids}`));
  if ('refused' in made) throw new Error(made.refused);
  await until(engine, made.run, asks('begin'));
  return made;
}

/** Goes on with a run that is there already, and gives the exit code. */
const attached = (desk: Desk, incident: string): Promise<number> =>
  playRun({ ...desk, asked: { ...desk.asked, incident } });

test('whoever asked cannot approve; somebody else signs in at the same terminal and does', async () => {
  const { desk, said, left } = await sits(['1', '9', 's', '1', 'go', '1', '', '1', ''], {
    next: [megan],
  });
  const { incident, run } = await asksForRestore();
  expect(await attached(desk, incident)).toBe(0);
  expect(left()).toEqual([]);
  expect(said()).toMatch(/✗ You asked for this run, so somebody else must approve it/);
  expect(said()).toMatch(/✗ Type a number from 1 to 2, s, w or q/);
  expect(said()).toMatch(/You are Megan Bowen \(approver\)/);
  expect(said()).toMatch(/REPORT: Done/);
  const { gates } = await stateIn(engine, run);
  expect(gates['begin']?.votes).toMatchObject([{ by: { id: 'megan' }, reason: 'go' }]);
});

test('a question that is answered elsewhere is taken back, and the run goes on', async () => {
  let run = '';
  const elsewhere = async () => {
    const { planHash } = await stateIn(engine, run);
    await engine.vote({
      ...{ id: 'elsewhere', run, stage: 'begin', planHash: planHash ?? '', choice: 'approve' },
      ...{ reason: '', by: adele, at: now() },
    });
  };
  const { desk, said } = await sits([elsewhere, 'q'], { person: megan });
  const made = await asksForRestore();
  run = made.run;
  expect(await attached(desk, made.incident)).toBe(3);
  expect(said()).toMatch(/Adele Vance: Approval to begin: answered “Approve”/);
  expect(said()).toMatch(/A DECISION IS NEEDED: Approval to swap/);
  expect(said()).toMatch(/The run is left as it is. To come back: npm run play inc/);
  await abortOpen();
});

test('a paused run is decided about at the terminal, and goes on when the cause is gone', async () => {
  let failing = true;
  const before: NonNullable<FakeHooks['before']> = (change) => {
    if (failing && change.startsWith('sql.rename')) throw refusal('ScopeLocked');
  };
  const { desk, said } = await sits(['1', '', '1', '', 'magic', 'q'], { person: megan, hooks: { before } });
  const { incident, run } = await asksForRestore();
  expect(await attached(desk, incident)).toBe(4);
  expect(said()).toMatch(
    /PAUSED: Rename shop to[\s\S]*✗ Azure refused: ScopeLocked[\s\S]*What is true right now/,
  );
  expect(said()).toMatch(/✗ Type a number from 1 to \d, s, w or q/);

  failing = false;
  const asked = { ...nothing, incident, decision: { choice: 'retry' }, approve: true } as const;
  expect(await playRun({ ...desk, asked })).toBe(0);
  expect((await stateIn(engine, run)).finished?.outcome).toBe('completed');
});

test('a step is left out with a reason, and never without', async () => {
  const before: NonNullable<FakeHooks['before']> = (change) => {
    if (change.startsWith('app.restart')) throw refusal('Conflict');
  };
  const { desk, said } = await sits(['skip', '', 'skip', 'by hand', '1', ''], {
    ...{ person: megan, hooks: { before } },
    asked: { answers: { begin: 'approve', swap: 'approve' } },
  });
  const { incident, run } = await asksForRestore();
  expect(await attached(desk, incident)).toBe(0);
  expect(said()).toMatch(/✗ Say why this step may be left out/);
  expect((await stateIn(engine, run)).stages['restart']?.status).toBe('skipped');
});

test('a form is filled in until it is right, and choices that would work are taken by their number', async () => {
  const { desk, said } = await sits(['', 'tomorrow 10:00', '', '', '1', 'q'], {
    asked: { words: 'restore-database' },
  });
  expect(await playRun(desk)).toBe(3);
  expect(said()).toMatch(/Not possible like this[\s\S]*These would work:\n {2}1 {2}/);
  expect(said()).toMatch(/PLAN {2}Restore shop to/);
  await abortOpen();
});

test('somebody without a role may look at a run, and can begin or answer none', async () => {
  const { desk, said } = await sits(['1', 'q'], { person: isaiah });
  const { incident } = await asksForRestore();
  expect(await attached(desk, incident)).toBe(3);
  expect(said()).toMatch(/✗ Only an approver may answer this. You are viewer/);
  const reads = ((await engine.incident(incident))?.entries ?? []).filter(
    ({ event }) => event.type === 'timeline.read',
  );
  expect(reads.at(-1)).toMatchObject({ actor: { id: isaiah.id }, event: { format: 'terminal' } });
  expect(await playRun({ ...desk, asked: { ...nothing, words: 'restore-database' } })).toBe(2);
  expect(said()).toMatch(/✗ Only a responder or an approver may do this/);
  await abortOpen();
});

/** What a shell makes of a command that the terminal has written, as `npm run play` hears it. */
const typedIn = (command: string): readonly string[] =>
  execFileSync('sh', ['-c', `printf '%s\\0' ${command.replace(/^npm run play /, '').replace(' -- ', ' ')}`])
    .toString()
    .split('\0')
    .slice(0, -1);

test('a plan that is refused says as a command what would work instead, and that command is taken', async () => {
  const state = freshState();
  const reason = "it's $(down) since 10:00";
  const { desk, said } = await sits(['q'], { state });
  const newId = () => {
    // The form was read while both regions answered.
    state.storage['stshop'] = freshAccount({ down: true });
    return desk.newId();
  };
  const planned = { ...nothing, words: 'failover storage', inputs: { how: 'planned', reason } };
  expect(await playRun({ ...desk, newId, asked: planned })).toBe(5);
  const [, command = ''] =
    /What would work instead\n {2}- Fail over unplanned:\n {4}(npm run play .*)/.exec(said()) ?? [];
  expect(command).toMatch(/^npm run play failover-storage -- --incident inc\d+ --set /);

  const asked = readArguments(typedIn(command));
  expect(asked).toMatchObject({ words: 'failover-storage', inputs: { how: 'auto', reason } });
  expect(await playRun({ ...desk, asked: asked as Asked })).toBe(3);
  expect(said()).toMatch(/A DECISION IS NEEDED/);
  await abortOpen();
});

test('what a restore leaves behind is named with the command that removes it', async () => {
  const { desk, said } = await sits(['1', '', '1', '', '1', ''], { person: megan });
  const { incident } = await asksForRestore();
  expect(await attached(desk, incident)).toBe(0);
  expect(said()).toMatch(
    /To clean up\n {2}- Remove the former production database:\n {4}npm run play remove-database -- --incident inc\d+ --set database=shop-old-/,
  );
});

import type { JournalEntry } from '../../src/simulator/journal';
import { LEASE_MS } from '../../src/store/stand-by';
import { rows } from '../stories/support/azure';
import { type Run, restores, runOf } from '../stories/support/run';
import { type DebianPostgres, startDebianPostgres, withDebianPostgres } from '../support/debian-postgres';
import { type Bot, startWorld, type World } from '../support/world';

const { programs, withPostgres } = withDebianPostgres('two bots on one PostgreSQL');

let postgres: DebianPostgres;
let world: World;
let [first, second, front]: Bot[] = [];

beforeEach(async () => {
  if (programs === null) return;
  postgres = await startDebianPostgres(programs);
  world = await startWorld({
    environment: { DATABASE_URL: postgres.url },
    // As behind a load balancer: whoever is there hears what people say.
    botEndpoint: (bot) => `${front?.url ?? bot.replace('/api/messages', '')}/api/messages`,
  });
  first = world.bot;
  second = world.another({ REPLICA: 'second' });
  await second.start();
}, 60_000);
afterEach(async () => {
  if (programs === null) return;
  await world.close();
  await postgres.stop();
  front = undefined;
}, 60_000);

const isRestore = ({ method, url }: Pick<JournalEntry, 'method' | 'url'>): boolean =>
  method === 'PUT' && /AppRequestPortal-restored/.test(url);
const isLook = ({ method, url }: Pick<JournalEntry, 'method' | 'url'>): boolean =>
  method === 'GET' && /databases\/AppRequestPortal-restored-[\w-]+\?/.test(url);

/** Sends the first bot a signal at the first request of this kind: its effect is there, its answer is not yet. */
function strikeAt(matches: (entry: JournalEntry) => boolean, signal: NodeJS.Signals): Promise<void> {
  return new Promise((struck) => {
    const stop = world.simulator.onRequest((entry) => {
      if (!matches(entry) || !first) return;
      stop();
      process.kill(first.pid(), signal);
      front = second;
      struck();
    });
  });
}

/** The same run as the bot that is left tells it. */
function other(run: Run): Run {
  if (!second) throw new Error('There is no second bot.');
  return runOf({ ...world, bot: second }, run.thread, run.incident);
}

async function finish(run: Run): Promise<void> {
  await run.happens('gate.opened', { stage: 'swap' });
  await run.answers('Megan Bowen', 'swap', 'Approve');
  await run.answers('Megan Bowen', 'commit', 'Keep');
  expect(await run.over()).toBe('completed');
}

/** Every change once, every entry once and in order, every line of the thread once. */
async function expectOnce(run: Run): Promise<void> {
  const sent = world.simulator
    .journal()
    .filter(({ method, url }) => method !== 'GET' && url.includes('management.azure.com'))
    .map(
      ({ method, url }) =>
        `${method} ${new URL(url).pathname.replace(/.*\/(databases|sites)\//, '').replace(/-\d{8}-\d{4}-inc\d+-\d+/g, '')}`,
    );
  expect(sent).toEqual([
    'PUT AppRequestPortal-restored',
    'POST AppRequestPortal/move',
    'POST AppRequestPortal-restored/move',
    'POST apprequest-prod-demo01/restart',
  ]);
  const entries = await run.timeline();
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
  expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
  const numbers = run.entries().map((line) => Number(/^#(\d+)/.exec(line)?.[1]));
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  expect(new Set(numbers).size).toBe(numbers.length);
  const live = world.simulator.estate().databases.find(({ name }) => name === 'AppRequestPortal');
  expect(live).toMatchObject({ requests: rows.before });
}

withPostgres(
  'one of two bots is killed after a change and before its answer: the other finishes the run',
  async () => {
    const run = await restores(world, { text: '@dr restore db to 30 minutes ago' });
    const struck = strikeAt(isRestore, 'SIGKILL');
    await run.answers('Megan Bowen', 'begin', 'Approve');
    await struck;
    await finish(other(run));
    await expectOnce(other(run));
  },
  120_000,
);

withPostgres(
  'one of two bots stands still between its look and its change: the other does it, and it does not when it wakes up',
  async () => {
    const run = await restores(world, { text: '@dr restore db to 30 minutes ago' });
    const struck = strikeAt(isLook, 'SIGSTOP');
    await run.answers('Megan Bowen', 'begin', 'Approve');
    await struck;
    const left = other(run);
    await left.happens('gate.opened', { stage: 'swap' });
    process.kill(first?.pid() ?? 0, 'SIGCONT');
    await new Promise((later) => setTimeout(later, LEASE_MS));
    await finish(left);
    await expectOnce(left);
    expect(first?.log()).toMatch(/right to conduct was lost/);
  },
  120_000,
);

withPostgres(
  'one of two bots stands still after a change and before its answer, and wakes up in the middle of what the other does',
  async () => {
    const run = await restores(world, { text: '@dr restore db to 30 minutes ago' });
    const struck = strikeAt(isRestore, 'SIGSTOP');
    await run.answers('Megan Bowen', 'begin', 'Approve');
    await struck;
    const left = other(run);
    await left.happens('step.done', { stage: 'restore' });
    process.kill(first?.pid() ?? 0, 'SIGCONT');
    await finish(left);
    await expectOnce(left);
  },
  120_000,
);

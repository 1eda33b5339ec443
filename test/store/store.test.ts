import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'pg';
import { inTransaction } from '../../src/store/in-transaction';
import { migrate } from '../../src/store/migrate';
import { reach } from '../../src/store/reach';
import { openStore } from '../../src/store/store';
import { isStoreGone } from '../../src/store/store-gone';
import { startChild } from '../support/child';
import { silentWay } from '../support/silent-way';
import { temporaryFolder } from '../support/temporary-store';

// One folder for all: each test leaves it as a bot would, so that the next one starts from there.
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

const open = (databaseUrl: string | null = null) =>
  openStore({ databaseUrl, dataDir: folder.path, onError: () => undefined });
const pidFile = () => join(folder.path, 'postgres', 'cluster', 'postmaster.pid');
const serverPid = async () => Number((await readFile(pidFile(), 'utf8')).split('\n')[0]);

test('the first start makes a store, on this machine only, that writes through to the disk', async () => {
  // What a bot leaves that is killed while it makes its store for the first time.
  const half = join(folder.path, 'postgres', 'cluster.new');
  await mkdir(half, { recursive: true });
  await writeFile(join(half, 'PG_VERSION'), '18\n');
  const store = await open();
  const { rows } = await store.pool.query(
    `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
            current_setting('listen_addresses') as listens, current_setting('password_encryption') as password`,
  );
  expect(rows).toEqual([{ fsync: 'on', commit: 'on', listens: '127.0.0.1', password: 'scram-sha-256' }]);
  expect(store.kind).toBe('embedded');
  await store.pool.query('create table public.kept as select 42 as answer');
  await store.close();
});

test('a process that stands still in the middle of a transaction does not keep others from writing', async () => {
  const store = await openStore({
    ...{ databaseUrl: null, dataDir: folder.path, onError: () => undefined, silenceMs: 500 },
  });
  const still = await store.pool.connect();
  still.on('error', () => undefined);
  await still.query('create table public.rows as select 1 as one');
  await still.query('begin');
  await still.query('select * from public.rows for update');

  await store.pool.query(`set statement_timeout = '5s'; update public.rows set one = 2`);

  await expect(still.query('commit')).rejects.toThrow();
  still.release();
  await store.close();
}, 20_000);

test('a store that goes silent is noticed by whoever asks it, and asked again over other connections', async () => {
  const server = await open();
  const way = await silentWay(server.url);
  const store = await openStore({
    ...{ databaseUrl: way.url, dataDir: '/nowhere', onError: () => undefined, patienceMs: 600 },
  });
  const write = () => inTransaction(store.pool, (client) => client.query('select 1'));
  await Promise.all([write(), store.pool.query('select 1')]);
  way.silence();

  for (const ask of [write, () => store.pool.query('select 1'), write, write]) {
    const begun = performance.now();
    expect(isStoreGone(await ask().catch((error: unknown) => error))).toBe(true);
    expect(performance.now() - begun).toBeLessThan(3_000);
  }
  way.heal();
  await write();

  await store.close();
  await way.close();
  await server.close();
}, 20_000);

test('the second start finds what the first one kept, and its server is gone in between', async () => {
  await expect(readFile(pidFile())).rejects.toThrow('ENOENT');
  const store = await open();
  expect((await store.pool.query('select answer from public.kept')).rows).toEqual([{ answer: 42 }]);
  expect(await store.reachable()).toBe(true);
  await store.close();
});

test('the server is stopped by whoever leaves it last: a terminal beside the bot, or the bot beside a terminal', async () => {
  const bot = await open();
  const pid = await serverPid();
  const terminal = await open();
  await terminal.close();
  expect((await bot.pool.query('select answer from public.kept')).rows).toEqual([{ answer: 42 }]);
  const again = await open();
  await bot.close();
  expect((await again.pool.query('select answer from public.kept')).rows).toEqual([{ answer: 42 }]);
  await again.close();
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('two who start it in the same moment share one server', async () => {
  const [one, other] = await Promise.all([open(), open()]);
  expect(one.url).toBe(other.url);
  await Promise.all([one.close(), other.close()]);
  await expect(readFile(pidFile())).rejects.toThrow('ENOENT');
});

test('the server that a killed bot left running is adopted, and stopped with the bot that adopted it', async () => {
  const bot = startChild('open-store-child.ts', { dataDir: folder.path });
  const port = await bot.line();
  const pid = await serverPid();
  await bot.kill();
  const store = await open();
  expect(new URL(store.url).port).toBe(port);
  expect(await serverPid()).toBe(pid);
  expect((await store.pool.query('select answer from public.kept')).rows).toEqual([{ answer: 42 }]);
  await store.close();
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('a note of a server that is dead is no obstacle', async () => {
  const gone = startChild('open-store-child.ts', { dataDir: '/dev/null/nowhere' });
  await gone.ended;
  await leaveNote(gone.pid);
  const store = await open();
  expect(await store.reachable()).toBe(true);
  await store.close();
});

test('a note whose number belongs to another process by now is no obstacle, and that process is left alone', async () => {
  const stranger = startChild('open-store-child.ts', { dataDir: join(folder.path, 'another') });
  await stranger.line();
  await leaveNote(stranger.pid);
  const store = await open();
  expect(await store.reachable()).toBe(true);
  await store.close();
  expect(() => process.kill(stranger.pid, 0)).not.toThrow();
  const anothers = join(folder.path, 'another', 'postgres', 'cluster', 'postmaster.pid');
  const server = Number((await readFile(anothers, 'utf8')).split('\n')[0]);
  await stranger.kill();
  process.kill(server, 'SIGINT');
  while (
    await readFile(anothers).then(
      () => true,
      () => false,
    )
  )
    await pause(20);
});

const leaveNote = (pid: number) =>
  writeFile(
    pidFile(),
    `${[pid, join(folder.path, 'postgres', 'cluster'), 1, 54321, '', '127.0.0.1', '1 1', 'ready'].join('\n')}\n`,
  );

test('a migration that fails leaves nothing behind, is named, and can be made again', async () => {
  const store = await open();
  const broken = { name: '9001-broken', sql: 'create table half_made (a text); select nonsense' };
  await expect(migrate(store.pool, [broken])).rejects.toThrow('migration 9001-broken failed');
  const known = async () =>
    (
      await store.pool.query(
        `select to_regclass('dr.half_made') as made, (select count(*)::int from dr.migrations where name like '900%') as noted`,
      )
    ).rows;
  expect(await known()).toEqual([{ made: null, noted: 0 }]);
  await migrate(store.pool, [{ ...broken, sql: 'create table half_made (a text)' }]);
  expect(await known()).toEqual([{ made: 'half_made', noted: 1 }]);
  await migrate(store.pool, [{ ...broken, sql: 'create table half_made (a text)' }]);
  await store.close();
});

test('two bots that start at the same moment on one new database bring it up to date once', async () => {
  const store = await open();
  await store.pool.query('create database shared');
  const url = store.url.replace(/postgres$/, 'shared');
  const bots = [1, 2].map(() => startChild('open-store-child.ts', { databaseUrl: url, close: true }));
  expect(await Promise.all(bots.map((bot) => bot.ended))).toEqual([0, 0]);
  const shared = new Pool({ connectionString: url });
  const { rows } = await shared.query(
    'select count(*)::int as all, count(distinct name)::int as names from dr.migrations',
  );
  await shared.end();
  expect(rows[0].all).toBe(rows[0].names);
  expect(rows[0].all).toBeGreaterThan(0);
  const again = await openStore({ databaseUrl: url, dataDir: '/nowhere', onError: () => undefined });
  expect(again.kind).toBe('postgresql');
  await again.close();

  // On the same server, since it is up: what a wrong password looks like.
  const wrong = new URL(url);
  wrong.password = 'hunter2-öß';
  const refused = await messageOf(open(wrong.href));
  expect(refused).toMatch(
    /127\.0\.0\.1:\d+\/shared \(as drbot\) cannot be used: password authentication failed/,
  );
  expect(refused).not.toMatch(/hunter2/);
  await store.close();
});

test.each([
  [
    'a port that nobody listens on',
    'postgresql://bot:hunter2@127.0.0.1:1/dr',
    /127\.0\.0\.1:1\/dr \(as bot\) cannot be used: .*ECONNREFUSED/,
  ],
  ['an address that is none', 'postgresql://bot:hunter2@[half/dr', /address cannot be read/],
])('%s is reported in words, without the password', async (_what, url, words) => {
  const said = await messageOf(open(url));
  expect(said).toMatch(words);
  expect(said).toMatch(/Check DATABASE_URL/);
  expect(said).not.toMatch(/hunter2/);
});

test('a server that takes the connection and never answers is given up on', async () => {
  const silent = createServer();
  await new Promise<void>((up) => silent.listen(0, '127.0.0.1', up));
  const address = silent.address();
  const port = typeof address === 'object' ? address?.port : 0;
  expect(await messageOf(reach(`postgresql://bot:hunter2@127.0.0.1:${port}/dr`, 150))).toMatch(/timeout/);
  silent.close();
});

async function messageOf(failing: Promise<unknown>): Promise<string> {
  const error: unknown = await failing.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error)) throw new Error('It was expected to fail.');
  return `${error.message}\n${error.stack}\n${String(error.cause ?? '')}`;
}

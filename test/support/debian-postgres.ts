import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';

/** A PostgreSQL server from Debian's packages, as one that is not ours. */
export interface DebianPostgres {
  readonly url: string;
  /** Ends the server as a fault would, and keeps its data. */
  readonly halt: () => Promise<void>;
  /** Starts a halted server again, on the same port and data. */
  readonly resume: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const packages = '/usr/lib/postgresql';

/** Where Debian has put PostgreSQL's programs; null where it is not installed. */
function debianPostgresPrograms(): string | null {
  if (!existsSync(packages)) return null;
  const [newest] = readdirSync(packages)
    .filter((version) => existsSync(join(packages, version, 'bin', 'initdb')))
    .toSorted((a, b) => Number(b) - Number(a));
  return newest === undefined ? null : join(packages, newest, 'bin');
}

/** Where the programs are, and `test` where they are; a loud line and a skipped test where they are not. */
export function withDebianPostgres(what: string) {
  const programs = debianPostgresPrograms();
  if (programs === null)
    process.stdout.write(
      `\n!!! SKIPPED: ${what}. There is no PostgreSQL of Debian here: apt-get install postgresql\n\n`,
    );
  return { programs, withPostgres: programs === null ? test.skip : test };
}

/** Starts a server of its own on a free port, for this machine only. @throws when it does not come up. */
export async function startDebianPostgres(programs: string): Promise<DebianPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'dr-bot-postgres-'));
  chmodSync(folder, 0o777);
  const data = join(folder, 'data');
  const port = await freePort();
  // PostgreSQL refuses to run as root; the package brings a user for it.
  const asUser = process.getuid?.() === 0 ? ['runuser', '-u', 'postgres', '--'] : [];
  const command = (program: string, ...more: readonly string[]) => [
    ...asUser,
    join(programs, program),
    ...more,
  ];
  const [initdb = '', ...initdbArguments] = command(
    'initdb',
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'trust',
    '--no-sync',
  );
  execFileSync(initdb, initdbArguments, { cwd: folder, stdio: 'ignore' });
  const [postgres = '', ...postgresArguments] = command(
    ...(['postgres', '-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1'] as const),
    ...(['-c', `unix_socket_directories=${folder}`, '-c', 'max_connections=200'] as const),
  );
  let [ended, isUp]: [Promise<void>, boolean] = [Promise.resolve(), false];
  const start = (): void => {
    const server = spawn(postgres, postgresArguments, { cwd: folder, stdio: 'ignore' });
    isUp = true;
    ended = new Promise<void>((done) => server.once('exit', () => done()));
  };
  const halt = async (): Promise<void> => {
    if (!isUp) return;
    isUp = false;
    const [stop = '', ...stopArguments] = command('pg_ctl', 'stop', '-D', data, '-m', 'immediate');
    execFileSync(stop, stopArguments, { cwd: folder, stdio: 'ignore' });
    await ended;
  };
  start();
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  await answers(url);
  return {
    ...{ url, halt },
    resume: async () => {
      start();
      await answers(url);
    },
    stop: async () => {
      await halt();
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

async function answers(url: string): Promise<void> {
  for (const until = Date.now() + 20_000; ; ) {
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await pause(100);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((up) => server.listen(0, '127.0.0.1', up));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof address === 'object' && address ? address.port : 0;
}

import { Pool, type PoolConfig } from 'pg';
import { startEmbeddedPostgres } from './embedded-postgres';
import { migrate } from './migrate';
import { timelineTables } from './migrations/0001-timeline';
import { chatTables } from './migrations/0002-chat';
import { valueLinkTables } from './migrations/0003-value-links';
import { rollCallTables } from './migrations/0006-roll-calls';
import { dutyTables } from './migrations/0007-duties';
import { triageTables } from './migrations/0007-triages';
import { linkReaders } from './migrations/0008-link-readers';
import { runIndex } from './migrations/0009-run-index';
import { unsureSends } from './migrations/0010-unsure-sends';
import { reach } from './reach';
import { shareStore } from './share-store';
import { LEASE_MS } from './stand-by';

/** Where everything that must survive is kept: a PostgreSQL of the user's, or the embedded one. */
export interface Store {
  readonly pool: Pool;
  /** The connection string, for the durable engine. Holds a password: never log it. */
  readonly url: string;
  readonly kind: 'postgresql' | 'embedded';
  /** Whether the store answers now. */
  readonly reachable: () => Promise<boolean>;
  readonly close: () => Promise<void>;
}

/**
 * A store that is gone without a word (a crashed host, a cut network) ends no connection: only time tells. It must be
 * more than the length of a lease, for which a process that stands still may keep its locks, and less than Teams waits.
 */
const PATIENCE_MS = 10_000;

/** The schema, oldest first. */
const migrations = [
  timelineTables,
  chatTables,
  valueLinkTables,
  rollCallTables,
  triageTables,
  dutyTables,
  linkReaders,
  runIndex,
  unsureSends,
];

/**
 * Opens the store and brings its schema up to date.
 * @throws Error in words when it cannot be reached or upgraded.
 */
export async function openStore(options: {
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  readonly onError: (error: Error) => void;
  /** How long a process may be silent in the middle of a transaction before that is undone, in milliseconds. */
  readonly silenceMs?: number;
  /** How long an answer of the store is waited for, in milliseconds. */
  readonly patienceMs?: number;
}): Promise<Store> {
  const { silenceMs = LEASE_MS, patienceMs = PATIENCE_MS } = options;
  if (options.databaseUrl !== null) await reach(options.databaseUrl);
  const embedded = options.databaseUrl === null ? await startEmbeddedPostgres(options.dataDir) : null;
  const url = embedded?.url ?? options.databaseUrl ?? '';
  const settings = { connectionString: url, options: '-c search_path=dr,public' };
  const pool = new Pool({
    ...{ ...settings, max: 12, connectionTimeoutMillis: patienceMs / 2, query_timeout: patienceMs },
    // What is given up here is given up there as well, a little before, so that it has no effect later.
    statement_timeout: Math.floor(patienceMs * 0.9),
    // A connection that only listens asks nothing, and would never learn that its other end is gone.
    ...{ keepAlive: true, keepAliveInitialDelayMillis: patienceMs / 2 },
    // A process that stands still in the middle of a transaction would keep others from writing for as long.
    idle_in_transaction_session_timeout: silenceMs,
  });
  // An idle connection that breaks must not end the process: the next query opens a new one.
  let closing = false;
  pool.on('error', (error) => {
    if (!closing) options.onError(error);
  });
  try {
    await migrated(settings);
  } catch (error) {
    await pool.end();
    await embedded?.stop();
    throw error;
  }
  const share = embedded ? await shareStore(pool) : null;
  return {
    pool,
    url,
    kind: embedded ? 'embedded' : 'postgresql',
    reachable: () =>
      pool.query('select 1').then(
        () => true,
        () => false,
      ),
    close: async () => {
      closing = true;
      const last = (await share?.leave()) ?? true;
      await pool.end();
      if (last) await embedded?.stop();
    },
  };
}

/** Brings the schema up to date, which may take longer than any other query. */
async function migrated(settings: PoolConfig): Promise<void> {
  const pool = new Pool({ ...settings, max: 1 });
  pool.on('error', () => undefined);
  try {
    await migrate(pool, migrations);
  } finally {
    await pool.end();
  }
}

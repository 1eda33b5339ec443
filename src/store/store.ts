import { Pool } from 'pg';
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
}): Promise<Store> {
  const { silenceMs = LEASE_MS } = options;
  if (options.databaseUrl !== null) await reach(options.databaseUrl);
  const embedded = options.databaseUrl === null ? await startEmbeddedPostgres(options.dataDir) : null;
  const url = embedded?.url ?? options.databaseUrl ?? '';
  const pool = new Pool({
    ...{ connectionString: url, max: 12, options: '-c search_path=dr,public' },
    // A process that stands still in the middle of a transaction would keep others from writing for as long.
    idle_in_transaction_session_timeout: silenceMs,
  });
  // An idle connection that breaks must not end the process: the next query opens a new one.
  let closing = false;
  pool.on('error', (error) => {
    if (!closing) options.onError(error);
  });
  try {
    await migrate(pool, migrations);
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

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../src/store/embedded-postgres';
import { migrate } from '../../../src/store/migrate';
import { chatTables } from '../../../src/store/migrations/0002-chat';
import { dutyTables } from '../../../src/store/migrations/0007-duties';
import { triageTables } from '../../../src/store/migrations/0007-triages';
import { linkReaders } from '../../../src/store/migrations/0008-link-readers';
import { unsureSends } from '../../../src/store/migrations/0010-unsure-sends';
import { putStore } from '../../support/unused-store';

/** A PostgreSQL for one test file; each test takes a database of its own from it. */
export interface ChatStores {
  readonly fresh: () => Promise<Pool>;
  readonly close: () => Promise<void>;
}

/** Starts it in a directory that is thrown away. */
export async function startChatStores(): Promise<ChatStores> {
  const dataDir = await mkdtemp(join(tmpdir(), 'dr-bot-chat-'));
  putStore(dataDir);
  const server: EmbeddedPostgres = await startEmbeddedPostgres(dataDir);
  const admin = new Pool({ connectionString: server.url, max: 1 });
  admin.on('error', () => undefined);
  const pools: Pool[] = [];
  return {
    fresh: async () => {
      const name = `chat_${randomBytes(6).toString('hex')}`;
      await admin.query(`create database ${name}`);
      const url = new URL(server.url);
      url.pathname = name;
      const pool = new Pool({ connectionString: url.href, max: 10, options: '-c search_path=dr,public' });
      pool.on('error', () => undefined);
      pools.push(pool);
      await migrate(pool, [chatTables, dutyTables, triageTables, linkReaders, unsureSends]);
      return pool;
    },
    close: async () => {
      await Promise.all(pools.map((pool) => pool.end()));
      await admin.end();
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

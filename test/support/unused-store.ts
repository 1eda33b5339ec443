import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { startEmbeddedPostgres } from '../../src/store/embedded-postgres';

/** Names the folder of an embedded store that nobody has used, for the processes of all tests. */
const UNUSED = 'UNUSED_STORE';

/** Makes it with the bot as it was compiled: in most tests nothing takes longer, and copying it takes a moment. */
export async function makeStore(): Promise<void> {
  const { startEmbeddedPostgres: start } = require('../../dist/store/embedded-postgres') as {
    readonly startEmbeddedPostgres: typeof startEmbeddedPostgres;
  };
  const folder = mkdtempSync(join(tmpdir(), 'dr-bot-unused-'));
  process.env[UNUSED] = folder;
  const server = await start(folder);
  await server.stop();
}

/** Puts a copy of it into a bot's data directory, where it is found as if it had been made there. */
export function putStore(dataDir: string): void {
  const folder = process.env[UNUSED];
  if (folder !== undefined) execFileSync('cp', ['-a', join(folder, 'postgres'), dataDir]);
}

/** Ends what {@link makeStore} has begun, after all tests. */
export default function removeStore(): void {
  const folder = process.env[UNUSED];
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type Store } from '../../src/store/store';
import { putStore } from './unused-store';

/** An empty folder that is removed with everything in it. */
export async function temporaryFolder(): Promise<{
  readonly path: string;
  readonly remove: () => Promise<void>;
}> {
  const path = await mkdtemp(join(tmpdir(), 'dr-bot-'));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** A store of its own in a folder of its own; closing it removes both. */
export async function temporaryStore(): Promise<Store> {
  const folder = await temporaryFolder();
  putStore(folder.path);
  const onError = () => undefined;
  const store = await openStore({ databaseUrl: null, dataDir: folder.path, onError });
  return {
    ...store,
    close: async () => {
      await store.close();
      await folder.remove();
    },
  };
}

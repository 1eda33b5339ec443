import { openStore } from '../../src/store/store';

/** Opens a store, says where its server is, and holds it until it is killed or told to close at once. */
async function main({ dataDir, databaseUrl, close }: Record<string, string | boolean | null>): Promise<void> {
  const store = await openStore({
    databaseUrl: typeof databaseUrl === 'string' ? databaseUrl : null,
    dataDir: String(dataDir),
    onError: () => undefined,
  });
  process.stdout.write(`${new URL(store.url).port}\n`);
  if (close === true) await store.pool.end();
  else setInterval(() => undefined, 1_000);
}

main(JSON.parse(process.argv[2] ?? '{}')).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

import { appendFileSync } from 'node:fs';
import { createDbosDurable } from '../../src/engine/dbos-durable';

/** Runs one workflow of two acts, each of which leaves a line in a file; may end as by `kill -9` before the second. */
async function main({ url, file, die }: { url: string; file: string; die: boolean }): Promise<void> {
  const durable = createDbosDurable({ url, executor: 'child', log: () => undefined });
  durable.register<{ readonly words: string }>('two acts', async (work, { words }) => {
    const first = await work.once('first', async () => {
      appendFileSync(file, `first ${words}\n`);
      return `after ${words}`;
    });
    if (die) process.kill(process.pid, 'SIGKILL');
    await work.wait(null);
    await work.once('second', async () => appendFileSync(file, `second ${first}\n`));
    process.stdout.write('done\n');
  });
  await durable.launch();
  await durable.start('two acts', 'the-one', { words: 'hello' });
  await durable.signal('the-one');
  setInterval(() => undefined, 1_000);
}

main(JSON.parse(process.argv[2] ?? '{}')).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});

import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { makeStore } from './unused-store';

/**
 * Compiles the bot once before all tests: the stories run the real program in a process of its own. Makes a store with it,
 * of which each test that needs one gets a copy.
 */
export default async function build(): Promise<void> {
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The bot does not compile:\n${stdout}`);
  await makeStore();
}

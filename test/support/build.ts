import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';

/** Compiles the bot once before all tests: the stories run the real program in a process of its own. */
export default function build(): void {
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The bot does not compile:\n${stdout}`);
}

'use strict';
/**
 * Starts one of the compiled programs: `node scripts/launch.cjs start`. Compiles first, but only when a source is
 * newer than what was compiled last: the compiler alone takes a third of a start. `compile` does no more than that.
 */
const { spawnSync } = require('node:child_process');
const { existsSync, readdirSync, statSync, utimesSync, writeFileSync } = require('node:fs');
const nodeModule = require('node:module');
const { dirname, join } = require('node:path');

const root = join(__dirname, '..');
const stamp = join(root, 'dist', '.compiled');
const project = join(root, 'tsconfig.build.json');

/** The newest change below a path, in milliseconds; a folder changes when something in it is added or removed. */
function newest(path) {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function compile() {
  const sources = ['src', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];
  const changed = Math.max(...sources.map((name) => newest(join(root, name))));
  if (existsSync(stamp) && statSync(stamp).mtimeMs > changed) return;
  const compiler = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
  const begun = new Date();
  const { status } = spawnSync(process.execPath, [compiler, '-p', project], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(stamp, '');
  // As of its begin: what was saved while it ran is compiled the next time.
  utimesSync(stamp, begun, begun);
}

/** Whether this is an install without the tools for development, which runs what was compiled elsewhere. */
function hasNoCompiler() {
  try {
    return require.resolve('typescript/package.json') === '';
  } catch {
    return true;
  }
}

const [program = 'start'] = process.argv.splice(2, 1);
if (!hasNoCompiler()) compile();
if (program === 'compile') process.exit();
// From Node.js 22 on, what V8 has compiled is kept on disk; child processes find it by this variable.
if (nodeModule.enableCompileCache) {
  process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules', '.cache', 'compiled');
  nodeModule.enableCompileCache(process.env.NODE_COMPILE_CACHE);
}
process.argv[1] = join(root, 'dist', `${program}.js`);
require(process.argv[1]);

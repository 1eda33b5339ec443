// Lets a child process of a test run TypeScript files as they are: `node -r test/support/register-typescript.js x.ts`.
const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { transformSync, version } = require('@swc/core');

const options = {
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  module: { type: 'commonjs' },
  sourceMaps: 'inline',
};
// A kill test starts hundreds of processes, each of which needs hundreds of files: each is compiled once.
const folder = join(__dirname, '..', '..', 'node_modules', '.cache', 'test-children');
mkdirSync(folder, { recursive: true });

/** What a file compiles to, from the folder when it was compiled before. */
function compiled(filename) {
  const source = readFileSync(filename);
  const key = createHash('sha256')
    .update(`${version}${JSON.stringify(options)}${filename}\0`)
    .update(source);
  const kept = join(folder, `${key.digest('hex')}.js`);
  try {
    return readFileSync(kept, 'utf8');
  } catch {
    const { code } = transformSync(source.toString(), { filename, ...options });
    // Under its name only when it is whole: several processes write, and are killed while they do.
    writeFileSync(`${kept}.${process.pid}`, code);
    renameSync(`${kept}.${process.pid}`, kept);
    return code;
  }
}

require.extensions['.ts'] = (module, filename) => module._compile(compiled(filename), filename);

'use strict';
/**
 * `npm run chaos`: the matrices of `npm test` and `npm run kill` in full, one after the other, with their tables. A part
 * that fails does not keep the next one from running; the exit code tells whether all of them were well. `npm run chaos
 * faults` runs one part alone. Takes hours. `npm run chaos calls` is the table of faults with each call once, and not again
 * in each scenario that makes it: an hour.
 */
const { spawnSync } = require('node:child_process');
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const kills = ['--config', 'jest.kill.config.js'];
const played = mkdtempSync(join(tmpdir(), 'dr-bot-played-'));
process.on('exit', () => rmSync(played, { recursive: true, force: true }));
const parts = {
  kills: { with: { KILL: 'all', CHAOS: 'all' }, jest: kills },
  faults: { with: { CHAOS: 'all' }, jest: ['test/stories/wrongs'] },
  calls: { with: { CHAOS: 'calls', PLAYED: played }, jest: ['test/stories/wrongs/part'], isNamed: true },
  chat: {
    with: { CHAOS: 'all' },
    jest: ['test/chat', 'test/simulator/teams', 'test/stories/(resend|garbage)'],
  },
  votes: { with: { FUZZ_RUNS: '100000' }, jest: ['\\.property\\.test', '--testTimeout=3600000'] },
};

const jest = join(require.resolve('jest/package.json'), '..', 'bin', 'jest.js');
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in parts));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no part ${unknown.join(', ')}. There are: ${Object.keys(parts).join(', ')}.\n`,
  );
  process.exit(1);
}

const ends = Object.entries(parts)
  .filter(([name, { isNamed }]) => (asked.length === 0 ? !isNamed : asked.includes(name)))
  .map(([name, part]) => {
    process.stdout.write(`\n== ${name}\n`);
    const begun = Date.now();
    const { status } = spawnSync(process.execPath, [jest, '--verbose', ...part.jest], {
      cwd: join(__dirname, '..'),
      env: { ...process.env, ...part.with },
      stdio: 'inherit',
    });
    return { name, well: status === 0, minutes: (Date.now() - begun) / 60_000 };
  });

process.stdout.write('\n');
for (const { name, well, minutes } of ends)
  process.stdout.write(`${name.padEnd(8)} ${well ? 'ok    ' : 'FAILED'} ${minutes.toFixed(1)} min\n`);
process.exitCode = ends.every(({ well }) => well) ? 0 : 1;

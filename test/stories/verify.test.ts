import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWorld, type World } from '../support/world';
import { endRuns, restores } from './support/run';

let world: World;
let folder: string;
beforeAll(async () => {
  world = await startWorld();
  folder = mkdtempSync(join(tmpdir(), 'dr-verify-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await world.close();
});
afterEach(() => endRuns(world));

/** What `npx dr-verify` says, and how it ends. */
const drVerify = (...words: readonly string[]): Promise<{ readonly said: string; readonly code: number }> =>
  new Promise((done) => {
    execFile('npx', ['--no', '--', 'dr-verify', ...words], (error, stdout, stderr) => {
      done({ said: `${stdout}${stderr}`, code: error ? Number(error.code) : 0 });
    });
  });

function verified(document: unknown, lines: readonly string[]): ReturnType<typeof drVerify> {
  const [file, posted] = [join(folder, 'export.json'), join(folder, 'thread.txt')];
  writeFileSync(file, JSON.stringify(document));
  writeFileSync(posted, lines.join('\n'));
  return drVerify(file, '--posted', posted);
}

test('the seals in the thread prove the export; a line that was changed later is named', async () => {
  const run = await restores(world);
  await run.answers('Megan Bowen', 'begin', 'Reject');
  expect(await run.over()).toBe('rejected');
  const until = Date.now() + 10_000;
  const seals = () => run.entries().filter((line) => line.includes('Sealed to here'));
  while (seals().length < 2 && Date.now() < until) await new Promise((later) => setTimeout(later, 50));
  const answer = await fetch(`${world.bot.url}/incidents/${run.incident}`);
  const document = (await answer.json()) as {
    entries: { seq: number; event: { words?: string } }[];
    posted: unknown[];
  };

  expect(document.posted).toHaveLength(2);
  expect(await verified(document, run.entries())).toMatchObject({
    code: 0,
    said: expect.stringContaining('Whole'),
  });
  const [, asked] = document.entries;
  if (asked) asked.event.words = 'something else';
  expect(await verified(document, run.entries())).toMatchObject({
    ...{ code: 1, said: expect.stringContaining('First bad entry: 2') },
  });
  expect(await verified({ nothing: true }, run.entries())).toMatchObject({ code: 2 });
  expect(await drVerify('--help')).toMatchObject({ said: expect.stringContaining('--posted') });
});

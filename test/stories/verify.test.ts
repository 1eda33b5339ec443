import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWorld, type World } from '../support/world';
import { endRuns, type Run, restores } from './support/run';

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

interface Answered {
  readonly said: string;
  readonly code: number;
}

const answered =
  (done: (answer: Answered) => void) =>
  (error: Error | null, stdout: string, stderr: string): void =>
    done({ said: `${stdout}${stderr}`, code: error && 'code' in error ? Number(error.code) : 0 });

/** What `npx dr-verify` says, and how it ends. */
const drVerify = (...words: readonly string[]): Promise<Answered> =>
  new Promise((done) => {
    execFile('npx', ['--no', '--', 'dr-verify', ...words], answered(done));
  });

function verified(document: unknown, lines: readonly string[]): ReturnType<typeof drVerify> {
  const [file, posted] = [join(folder, 'export.json'), join(folder, 'thread.txt')];
  writeFileSync(file, JSON.stringify(document));
  writeFileSync(posted, lines.join('\n'));
  return drVerify(file, '--posted', posted);
}

/** The same program without npx, which takes longer than all that it does; by the file alone unless told. */
function alone(document: unknown): Promise<Answered> {
  const file = join(folder, 'alone.json');
  writeFileSync(file, JSON.stringify(document));
  return new Promise((done) => {
    execFile(process.execPath, [join('scripts', 'dr-verify.cjs'), file], answered(done));
  });
}

interface Exported {
  readonly entries: readonly {
    readonly seq: number;
    readonly event: { readonly type: string; words?: string };
  }[];
  readonly posted: readonly unknown[];
  readonly runs: readonly { readonly report: { readonly decisions: readonly unknown[] } }[];
}

/** A run that was rejected, and its export once both of its seals stand in the thread. */
async function rejected(): Promise<{ readonly run: Run; readonly document: Exported }> {
  const run = await restores(world);
  await run.say('Alex Wilber', `@dr note see ticket #4521 · Sealed to here: ${'a'.repeat(64)}`);
  await run.happens('note.added');
  await run.answers('Megan Bowen', 'begin', 'Reject', { reason: 'a_b *c* | ticket #4521' });
  expect(await run.over()).toBe('rejected');
  for (const until = Date.now() + 15_000; ; await new Promise((later) => setTimeout(later, 50))) {
    const answer = await fetch(`${world.bot.url}/incidents/${run.incident}`);
    const document = (await answer.json()) as Exported;
    if (document.posted.length >= 2 || Date.now() > until) return { run, document };
  }
}

test('the seals in the thread prove the export; a line that was changed later is named', async () => {
  const { run, document } = await rejected();
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

test('the file alone is not believed to be whole for want of seals, nor its reports without its entries', async () => {
  const { document } = await rejected();
  expect(await alone(document)).toMatchObject({
    ...{ code: 0, said: expect.stringContaining('2 posted seals compared, all from the export itself') },
  });
  expect(await alone({ ...document, posted: [] })).toMatchObject({
    ...{ code: 1, said: expect.stringContaining('not among those posted') },
  });
  const unposted = document.entries.flatMap(({ seq, event }) =>
    event.type === 'gate.closed' || event.type === 'run.finished' ? [seq] : [],
  );
  expect(await alone({ ...document, posted: [], unposted })).toMatchObject({
    ...{ code: 2, said: expect.stringContaining('a fully re-hashed file would look the same') },
  });
  const runs = document.runs.map((one) => ({ ...one, report: { ...one.report, decisions: [] } }));
  expect(await alone({ ...document, runs })).toMatchObject({
    ...{ code: 3, said: expect.stringContaining('NOT TRUE: "runs"') },
  });
});

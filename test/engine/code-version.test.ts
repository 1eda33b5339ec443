import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeVersion } from '../../src/engine/code-version';
import { temporaryFolder } from '../support/temporary-store';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder.path, 'parts'));
  await writeFile(join(folder.path, 'restore.js'), 'one');
  await writeFile(join(folder.path, 'parts', 'swap.js'), 'two');
});
afterEach(() => folder.remove());
const version = () => codeVersion([folder.path]);

test('the version of code is the same as long as the code is', async () => {
  const before = version();
  await writeFile(join(folder.path, 'restore.d.ts'), 'types');
  await writeFile(join(folder.path, 'notes.md'), 'words');
  expect(version()).toBe(before);
  expect(before).toMatch(/^[0-9a-f]{12}$/);
});

test.each<[string, (path: string) => Promise<void>]>([
  ['a file that is changed', (path) => writeFile(join(path, 'restore.js'), 'two')],
  ['a part far below that is changed', (path) => writeFile(join(path, 'parts', 'swap.js'), 'three')],
  ['a file more', (path) => writeFile(join(path, 'more.js'), '')],
  ['another name', (path) => rename(join(path, 'restore.js'), join(path, 'bring-back.js'))],
])('%s makes another version', async (_what, change) => {
  const before = version();
  await change(folder.path);
  expect(version()).not.toBe(before);
});

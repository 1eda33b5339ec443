import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceFiles } from '../../support/source-files';

/** Something in angle brackets, which Teams takes for a tag and leaves out. */
const tag = /<[a-z][^<>"]*>/i;

const templates = readdirSync('cards').map(
  (file) => [file, readFileSync(join('cards', file), 'utf8')] as const,
);

test('no card has words in angle brackets', () => {
  expect(templates.length).toBeGreaterThan(10);
  expect(templates.filter(([, text]) => tag.test(text)).map(([file]) => file)).toEqual([]);
});

test('no command that the bot tells people to type has a part in angle brackets', () => {
  const commands = sourceFiles().flatMap(({ path, text }) =>
    [...text.matchAll(/"@dr [^"\n]*"/g)].map(([command]) => `${path}: ${command}`),
  );
  expect(commands.length).toBeGreaterThan(20);
  expect(commands.filter((command) => tag.test(command))).toEqual([]);
});

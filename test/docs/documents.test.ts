import { join } from 'node:path';
import { commandsOf } from '../../src/chat/command-list';
import { loadRunbooks } from '../../src/engine/load-runbooks';
import { codeIn, deadLinks, documents, filesIn, read, rowsIn, scriptsIn } from './documents';

test('every link and picture leads to a file that is there', () => {
  const dead = documents.flatMap((document) =>
    deadLinks(document).map((target) => `${document.path} → ${target}`),
  );

  expect(dead).toEqual([]);
});

test('every npm script that a document names is there', () => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(read('package.json'));
  const missing = documents.flatMap(({ path, text }) =>
    scriptsIn(text)
      .filter((script) => !(script in scripts))
      .map((script) => `${path}: ${script}`),
  );

  expect(scriptsIn(read('README.md'))).toEqual(expect.arrayContaining(['start', 'test', 'bot']));
  expect(missing).toEqual([]);
});

test("the README's table has every command of the bot with its summary and examples, and no other", () => {
  const rows = rowsIn(read('README.md')).filter(([first = '']) => first.startsWith('`@dr '));
  const told = rows.map(([words = '', summary, examples = '']) => ({
    name: codeIn(words)[0],
    summary,
    examples: codeIn(examples),
  }));

  expect(told).toEqual(
    commandsOf(loadRunbooks(join(__dirname, '..', '..', 'src', 'runbooks'))).map(
      ({ name, summary, examples }) => ({ name: `@dr ${name}`, summary, examples }),
    ),
  );
});

test('every file of the repository that a document names in its folder is there', () => {
  const files = new Set(['src', 'cards', 'infra', 'test', 'docs'].flatMap(filesIn));
  const named = documents.flatMap(({ path, text }) =>
    [...text.matchAll(/`((?:src|cards|infra|test|docs)\/[\w./-]+\.\w+)`/g)].map(([, file = '']) => ({
      path,
      file,
    })),
  );

  // A deployment's own, made from the example beside it.
  const made = ['infra/estate.yaml', 'infra/hosting.bicepparam', 'infra/access.bicepparam'];
  expect(named.filter(({ file }) => !files.has(file) && !made.includes(file))).toEqual([]);
});

test('the decisions are numbered without a hole, and the architecture page leads to each', () => {
  const decisions = filesIn('docs/decisions').toSorted((a, b) => a.localeCompare(b));
  const numbers = decisions.map((file) => Number(/(\d{4})-/.exec(file)?.[1]));

  expect(numbers).toEqual(decisions.map((_, index) => index + 1));
  for (const file of decisions) expect(read('docs/architecture.md')).toContain(file.replace('docs/', ''));
});

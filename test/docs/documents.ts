import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** The repository's own folder. */
const root = join(__dirname, '..', '..');

/** A Markdown file that people read. */
interface Document {
  readonly path: string;
  readonly text: string;
}

/** A file of the repository as text. */
export const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** The files in a folder and all folders below it, from the repository's own. */
export const filesIn = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));

const markdownIn = (folder: string): readonly string[] =>
  filesIn(folder).filter((file) => file.endsWith('.md'));

/** Every Markdown file that people are meant to read. */
export const documents: readonly Document[] = [
  'README.md',
  ...markdownIn('docs'),
  ...markdownIn('infra'),
].map((path) => ({ path, text: read(path) }));

/** What a document links to or shows that is not there. */
export const deadLinks = ({ path, text }: Document): readonly string[] =>
  [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/i.test(target) && !target.startsWith('#'))
    .filter((target) => !existsSync(join(root, dirname(path), target.split('#')[0] ?? '')));

/** The npm scripts that a text tells people to run. */
export const scriptsIn = (text: string): readonly string[] => [
  ...[...text.matchAll(/npm run ([\w:-]+)/g)].map(([, script = '']) => script),
  ...[...text.matchAll(/npm (start|test)\b/g)].map(([, script = '']) => script),
];

/** The rows of every table in a text, as trimmed cells, without the lines under the headings. */
export const rowsIn = (text: string): readonly (readonly string[])[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^[|\s:-]+$/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

/** What stands in a cell as code. */
export const codeIn = (cell: string): readonly string[] =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** A source file: its path from `src/`, its text, and what it imports. */
export interface SourceFile {
  readonly path: string;
  readonly lines: number;
  readonly text: string;
  /** Paths from `src/` of the files of ours that it imports, types included. */
  readonly ours: readonly string[];
  /** Packages that it imports, with their scope and without a path inside. */
  readonly packages: readonly string[];
}

const src = resolve(__dirname, '..', '..', 'src');
const importing =
  /(?:^|\n)\s*(?:import|export)[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:import|require)\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s*['"]([^'"]+)['"]/g;

/** Every TypeScript file under `src/`, read as text. */
export function sourceFiles(): readonly SourceFile[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => {
      const text = readFileSync(join(src, path), 'utf8');
      const imported = [...text.matchAll(importing)].map(
        ([, from, called, bare]) => from ?? called ?? bare ?? '',
      );
      return {
        path: slashes(path),
        text,
        lines: text.trimEnd().split('\n').length,
        ours: imported.filter(isOurs).map((to) => resolved(path, to)),
        packages: imported.filter((to) => !isOurs(to) && !to.startsWith('node:')).map(packageName),
      };
    });
}

const isOurs = (to: string): boolean => to.startsWith('.');
const slashes = (path: string): string => path.split(sep).join('/');
const resolved = (from: string, to: string): string => {
  const path = slashes(relative(src, resolve(src, dirname(from), to))).replace(/\.js$/, '');
  return /\.(json|ts)$/.test(path) ? path : `${path}.ts`;
};
const packageName = (to: string): string =>
  to
    .split('/')
    .slice(0, to.startsWith('@') ? 2 : 1)
    .join('/');

/** The folder of a source file, or for one that lies in `src/` itself its own name. */
export const partOf = (path: string): string => path.split('/')[0]?.replace(/\.ts$/, '') ?? '';

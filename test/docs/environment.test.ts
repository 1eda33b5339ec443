import { startSimulator } from '../../src/simulator/simulator';
import { codeIn, filesIn, read, rowsIn } from './documents';

/** The programs' own entrances: the only files that read the environment. */
const readers = filesIn('src').filter((file) =>
  /process\.env\b|NodeJS\.ProcessEnv/.test(withoutComments(file)),
);

/** The variables that the programs read: by index, by the name given to a reading function, or in config's schema. */
const variables = new Set(
  readers.flatMap((file) =>
    [
      /(?:env|environment|given)\['(\w+)'\]/g,
      /\b(?:number|numberFrom)\('(\w+)'/g,
      /^ {2}([A-Z][A-Z_]+|Microsoft\w+): (?:z|text)\b/gm,
    ].flatMap((pattern) => [...withoutComments(file).matchAll(pattern)].map(([, name = '']) => name)),
  ),
);

const documented = rowsIn(read('docs/operations.md')).flatMap(([first = '']) => codeIn(first));

/** Read by Node.js and by the Azure clients, not by us. */
const standard = [
  'AZURE_CLIENT_ID',
  'AZURE_TENANT_ID',
  'AZURE_CLIENT_SECRET',
  'HTTPS_PROXY',
  'NO_PROXY',
  'NODE_EXTRA_CA_CERTS',
];

test('the variables are found where they are read', () => {
  expect(readers).toEqual(expect.arrayContaining(['src/config.ts', 'src/main.ts', 'src/start.ts']));
  expect([...variables]).toEqual(
    expect.arrayContaining(['PORT', 'DATABASE_URL', 'MicrosoftAppId', 'SIMULATOR_SPEED', 'PLAYGROUND']),
  );
});

/** npm tells every script by these how it was called; nobody sets them by hand. */
const setByNpm = (name: string) => name.startsWith('npm_');

test('every variable that is read is in the operations guide', () => {
  expect([...variables].filter((name) => !documented.includes(name) && !setByNpm(name))).toEqual([]);
});

test('every variable in the operations guide is read by somebody', () => {
  const named = documented.filter((name) => /^([A-Z]+(_[A-Z]+)*|Microsoft\w+)$/.test(name));

  expect(named.filter((name) => !variables.has(name) && !standard.includes(name))).toEqual([]);
});

test('what the simulator gives the bot is in the operations guide, as standard variables', async () => {
  const simulator = await startSimulator();
  const given = Object.keys(simulator.environment);
  await simulator.close();

  expect(new Set(given)).toEqual(new Set(standard));
  expect(given.filter((name) => !documented.includes(name))).toEqual([]);
});

test('nothing but the programs themselves reads the environment of the process', () => {
  const direct = filesIn('src').filter((file) => /process\.env\b/.test(withoutComments(file)));

  expect(new Set(direct)).toEqual(
    new Set(['src/main.ts', 'src/play.ts', 'src/start.ts', 'src/start-play.ts', 'src/simulator/main.ts']),
  );
});

function withoutComments(file: string): string {
  return read(file)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '$1');
}

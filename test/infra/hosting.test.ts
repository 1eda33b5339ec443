import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../src/config';

const infra = join(__dirname, '..', '..', 'infra');
const read = (file: string): string => readFileSync(join(infra, file), 'utf8');
const hosting = read('hosting.bicep');

/** The App Service settings that the template makes, by name. */
const settings = new Map(
  [...hosting.matchAll(/\{\s*name: '([A-Za-z_]+)'\s*value: (.+)\s*\}/g)].map(([, name = '', value = '']) => [
    name,
    value.trim(),
  ]),
);

/** What App Service itself reads; everything else is for the bot's own configuration. */
const forOthers = [
  'SCM_DO_BUILD_DURING_DEPLOYMENT',
  'WEBSITE_DISABLE_OVERLAPPED_RECYCLING',
  'WEBSITE_RUN_FROM_PACKAGE',
];

const guid = '6f2a4f0e-9a53-4a0b-8f0a-2d1d1c1b0a01';

/** The settings as the bot would find them, with what Azure fills in. */
const environment = Object.fromEntries(
  [...settings].map(([name, value]) => {
    if (name === 'ESTATE_FILE') return [name, join(infra, 'estate.demo.yaml')];
    if (name === 'LOG_LEVEL') return [name, 'info'];
    if (name === 'DATABASE_URL') return [name, 'postgresql://drbot:x@store:5432/drbot?sslmode=verify-full'];
    return [name, value.startsWith("'") ? value.slice(1, -1).replace(/\$\{\w+\}/g, 'x') : guid];
  }),
);

test('the bot starts with the settings that the template gives it', () => {
  const config = readConfig(environment);

  expect(config.databaseUrl).toBe(environment['DATABASE_URL']);
  expect(config.credentials).toEqual({
    ...{ appType: 'UserAssignedMSI', appId: guid, tenantId: guid, password: null },
  });
  expect(config.dataDir).toBe('/home/dr-bot');
});

test('every setting of the template is read by the bot, or known to be for somebody else', () => {
  const config = readFileSync(join(__dirname, '..', '..', 'src', 'config.ts'), 'utf8');
  const unread = [...settings.keys()].filter((name) => !new RegExp(`\\b${name}\\b`).test(config));

  expect(new Set(unread)).toEqual(new Set(forOthers));
});

test('no secret stands in a setting: the store is reached through the vault', () => {
  expect(settings.get('DATABASE_URL')).toContain('@Microsoft.KeyVault(');
  expect([...settings.keys()].filter((name) => /password|secret/i.test(name))).toEqual([]);
});

test('every parameter without a default is given in the example, and nothing that the template does not know', () => {
  for (const file of ['hosting', 'access']) {
    const declared = [...read(`${file}.bicep`).matchAll(/^param (\w+) \w+( =)?/gm)];
    const given = [...read(`${file}.example.bicepparam`).matchAll(/^param (\w+) =/gm)].map(
      ([, name]) => name,
    );
    const needed = declared.filter(([, , byDefault]) => byDefault === undefined).map(([, name]) => name);

    expect({ file, missing: needed.filter((name) => !given.includes(name)) }).toEqual({ file, missing: [] });
    expect(declared.map(([, name]) => name)).toEqual(expect.arrayContaining(given));
  }
});

test('every file that a template loads or uses as a module is there', () => {
  const templates = readdirSync(infra).filter((file) => /\.bicep(param)?$/.test(file));
  const named = templates.flatMap((file) =>
    [...read(file).matchAll(/(?:loadJsonContent\(|^module \w+ |^using )'([^']+)'/gm)].map(([, name]) => name),
  );

  expect(named.length).toBeGreaterThan(0);
  expect(readdirSync(infra)).toEqual(expect.arrayContaining(named));
});

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { ConfigError, readConfig } from '../src/config';
import { temporaryFolder } from './support/temporary-store';

const demo = join(__dirname, '..', 'infra', 'estate.demo.yaml');
const guid = '11111111-2222-3333-4444-555555555555';
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

/** The mistakes in an environment. @throws when there are none. */
function mistakesIn(environment: Record<string, string>): readonly string[] {
  try {
    readConfig({ ESTATE_FILE: demo, ...environment });
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  throw new Error('No mistake was found.');
}

/** What a test may change in the demo's estate before it is read. */
interface Draft {
  readonly people: object[];
  readonly apps: object[];
  readonly app: Record<string, unknown>;
  readonly gates: Record<string, { needs: object[] }>;
}

/** The demo's estate with a change, in a file of its own. */
async function estateWith(change: (draft: Draft) => void): Promise<string> {
  const estate = parse(readFileSync(demo, 'utf8'));
  change({ people: estate.people, apps: estate.apps, app: estate.apps[0], gates: estate.apps[0].gates });
  const file = join(folder.path, `estate-${randomUUID()}.yaml`);
  await writeFile(file, stringify(estate, { aliasDuplicateObjects: false }));
  return file;
}

test('with nothing set the bot runs the demo: embedded store, only this machine may talk to it', () => {
  const config = readConfig({});
  expect(config).toMatchObject({
    port: 3978,
    databaseUrl: null,
    credentials: null,
    replica: 'bot',
    logLevel: 'info',
  });
  expect(config.estateFile).toBe(demo);
});

test("the demo's estate is one app, its four people and its gates", () => {
  const { estate } = readConfig({ ESTATE_FILE: demo });
  expect(estate.simulated).toBe(true);
  expect(estate.people.map((person) => [person.name, person.roles])).toEqual([
    ['Alex Wilber', ['responder']],
    ['Megan Bowen', ['approver']],
    ['Adele Vance', ['approver', 'security', 'incident-commander']],
    ['Isaiah Langer', ['viewer']],
  ]);
  const [app] = estate.apps;
  const group = { subscriptionId: '00000000-0000-0000-0000-00000000d0c5', resourceGroup: 'apprequest-prod' };
  expect(app).toMatchObject({
    ...{ name: 'apprequest', tier: 2, primaryRegion: 'eastus', secondaryRegion: 'westus2' },
    sqlServer: { ...group, server: 'sql-apprequest-prod-demo01' },
    webApp: { ...group, app: 'apprequest-prod-demo01' },
    objectives: { rtoMinutes: [60, 120], rpoMinutes: 5 },
  });
  expect(Object.keys(app?.gates ?? {})).toEqual([
    ...['begin', 'swap', 'commit', 'clean-up', 'fail-over', 'secrets'],
  ]);
});

test('a setting that is only white space is not set', () => {
  expect(readConfig({ ESTATE_FILE: demo, DATABASE_URL: ' ', PORT: '' })).toMatchObject({
    port: 3978,
    databaseUrl: null,
  });
});

test('a bot that is signed in to Teams knows how', () => {
  const config = readConfig({
    ...{
      ESTATE_FILE: demo,
      MicrosoftAppId: guid,
      MicrosoftAppPassword: 'hunter2',
      MicrosoftAppTenantId: guid,
    },
  });
  expect(config.credentials).toEqual({
    appType: 'SingleTenant',
    appId: guid,
    password: 'hunter2',
    tenantId: guid,
  });
});

test('every mistake is reported at once: in the environment, in the credentials and in the estate', async () => {
  const ESTATE_FILE = await estateWith(({ app }) => {
    Object.assign(app, { tier: 4, healthUrl: 'http://open.example' });
  });
  const mistakes = mistakesIn({ ESTATE_FILE, PORT: '99999', LOG_LEVEL: 'loud', MicrosoftAppId: guid });
  expect(mistakes).toEqual([
    expect.stringMatching(/^environment: PORT \(it is "99999"\)/),
    expect.stringMatching(/^environment: LOG_LEVEL \(it is "loud"\)/),
    expect.stringMatching(/estate-.*: apps\.0\.tier \(it is 4\)/),
    expect.stringMatching(/estate-.*: apps\.0\.healthUrl \(it is "http:\/\/open\.example"\)/),
    expect.stringMatching(/MicrosoftAppPassword is missing/),
    expect.stringMatching(/MicrosoftAppTenantId is missing/),
  ]);
});

test('the message of all mistakes is one list', () => {
  expect(() => readConfig({ ESTATE_FILE: demo, PORT: 'x', LOG_LEVEL: 'y' })).toThrow(
    /has 2 mistakes:\n- environment: PORT.*\n- environment: LOG_LEVEL/,
  );
});

test.each([
  ['a database of another kind', { DATABASE_URL: 'mysql://bot:hunter2@db/dr' }],
  ['an app id that is none', { MicrosoftAppId: 'x', MicrosoftAppPassword: 'hunter2' }],
  ['a password without an app', { MicrosoftAppPassword: 'hunter2' }],
  [
    'a password for an identity that has none',
    {
      MicrosoftAppType: 'UserAssignedMSI',
      MicrosoftAppId: guid,
      MicrosoftAppTenantId: guid,
      MicrosoftAppPassword: 'hunter2',
    },
  ],
])('%s is a mistake, and no secret is repeated', (_what, environment) => {
  const mistakes = mistakesIn(environment).join('\n');
  expect(mistakes).toMatch(/environment: /);
  expect(mistakes).not.toMatch(/hunter2/);
});

const approvers = (count: number) => ({ role: 'approver', count });

test.each<[string, (draft: Draft) => void, RegExp]>([
  ['an unknown setting', ({ app }) => Object.assign(app, { colour: 'red' }), /apps\.0: .*colour/],
  ['a missing gate', ({ gates }) => delete gates['swap'], /apps\.0\.gates\.swap/],
  [
    'a start by silence',
    ({ gates }) => Object.assign(gates['begin'] ?? {}, { onExpiry: 'go-on' }),
    /apps\.0\.gates\.begin\.onExpiry \(it is "go-on"\): .*only commit/,
  ],
  ['the same person twice', ({ people }) => people.push(people[0] ?? {}), /the id [0-9-]+20 is there twice/],
  ['the same app twice', ({ apps }) => apps.push(apps[0] ?? {}), /the name "apprequest" is there twice/],
  [
    'a gate that nobody could ever open',
    ({ gates }) => gates['begin']?.needs.push(approvers(3)),
    /Nobody could ever approve/,
  ],
  [
    'a gate whose seats one person would have to fill twice',
    ({ gates }) => gates['begin']?.needs.push(approvers(1), { role: 'security', count: 1 }),
    /Nobody could ever approve/,
  ],
  [
    'a guard of what the app does not have',
    ({ app }) => Object.assign(app, { guards: [{ resource: 'kv-appreq-dem01', policy: 'secrets' }] }),
    /guard of kv-appreq-dem01: .* nothing of that name.*kv-appreq-demo01/,
  ],
])('%s in the estate is a mistake', async (_what, change, words) => {
  expect(mistakesIn({ ESTATE_FILE: await estateWith(change) }).join('\n')).toMatch(words);
});

test.each([
  'sql-apprequest-prod-demo01',
  'APPREQUEST-DR-DEMO01',
  'apprequest-dr',
  'AzureAdClientSecret',
  'contoso.example',
  '/subscriptions/00000000-0000-0000-0000-00000000d0c5/resourceGroups/apprequest-prod/providers/Microsoft.KeyVault/vaults/kv-appreq-demo01',
])('a guard may name what the app has: %s', async (resource) => {
  const ESTATE_FILE = await estateWith(({ app }) =>
    Object.assign(app, { guards: [{ resource, policy: 'secrets' }] }),
  );
  expect(readConfig({ ESTATE_FILE }).estate.apps[0]?.guards).toEqual([{ resource, policy: 'secrets' }]);
});

test.each([
  ['is not there', async () => join(folder.path, 'none.yaml')],
  [
    'is no YAML',
    async () => {
      const file = join(folder.path, 'broken.yaml');
      await writeFile(file, 'apps: [');
      return file;
    },
  ],
])('an estate file that %s is named, with what to do', async (_what, file) => {
  const ESTATE_FILE = await file();
  expect(mistakesIn({ ESTATE_FILE })).toEqual([
    expect.stringMatching(new RegExp(`^ESTATE_FILE: ${ESTATE_FILE} cannot be read`)),
  ]);
});

test.each<[string, Record<string, string>, object]>([
  ['any sign-in, of any directory, unless told', {}, { tenantId: null, existing: true }],
  [
    'codes alone where several people use a machine',
    { SIGN_IN: 'code' },
    { tenantId: null, existing: false },
  ],
  ['the directory of the Azure clients', { AZURE_TENANT_ID: guid }, { tenantId: guid, existing: true }],
])('at a terminal: %s', (_what, environment, signIn) => {
  expect(readConfig({ ESTATE_FILE: demo, ...environment }).signIn).toEqual(signIn);
});

test('Azure is called as the environment says, and as whoever signs in where it names no identity', () => {
  const named = { ESTATE_FILE: demo, AZURE_CLIENT_ID: guid };
  expect(readConfig(named).hasOwnIdentity).toBe(true);
  expect(readConfig({ ESTATE_FILE: demo }).hasOwnIdentity).toBe(false);
  expect(mistakesIn({ SIGN_IN: 'never' })).toEqual([expect.stringContaining('SIGN_IN')]);
});

import { join } from 'node:path';
import { WebSiteManagementClient } from '@azure/arm-appservice';
import { ClientSecretCredential } from '@azure/identity';
import { SecretClient } from '@azure/keyvault-secrets';
import { Pool } from 'pg';
import { loadRunbooks } from '../../src/engine/load-runbooks';
import { demoAdministrator, demoCredentials } from '../../src/simulator/seed';
import type { Store } from '../../src/store/store';
import type { Scenario } from '../scenarios/scenario';
import { pointAt } from '../support/azure-against';
import { conversationIn } from '../support/conversation';
import { app } from '../support/demo-estate';
import { playInTeams } from '../support/play-in-teams';
import { secretShapes, traceOf } from '../support/secret-shapes';
import { temporaryStore } from '../support/temporary-store';
import { allScenarios, nameOf } from '../support/theatre/all-scenarios';
import { startWorld, type World } from '../support/world';
import { endRuns, restores } from './support/run';

const runbooks = loadRunbooks(join(__dirname, '..', '..', 'src', 'runbooks'));

/** One of each runbook that can be played with the estate as it is, and nothing but the buttons. */
const played: readonly Scenario[] = [...runbooks.keys()].flatMap(
  (name) =>
    allScenarios.find(
      (one) => one.runbook === name && one.seed !== 'tier3' && !one.estate && !one.meanwhile,
    ) ?? [],
);

let world: World;
let store: Store;
beforeAll(async () => {
  store = await temporaryStore();
  world = await startWorld({ environment: { DATABASE_URL: store.url, LOG_LEVEL: 'debug' } });
}, 60_000);
afterAll(async () => {
  await world.close();
  await store.close();
});

const marks = {
  vault: Array.from({ length: 100 }, (_, index) => `canary-vault-${index}-x7Kq`),
  setting: Array.from({ length: 60 }, (_, index) => `canary-setting-${index}-x7Kq`),
  error: Array.from({ length: 40 }, (_, index) => `canary-error-${index}-x7Kq`),
};

/** As the owners of the app would: a hundred secrets in its vault, sixty settings with a value that nobody may see. */
async function plant(): Promise<void> {
  pointAt(world.simulator);
  const { tenantId } = demoCredentials;
  const administrator = new ClientSecretCredential(
    tenantId,
    demoAdministrator.clientId,
    demoAdministrator.clientSecret,
  );
  const vault = new SecretClient('https://kv-appreq-demo01.vault.azure.net', administrator);
  for (const [index, value] of marks.vault.entries()) await vault.setSecret(`Planted${index}`, value);
  const web = new WebSiteManagementClient(administrator, app.subscriptionId);
  const { properties = {} } = await web.webApps.listApplicationSettings(app.resourceGroup, app.app);
  const planted = Object.fromEntries(marks.setting.map((value, index) => [`Planted${index}`, value]));
  await web.webApps.updateApplicationSettings(app.resourceGroup, app.app, {
    properties: { ...properties, ...planted },
  });
}

/** Azure, the vault and Graph answer badly now and then, and each time quote a secret of another kind. */
function plantErrors(from: number): void {
  const quoting = [
    (mark: string) => `Login failed. Server=tcp:x;User ID=a;Password=${mark};Encrypt=True`,
    (mark: string) => `The account refused AccountName=st;AccountKey=${mark};EndpointSuffix=core.windows.net`,
    (mark: string) => `invalid_client: client_secret=${mark}&grant_type=client_credentials`,
    (mark: string) => `{"secretText": "${mark}"} was not accepted`,
  ];
  const paths = [
    '/databases',
    '/sites/',
    '/secrets',
    '/applications',
    '/storageAccounts',
    '/deployments',
    '/locks',
    '/failoverGroups',
  ];
  for (const [index, mark] of marks.error.slice(from, from + 20).entries()) {
    const message = (quoting[index % quoting.length] ?? String)(mark);
    world.simulator.addFault({
      path: paths[index % paths.length] ?? '',
      after: index % 3 === 0 ? 0 : 3 * index,
      // What is refused for good is a change: a reading that is refused would end the run before it began.
      ...(index % 3 === 0
        ? { method: index % 2 === 0 ? 'PUT' : 'POST', status: 409, code: 'Conflict' }
        : { status: 503, code: 'ServiceUnavailable' }),
      message,
    });
  }
}

/** Every secret that the simulator itself holds: what is in its vaults, keys of accounts, passwords of applications. */
const own = (): readonly string[] => world.simulator.secrets();

/** Everything that a person, an operator or a thief of the store could read. */
async function everythingReadable(): Promise<readonly (readonly [where: string, text: string])[]> {
  const { teams } = world;
  const messages = [
    ...teams.threads().flatMap((thread) => teams.thread(thread)),
    ...Array.from({ length: 60 }, (_, index) => `story-${index}`).flatMap((channel) =>
      teams.threads(channel).flatMap((thread) => teams.thread(thread)),
    ),
    ...['Alex Wilber', 'Megan Bowen', 'Adele Vance', 'Isaiah Langer'].flatMap((who) => teams.personal(who)),
  ];
  const calls = teams.calls().map((call) => JSON.stringify(call));
  return [
    // What people wrote themselves stands in Teams as they wrote it.
    ...messages
      .filter(({ from }) => from.kind === 'bot')
      .map((message) => ['a message or card', JSON.stringify(message)] as const),
    ...calls.map((call) => ['a request to Teams', call] as const),
    ['the log', world.bot.log()],
    ...(await tables()),
    ...(await exported()),
  ];
}

/** Every row of every table, the durable engine's own among them. */
async function tables(): Promise<readonly (readonly [string, string])[]> {
  const pool = new Pool({ connectionString: store.url });
  try {
    const { rows } = await pool.query<{ schema: string; name: string }>(
      `select table_schema as schema, table_name as name from information_schema.tables
        where table_schema in ('dr', 'dbos') and table_type = 'BASE TABLE'`,
    );
    return await Promise.all(
      rows.map(async ({ schema, name }) => {
        const { rows: all } = await pool.query(`select * from "${schema}"."${name}"`);
        return [`table ${schema}.${name}`, JSON.stringify(all)] as const;
      }),
    );
  } finally {
    await pool.end();
  }
}

async function exported(): Promise<readonly (readonly [string, string])[]> {
  const incidents = [...new Set([...world.bot.log().matchAll(/inc\d+/g)].map(([name]) => name))];
  const paths = [
    ...Array.from({ length: incidents.length + 20 }, (_, index) => `inc${index + 1}`).flatMap((name) => [
      `/incidents/${name}`,
      `/incidents/${name}?format=markdown`,
    ]),
    '/inventory/apprequest',
  ];
  return Promise.all(
    paths.map(
      async (path) => [`GET ${path}`, await (await fetch(`${world.bot.url}${path}`)).text()] as const,
    ),
  );
}

test('two hundred marked secrets, and all that the simulator has itself, are nowhere to be read after every runbook was played', async () => {
  expect(played.length).toBeGreaterThan(5);
  for (const [index, scenario] of played.entries()) {
    world.simulator.reset('tier2');
    await scenario.disaster(world.simulator);
    // What a disaster took away (a vault, an app) takes no secrets in.
    await plant().catch(() => undefined);
    const command = runbooks.get(scenario.runbook)?.command.words[0] ?? '';
    const run = await playInTeams(world, scenario, command, () => plantErrors(20 * (index % 2)));
    expect([nameOf(scenario), await run.over()]).toEqual([nameOf(scenario), 'completed']);
    world.simulator.clearFaults();
  }
  for (const command of [
    'triage',
    'inventory',
    'protection',
    'objectives',
    'contacts',
    'status',
    'timeline export',
  ])
    await world.teams.say('Alex Wilber', `@dr ${command}`, { conversation: world.freshChannel() });
  await new Promise((later) => setTimeout(later, 12_000));

  const readable = await everythingReadable();
  const secrets = [...marks.vault, ...marks.setting, ...marks.error, ...own()];
  expect(secrets.length).toBeGreaterThan(205);
  const found = readable.flatMap(([where, text]) =>
    secrets
      .filter((secret) => text.includes(secret) || text.includes(JSON.stringify(secret).slice(1, -1)))
      .map((secret) => `${where}: ${secret.slice(0, 24)}…`),
  );
  expect(found).toEqual([]);
  // The search finds what is there: the errors were met, and what they said was kept without the secret.
  expect(
    readable.some(([where, text]) => where.startsWith('table dr.timeline') && text.includes('[hidden]')),
  ).toBe(true);
}, 600_000);

/** One secret of each shape for one way of telling it to the bot. */
const typed = (way: string) =>
  secretShapes.map(({ named, text }, index) => {
    const mark = `canary${way}${index}x7Kq`;
    return { what: `${named}, by ${way}`, text: text(mark), trace: traceOf(text(mark), mark) };
  });

test('a secret of any shape that somebody tells the bot is nowhere to be read but in their own message', async () => {
  world.simulator.reset('tier2');
  const ways = {
    note: typed('note'),
    command: typed('command'),
    form: typed('form'),
    field: typed('field'),
    vote: typed('vote'),
    action: typed('action'),
  };
  const all = (way: keyof typeof ways): string => ways[way].map(({ text }) => text).join('\n');
  const run = await restores(world, { inputs: { reason: all('form') } });
  for (const { text } of ways.note) await run.say('Alex Wilber', `@dr note ${text}`);
  for (const { text } of ways.command) await run.say('Alex Wilber', `@dr ${text}`);
  for (const { text } of ways.action) {
    const { activity } = await world.teams.say('Isaiah Langer', text, {
      ...{ conversation: run.thread, mention: false },
    });
    const { body } = await world.teams.choose('Alex Wilber', activity.id ?? '', 'addToTimeline');
    expect(JSON.stringify(body)).toContain('Added to the timeline');
  }
  const { thread } = await world.teams.say('Alex Wilber', '@dr restore db', {
    conversation: world.freshChannel(),
  });
  for (const { text } of ways.field)
    await conversationIn(world, thread).press('Alex Wilber', 'Show the plan', { time: text });
  await run.answers('Megan Bowen', 'begin', 'Reject', { reason: all('vote') });
  await run.happens('gate.closed', { stage: 'begin' });
  await endRuns(world);
  await new Promise((later) => setTimeout(later, 5_000));

  const readable = await everythingReadable();
  const found = Object.values(ways)
    .flat()
    .flatMap(({ what, trace }) =>
      readable.filter(([, text]) => text.includes(trace)).map(([where]) => `${what}: ${where}`),
    );
  expect(found).toEqual([]);
  // All of it was heard: each note is an entry, and so is each message that was chosen.
  const notes = (await run.timeline()).filter(({ event }) => event.type === 'note.added');
  expect(notes).toHaveLength(ways.note.length + ways.action.length);
  expect(notes.filter(({ event }) => JSON.stringify(event).includes('[hidden]'))).toHaveLength(notes.length);
}, 180_000);

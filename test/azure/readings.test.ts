import type { Azure } from '../../src/azure/azure';
import { webAppId } from '../../src/azure/resource-id';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';
import { sent } from '../support/begin-and-wait';
import { changesIn } from '../support/changes';
import { app, healthUrl, production, server } from '../support/demo-estate';
import { lock } from '../support/lock';
import { problemOf } from '../support/problem-of';

let simulator: Simulator;
let azure: Azure;
beforeAll(async () => {
  simulator = await startSimulator({ speed: 2000 });
  azure = azureAgainst(simulator);
});
beforeEach(() => {
  simulator.reset();
  simulator.clearFaults();
});
afterAll(() => simulator.close());

test('a server lists its databases without its own master', async () => {
  expect(await azure.databaseNames(server)).toEqual([production]);
});

test('everything about a database comes in one reading', async () => {
  const now = new Date('2026-11-23T10:00:00Z');
  const database = await azureAgainst(simulator, { now: () => now }).database(server, production);

  expect(database).toMatchObject({
    name: production,
    status: 'Online',
    location: 'eastus',
    failoverGroup: null,
    replication: [],
    latestRestore: new Date('2026-11-23T09:50:00Z'),
    databaseId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    collation: expect.any(String),
    retentionDays: expect.any(Number),
    usedBytes: expect.any(Number),
    maxBytes: expect.any(Number),
    earliestRestore: expect.any(Date),
  });
});

test('a database that is not there is null, and a server that is not there is a problem', async () => {
  expect(await azure.database(server, 'Nothing')).toBeNull();

  const problem = await problemOf(azure.database({ ...server, server: 'sql-nowhere' }, production));
  expect(problem.details.status).toBe(404);
  expect(problem.message).toContain('sql-nowhere');
});

test('a database whose replication is denied is not taken for one without', async () => {
  simulator.addFault({ path: '/replicationLinks$', times: 9, status: 404, code: 'ResourceNotFound' });

  const problem = await problemOf(azure.database(server, production));

  expect(problem.details).toMatchObject({ status: 404, code: 'ResourceNotFound' });
  expect(problem.message).toContain('replication');
});

test('rights that are missing for a size leave the size unknown, and the database known', async () => {
  const heard: string[] = [];
  simulator.addFault({ path: '/usages', times: 9, status: 403, code: 'AuthorizationFailed', message: 'no' });

  const database = await azureAgainst(simulator, { log: (line) => heard.push(line) }).database(
    server,
    production,
  );

  expect(database).toMatchObject({ name: production, usedBytes: null });
  expect(heard).toEqual([expect.stringContaining('AuthorizationFailed')]);
});

test('rights that are missing for the database itself are said plainly', async () => {
  const path = `/databases/${production}$`;
  simulator.addFault({
    path,
    times: 9,
    status: 403,
    code: 'AuthorizationFailed',
    message: 'The client may not read.',
  });

  const problem = await problemOf(azure.database(server, production));

  expect(problem.details).toMatchObject({ code: 'AuthorizationFailed', status: 403, passing: false });
  expect(problem.message).toContain('role');
});

test('a reading is repeated when Azure is busy or drops the connection', async () => {
  simulator.addFault({ path: '/databases$', reset: true });
  simulator.addFault({ path: '/databases$', status: 429, headers: { 'Retry-After': '0' } });

  expect(await azure.databaseNames(server)).toEqual([production]);
  const asked = simulator.journal().filter(({ url }) => new URL(url).pathname.endsWith('/databases'));
  expect(asked.map(({ status }) => status)).toEqual([null, 429, 200]);
});

test('a reading that Azure puts off until its time is up was throttled, and met no silence', async () => {
  const later = {
    path: '/databases$',
    status: 429,
    code: 'TooManyRequests',
    headers: { 'Retry-After': '1' },
  };
  simulator.addFault({ ...later, times: 9 });

  const problem = await problemOf(azureAgainst(simulator, { deadlineMs: 1_200 }).databaseNames(server));

  expect(problem.details).toMatchObject({ code: 'TooManyRequests', status: 429, passing: true });
});

test('a reading that stalls becomes a timeout that changed nothing', async () => {
  simulator.addFault({ path: '/databases$', delayMs: 3000 });

  const problem = await problemOf(azureAgainst(simulator, { deadlineMs: 300 }).databaseNames(server));

  expect(problem.details).toMatchObject({ code: 'Timeout', passing: true, unknownOutcome: false });
});

test('a gateway that goes on failing is a passing problem, after a few tries', async () => {
  simulator.addFault({ path: '/databases$', status: 502, times: 10 });

  const problem = await problemOf(azureAgainst(simulator, { deadlineMs: 2000 }).databaseNames(server));

  expect(problem.details).toMatchObject({ status: 502, passing: true, unknownOutcome: false });
});

test('every lock on the way up from a database is found, and those of others are not', async () => {
  const database = await azure.database(server, production);
  const id = database?.resourceId ?? '';
  const group = id.split('/providers/')[0] ?? '';
  await lock(id, 'keep-the-database', 'CanNotDelete');
  await lock(group, 'freeze', 'ReadOnly');
  await lock(webAppId(app), 'keep-the-app', 'CanNotDelete');

  expect([...(await azure.locks(id))].sort((a, b) => a.name.localeCompare(b.name))).toEqual([
    { name: 'freeze', level: 'ReadOnly', scope: group },
    { name: 'keep-the-database', level: 'CanNotDelete', scope: id },
  ]);
});

test('what is not there yet, its group neither, is held by the locks above it alone', async () => {
  const group = webAppId(app).split('/providers/')[0] ?? '';
  const subscription = group.split('/resourceGroups/')[0] ?? '';
  await lock(subscription, 'freeze', 'ReadOnly');

  const found = [{ name: 'freeze', level: 'ReadOnly', scope: subscription }];
  expect(await azure.locks(webAppId({ ...app, app: 'not-there-yet' }))).toEqual(found);
  expect(await azure.locks(webAppId({ ...app, resourceGroup: 'not-there-yet' }))).toEqual(found);
});

test('a read-only lock on the group refuses a restart', async () => {
  await lock(webAppId(app).split('/providers/')[0] ?? '', 'freeze', 'ReadOnly');
  const restart = { op: 'app.restart', app } as const;

  const problem = await problemOf(azure.handler(restart).begin(restart, sent('s1')));

  expect(problem.details).toMatchObject({ code: 'ScopeLocked', status: 409, unknownOutcome: false });
});

test('an app is shown as App Service has it, and null where there is none', async () => {
  expect(await azure.webApp(app)).toMatchObject({
    name: app.app,
    state: 'Running',
    hostNames: expect.arrayContaining([expect.stringContaining('azurewebsites.net')]),
  });
  expect(await azure.webApp({ ...app, app: 'nothing-here' })).toBeNull();
});

test('a healthy app is green', async () => {
  expect(await azure.health(healthUrl)).toMatchObject({ green: true, status: 200 });
});

test('an app whose database has gone is red, and says why in its own words', async () => {
  const databaseId = (await azure.database(server, production))?.databaseId ?? '';
  const rename = { op: 'sql.rename', server, from: production, to: 'gone', databaseId } as const;
  await azure.handler(rename).begin(rename, sent('n1'));

  const health = await azure.health(healthUrl);

  expect(health).toMatchObject({ green: false, status: 503 });
  expect(health.words).toContain('Unhealthy');
});

test('an app that does not answer is red, and never an exception', async () => {
  simulator.addFault({ path: '/health', reset: true });

  expect(await azure.health(healthUrl)).toMatchObject({ green: false, status: null });
});

test('a redirect to a sign-in page is not taken for health', async () => {
  simulator.addFault({
    path: '/health',
    status: 302,
    headers: { location: 'https://login.microsoftonline.com/' },
  });

  expect(await azure.health(healthUrl)).toMatchObject({ green: false, status: 302 });
});

test('Azure is reachable with the credentials that we have', async () => {
  expect(await azure.reachable(server.subscriptionId)).toMatchObject({ ok: true });
});

test("a wrong secret is named by Entra's own code, and the secret is not", async () => {
  const right = simulator.environment['AZURE_CLIENT_SECRET'];
  const wrong = azureAgainst({
    caFile: simulator.caFile,
    environment: { ...simulator.environment, AZURE_CLIENT_SECRET: 'not-the-secret' },
  });
  process.env['AZURE_CLIENT_SECRET'] = right;

  const answer = await wrong.reachable(server.subscriptionId);
  expect(answer.ok).toBe(false);
  expect(answer.words).toContain('Invalid client secret provided');
  expect(answer.words).toContain('(AADSTS7000215) Check');
  expect(answer.words).not.toContain('not-the-secret');

  const problem = await problemOf(wrong.databaseNames(server));
  expect(problem.details).toMatchObject({ code: 'AADSTS7000215', passing: false, unknownOutcome: false });
});

test('a proxy that is not there is unreachable, and nothing can have been sent', async () => {
  const lost = azureAgainst({
    caFile: simulator.caFile,
    environment: { ...simulator.environment, HTTPS_PROXY: 'http://127.0.0.1:9' },
  });
  Object.assign(process.env, simulator.environment);
  const restart = { op: 'app.restart', app } as const;

  const problem = await problemOf(lost.handler(restart).begin(restart, sent('s1')));

  expect(problem.details).toMatchObject({ code: 'Unreachable', passing: true, unknownOutcome: false });
  expect(changesIn(simulator)).toEqual([]);
});

import { EventEmitter, once } from 'node:events';
import { SqlManagementClient } from '@azure/arm-sql';
import { demoSubscription } from '../../src/simulator/seed';
import {
  codeOf,
  group,
  handClock,
  minutesAgo,
  openAzure,
  portal,
  restoreBody,
  server,
  serverPath,
} from './azure';

const restored = `${serverPath}/databases/R`;
const move = { body: { id: `${portal}-Old` } };

test('a throttled request has no effect, and the SDK waits and asks again', async () => {
  const { simulator, credential, common } = await openAzure();
  simulator.addFault({
    method: 'GET',
    path: '/databases/AppRequestPortal',
    status: 429,
    headers: { 'Retry-After': '1' },
  });
  const sql = new SqlManagementClient(credential, demoSubscription, {
    ...common,
    retryOptions: { maxRetries: 3 },
  });
  const started = Date.now();
  expect((await sql.databases.get(group, server, 'AppRequestPortal')).status).toBe('Online');
  expect(Date.now() - started).toBeGreaterThanOrEqual(990);
  const statuses = simulator
    .journal()
    .filter(({ url }) => url.includes('/databases/AppRequestPortal?'))
    .map(({ status }) => status);
  expect(statuses).toEqual([429, 200]);
});

test('a fault hits as often as it is told, after letting pass what it is told', async () => {
  const { simulator, arm } = await openAzure();
  simulator.addFault({
    path: 'AppRequestPortal$',
    after: 1,
    times: 2,
    status: 503,
    code: 'Busy',
    message: 'later',
  });
  const answers = [
    await arm('GET', portal),
    await arm('GET', portal),
    await arm('GET', portal),
    await arm('GET', portal),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 503, 503, 200]);
  expect(answers[1]?.json).toEqual({ error: { code: 'Busy', message: 'later' } });
});

test('a connection cut before the effect changes nothing; cut after it, the change is made and only the answer lost', async () => {
  const { simulator, arm } = await openAzure();
  simulator.addFault({ path: '/move', reset: true });
  await expect(arm('POST', `${portal}/move`, move)).rejects.toThrow();
  expect((await arm('GET', portal)).status).toBe(200);
  simulator.addFault({ path: '/move', reset: true, when: 'after' });
  await expect(arm('POST', `${portal}/move`, move)).rejects.toThrow();
  expect((await arm('GET', `${portal}-Old`)).status).toBe(200);
  const renames = simulator.journal().filter(({ url }) => url.includes('/move'));
  expect(renames.map(({ status }) => status)).toEqual([null, null]);
});

test('an answer can be made an error although the change was made', async () => {
  const { simulator, arm } = await openAzure();
  simulator.addFault({ path: '/move', status: 500, when: 'after' });
  expect((await arm('POST', `${portal}/move`, move)).status).toBe(500);
  expect((await arm('GET', `${portal}-Old`)).status).toBe(200);
});

test('a restore that fails says why, and leaves no database', async () => {
  const { simulator, sql } = await openAzure();
  simulator.addFault({
    method: 'PUT',
    path: '/databases/R',
    lro: { fail: { code: 'RestoreFailed', message: 'The backup is broken.' } },
  });
  const restore = sql.databases.beginCreateOrUpdateAndWait(group, server, 'R', {
    location: 'eastus',
    createMode: 'PointInTimeRestore',
    sourceDatabaseId: portal,
    restorePointInTime: new Date(minutesAgo(40)),
  });
  await expect(restore).rejects.toThrow('RestoreFailed. The backup is broken.');
  await expect(sql.databases.get(group, server, 'R')).rejects.toMatchObject({ statusCode: 404 });
});

test('a fault for an operation is not used up by requests that start none', async () => {
  const { simulator, arm } = await openAzure();
  simulator.addFault({ path: '/databases/', lro: { stuck: true } });
  await arm('GET', portal);
  await arm('PUT', restored, { body: restoreBody(minutesAgo(40)) });
  expect((await arm('GET', restored)).json).toMatchObject({ properties: { status: 'Restoring' } });
});

test('a stuck restore does not end until its fault is taken away, and its percentage stops half way', async () => {
  const clock = handClock();
  const { simulator, arm } = await openAzure({ speed: 1, now: clock.now });
  simulator.addFault({ path: '/databases/R', lro: { stuck: true } });
  await arm('PUT', restored, { body: restoreBody(minutesAgo(40)) });
  clock.advance(50 * 60_000);
  const operations = await arm('GET', `${restored}/operations`, { version: '2021-02-01-preview' });
  expect(operations.json).toMatchObject({
    value: [{ properties: { state: 'InProgress', percentComplete: 50 } }],
  });
  simulator.clearFaults();
  expect((await arm('GET', restored)).json).toMatchObject({ properties: { status: 'Online' } });
});

test('a request that is held back has its effect when nobody waits for it any more', async () => {
  const { simulator, arm } = await openAzure();
  const isRenamed = () => simulator.estate().databases.some(({ name }) => name === 'AppRequestPortal-Old');
  simulator.addFault({ path: '/move', effectDelayMs: 150 });
  const renamed = arm('POST', `${portal}/move`, move);
  await new Promise((later) => setTimeout(later, 50));
  expect(isRenamed()).toBe(false);
  await renamed;
  expect(isRenamed()).toBe(true);
});

test('a delay and the latency of ARM hold the answer back, not the effect', async () => {
  const { simulator, arm, health } = await openAzure();
  await arm('GET', portal);
  simulator.setLatency(150);
  simulator.addFault({ path: '/move', delayMs: 150 });
  const events = new EventEmitter();
  const unlisten = simulator.onRequest((entry) => {
    events.emit('request', simulator.estate(), entry.status);
  });
  const started = Date.now();
  const renamed = arm('POST', `${portal}/move`, move);
  const [estate, status] = (await once(events, 'request')) as [
    { databases: readonly { name: string }[] },
    unknown,
  ];
  unlisten();
  expect(estate.databases.map(({ name }) => name)).toContain('AppRequestPortal-Old');
  expect(status).toBeNull();
  expect((await renamed).status).toBe(200);
  expect(Date.now() - started).toBeGreaterThanOrEqual(290);
  const before = Date.now();
  await health();
  expect(Date.now() - before).toBeLessThan(140);
});

test('the journal masks every secret, on the way in and on the way out', async () => {
  const { simulator, web, arm } = await openAzure();
  const settings = await web.webApps.listApplicationSettings(group, 'apprequest-prod-demo01');
  await web.webApps.updateApplicationSettings(group, 'apprequest-prod-demo01', {
    properties: { ...settings.properties, Hush: 'very-private' },
  });
  await arm('GET', portal);
  const text = JSON.stringify(simulator.journal());
  expect(text).not.toMatch(/very-private|simulator-only-client-secret|eyJ|AccountKey|Password=/);
  expect(text).toContain('"Hush":"***"');
  expect(text).toContain('"client_secret":"***"');
});

test('the control API sets and lists faults, and says what is wrong with a bad one', async () => {
  const { control, arm } = await openAzure();
  const added = await control('POST', '/faults', { path: '/databases/', status: 503 });
  expect([added.status, await added.json()]).toEqual([201, { id: 1 }]);
  expect(await (await control('GET', '/faults')).json()).toMatchObject([{ id: 1, left: 1 }]);
  expect((await arm('GET', portal)).status).toBe(503);
  await control('POST', '/faults', { path: '/databases/', status: 503 });
  expect((await control('DELETE', '/faults')).status).toBe(204);
  expect((await arm('GET', portal)).status).toBe(200);
  for (const bad of [
    {},
    { path: '/x' },
    { path: '/x', status: 500, colour: 'red' },
    { path: '/x', lro: {} },
    { path: '/x', reset: true, when: 'soon' },
  ]) {
    const answer = await control('POST', '/faults', bad);
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { error: string }).error).toMatch(/^A fault/);
  }
});

test('the control API gives the CA, the journal and the estate, and turns the clock', async () => {
  const { control, arm, simulator } = await openAzure({ speed: 60 });
  expect(await (await control('GET', '/ca.pem')).text()).toContain('BEGIN CERTIFICATE');
  await arm('GET', portal);
  const [last] = simulator.journal().slice(-1);
  expect(codeOf({ json: undefined })).toBeUndefined();
  const since = (await (await control('GET', `/journal?since=${(last?.seq ?? 0) - 1}`)).json()) as unknown[];
  expect(since).toEqual([last]);
  expect((await control('POST', '/clock', { speed: 600 })).status).toBe(204);
  const estate = await (await control('GET', '/estate')).text();
  expect(JSON.parse(estate)).toMatchObject({ clock: { speed: 600 } });
  expect(estate).not.toMatch(/AccountKey|Password=|signingKey/);
  expect((await control('POST', '/clock', { speed: 0 })).status).toBe(400);
  expect((await control('POST', '/latency', {})).status).toBe(400);
  expect((await control('GET', '/nothing')).status).toBe(404);
});

test('a web page cannot drive the control API', async () => {
  const { simulator } = await openAzure();
  const answer = await fetch(`${simulator.controlUrl}/reset`, {
    method: 'POST',
    headers: { origin: 'https://evil.example' },
  });
  expect(answer.status).toBe(403);
});

test('a reset brings back the fresh estate without faults, latency or journal', async () => {
  const { control, arm, simulator } = await openAzure();
  await arm('POST', `${portal}/move`, move);
  simulator.addFault({ path: '/databases/', status: 503 });
  simulator.setLatency(60_000);
  simulator.regionDown('eastus');
  expect((await control('POST', '/reset', { seed: 'tier3' })).status).toBe(204);
  expect(simulator.journal()).toEqual([]);
  expect(simulator.estate()).toMatchObject({ seed: 'tier3', regionsDown: {} });
  expect((await arm('GET', portal)).status).toBe(200);
  expect((await control('POST', '/reset', { seed: 'tier9' })).status).toBe(400);
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  codeOf,
  group,
  handClock,
  minutesAgo,
  openAzure,
  pathOf,
  portal,
  restoreBody,
  server,
  serverPath,
} from './azure';

const restored = `${serverPath}/databases/R`;

test('a restore is accepted with both polling addresses, and Retry-After is never under a second', async () => {
  const clock = handClock();
  const { arm, simulator } = await openAzure({ speed: 60, now: clock.now });
  const accepted = await arm('PUT', restored, { body: restoreBody(minutesAgo(40)) });
  expect(accepted.status).toBe(202);
  expect(accepted.headers['retry-after']).toBe('1');
  expect(accepted.json).toMatchObject({ operation: 'CreateLogicalDatabase' });
  const status = pathOf(accepted.headers['azure-asyncoperation']);
  const result = pathOf(accepted.headers['location']);
  expect((await arm('GET', status)).json).toMatchObject({ status: 'InProgress' });
  expect((await arm('GET', result)).status).toBe(202);
  simulator.setSpeed(1);
  expect((await arm('GET', result)).headers['retry-after']).toBe('15');
  clock.advance(20 * 60_000);
  expect((await arm('GET', status)).json).toMatchObject({ status: 'Succeeded' });
  expect((await arm('GET', result)).json).toMatchObject({ name: 'R', properties: { status: 'Online' } });
});

test('the percentage moves with time, and a change of speed keeps what was reached', async () => {
  const clock = handClock();
  const { sql, arm, simulator } = await openAzure({ speed: 1, now: clock.now });
  const percent = async () => {
    for await (const { percentComplete } of sql.databaseOperations.listByDatabase(group, server, 'R')) {
      return percentComplete;
    }
    return undefined;
  };
  await arm('PUT', restored, { body: restoreBody(minutesAgo(40)) });
  expect(await percent()).toBe(0);
  clock.advance(5 * 60_000);
  expect(await percent()).toBe(25);
  simulator.setSpeed(10);
  expect(await percent()).toBe(25);
  clock.advance(60_000);
  expect(await percent()).toBe(75);
  clock.advance(30_000);
  expect(await percent()).toBe(100);
});

test('a restore can be cancelled, once', async () => {
  const { arm } = await openAzure({ speed: 1 });
  await arm('PUT', restored, { body: restoreBody(minutesAgo(40)) });
  const list = await arm('GET', `${restored}/operations`, { version: '2021-02-01-preview' });
  const id = (list.json as { value: readonly { name: string }[] }).value[0]?.name;
  const cancel = `${restored}/operations/${id}/cancel`;
  expect((await arm('POST', cancel, { version: '2021-02-01-preview' })).status).toBe(200);
  expect((await arm('GET', restored)).status).toBe(404);
  expect((await arm('POST', cancel, { version: '2021-02-01-preview' })).status).toBe(404);
});

test('a deletion ends in nothing, deleting again is 204, and the id of no operation is 404', async () => {
  const { arm } = await openAzure();
  const accepted = await arm('DELETE', portal);
  expect(accepted.status).toBe(202);
  const result = await arm('GET', pathOf(accepted.headers['location']));
  expect([result.status, result.text]).toEqual([200, '']);
  expect((await arm('DELETE', portal)).status).toBe(204);
  const unknown = await arm(
    'GET',
    `${pathOf(accepted.headers['location']).slice(0, -36)}00000000-0000-4000-8000-000000000000`,
  );
  expect([unknown.status, codeOf(unknown)]).toEqual([404, 'OperationIdNotFound']);
});

test('a change of tier lasts, and other changes are refused meanwhile', async () => {
  const clock = handClock();
  const { arm, sql } = await openAzure({ speed: 1, now: clock.now });
  expect((await arm('PATCH', portal, { body: { sku: { name: 'S2' } } })).status).toBe(202);
  const second = await arm('PATCH', portal, { body: { tags: { a: 'b' } } });
  expect([second.status, codeOf(second)]).toEqual([409, 'ConflictingDatabaseOperation']);
  expect((await sql.databases.get(group, server, 'AppRequestPortal')).currentServiceObjectiveName).toBe('S0');
  clock.advance(3 * 60_000);
  expect((await sql.databases.get(group, server, 'AppRequestPortal')).currentServiceObjectiveName).toBe('S2');
});

test('a restarted simulator goes on where it was: state, certificate and the operation under way', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'simulator-test-'));
  try {
    const clock = handClock();
    const first = await openAzure({ dataDir, speed: 1, now: clock.now });
    const accepted = await first.arm('PUT', restored, { body: restoreBody(minutesAgo(40)) });
    await first.arm('POST', `${portal}/move`, { body: { id: `${portal}-Old` } });
    const { caFile } = first.simulator;
    await first.close();
    clock.advance(10 * 60_000);
    const second = await openAzure({ dataDir, speed: 1, now: clock.now });
    expect(second.simulator.caFile).toBe(caFile);
    expect((await second.arm('GET', portal)).status).toBe(404);
    const status = pathOf(accepted.headers['azure-asyncoperation']);
    expect((await second.arm('GET', status)).json).toMatchObject({ status: 'InProgress' });
    const operations = await second.arm('GET', `${restored}/operations`, { version: '2021-02-01-preview' });
    expect(operations.text).toContain('"percentComplete":50');
    clock.advance(10 * 60_000);
    expect((await second.arm('GET', restored)).json).toMatchObject({ properties: { status: 'Online' } });
  } finally {
    rmSync(dataDir, { recursive: true });
  }
});

test('every accepted change is in the Activity Log, with the client request id and how it ended', async () => {
  const { arm, monitor } = await openAzure();
  await arm('PUT', restored, {
    body: restoreBody(minutesAgo(40)),
    headers: { 'x-ms-client-request-id': 'run-7-restore' },
  });
  await arm('POST', `${portal}/move`, {
    body: { id: `${portal}-Old` },
    headers: { 'x-ms-client-request-id': 'run-7-rename' },
  });
  await arm('POST', `${portal}/move`, { body: { id: `${portal}-Old` } });
  const events: unknown[] = [];
  const filter = `eventTimestamp ge '${minutesAgo(5)}' and resourceGroupName eq '${group}'`;
  for await (const event of monitor.activityLogs.list(filter)) {
    events.unshift([event.operationName?.value, event.status?.value, event.httpRequest?.clientRequestId]);
  }
  expect(events).toEqual([
    ['Microsoft.Sql/servers/databases/write', 'Accepted', 'run-7-restore'],
    ['Microsoft.Sql/servers/databases/write', 'Succeeded', 'run-7-restore'],
    ['Microsoft.Sql/servers/databases/move/action', 'Succeeded', 'run-7-rename'],
  ]);
  const later = await arm(
    'GET',
    `${portal.split('/resourceGroups')[0]}/providers/Microsoft.Insights/eventtypes/management/values?$filter=${encodeURIComponent(`eventTimestamp ge '${minutesAgo(-5)}'`)}`,
    { version: '2015-04-01' },
  );
  expect(later.json).toEqual({ value: [] });
});

test.each([
  ['CanNotDelete', 'the database', portal, 202, 200, 409],
  ['CanNotDelete', 'the server', serverPath, 202, 200, 409],
  ['ReadOnly', 'the resource group', portal.split('/providers')[0] ?? '', 409, 409, 409],
  ['ReadOnly', 'another database', `${serverPath}/databases/other`, 202, 200, 202],
])('a %s lock on %s holds', async (level, _, scope, write, action, deletion) => {
  const { arm } = await openAzure();
  const lock = `${scope}/providers/Microsoft.Authorization/locks/keep`;
  expect((await arm('PUT', lock, { version: '2020-05-01', body: { properties: { level } } })).status).toBe(
    201,
  );
  const patched = await arm('PATCH', portal, { body: { tags: {} } });
  const there = await arm('POST', `${portal}/move`, { body: { id: `${portal}-Old` } });
  await arm('POST', `${portal}-Old/move`, { body: { id: portal } });
  const deleted = await arm('DELETE', portal);
  expect([patched.status, there.status, deleted.status]).toEqual([write, action, deletion]);
  expect(codeOf(deleted)).toBe(deletion === 409 ? 'ScopeLocked' : undefined);
  await arm('DELETE', lock, { version: '2020-05-01' });
  expect((await arm('DELETE', portal)).status).toBe(deletion === 409 ? 202 : 204);
});

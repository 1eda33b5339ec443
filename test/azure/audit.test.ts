import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';
import { beginAndWait } from '../support/begin-and-wait';
import { production, server, trail } from '../support/demo-estate';
import { problemOf } from '../support/problem-of';
import { minutesAgo, restore } from '../support/restore-of-production';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ speed: 6000 });
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

const lastHour = () => ({ since: minutesAgo(60), until: new Date() });
const isAudit = { path: 'azurewebsites.net/api/audit' };

test("the app's audit trail tells who changed which rows, and when", async () => {
  const entries = await azureAgainst(simulator).audit.trail(trail, lastHour());

  expect(entries.map(({ by, action, rows, table }) => `${by} ${action} ${rows} ${table}`)).toEqual([
    'Dora insert 1 requests',
    'Chen insert 2 requests',
    'Anna delete 214 requests',
  ]);
  expect(entries[2]?.at.getTime()).toBeCloseTo(minutesAgo(25).getTime(), -4);
  expect(new Set(entries.map(({ id }) => id)).size).toBe(3);
});

test('only what lies between the two times is told, both ends included', async () => {
  const { audit } = azureAgainst(simulator);
  const [, , deletion] = await audit.trail(trail, lastHour());
  const at = deletion?.at ?? new Date();

  expect(await audit.trail(trail, { since: at, until: at })).toEqual([deletion]);
  expect(await audit.trail(trail, { since: minutesAgo(2), until: new Date() })).toEqual([]);
});

test('the app is asked with a token of its own, and with no other', async () => {
  const { audit } = azureAgainst(simulator);
  const other = { ...trail, application: '00000000-0000-0000-0000-0000000000a2' };

  const { details } = await problemOf(audit.trail(other, lastHour()));

  expect(details).toMatchObject({ status: 401, passing: false });
});

test.each([
  ['a fault', { ...isAudit, status: 500, times: 9 }, { status: 500, passing: true }],
  [
    'a redirect to a sign-in page',
    { ...isAudit, status: 302, headers: { location: 'https://login.microsoftonline.com/' }, times: 9 },
    { status: 302, passing: false },
  ],
  ['no answer in time', { ...isAudit, delayMs: 20_000, times: 9 }, { code: 'Timeout', passing: true }],
  ['an answer of another shape', { ...isAudit, status: 200, times: 9 }, { code: 'AuditTrailUnreadable' }],
])(
  '%s is a problem in words, and never an empty trail',
  async (_, fault, details) => {
    simulator.addFault(fault);

    const problem = await problemOf(azureAgainst(simulator).audit.trail(trail, lastHour()));

    expect(problem.details).toMatchObject(details);
    expect(problem.message).toContain(trail.url);
  },
  15_000,
);

test('a redirect never carries the token to another place', async () => {
  const asked: string[] = [];
  const elsewhere = createServer((request, response) => {
    asked.push(request.headers.authorization ?? 'no token');
    response.end('{"entries":[]}');
  });
  await new Promise<void>((up) => elsewhere.listen(0, '127.0.0.1', up));
  try {
    const { port } = elsewhere.address() as AddressInfo;
    simulator.addFault({
      ...{ ...isAudit, status: 307, times: 9 },
      headers: { location: `http://127.0.0.1:${port}/` },
    });
    await problemOf(azureAgainst(simulator).audit.trail(trail, lastHour()));
    expect(asked).toEqual([]);
  } finally {
    elsewhere.close();
  }
});

test('the activity log tells each change of a database once, by when it began', async () => {
  const azure = azureAgainst(simulator);
  const databaseId = (await azure.database(server, production))?.databaseId ?? '';
  await beginAndWait(azure, { op: 'sql.rename', server, from: production, to: 'other', databaseId });
  await beginAndWait(azure, { op: 'sql.rename', server, from: 'other', to: production, databaseId });
  await beginAndWait(azure, { op: 'sql.delete', server, database: production, databaseId });

  const changes = await azure.audit.changes(server, production, lastHour());

  expect(changes.map(({ did, database }) => `${did} ${database}`)).toEqual([
    `renamed ${production}`,
    `deleted ${production}`,
  ]);
  expect(changes[1]?.id).toMatch(/^[0-9a-f-]{36}$/);
  const again = await azure.audit.changes(server, production, lastHour());
  expect(again).toEqual(changes);
});

test('what Azure refused or could not do is no change', async () => {
  const azure = azureAgainst(simulator);
  simulator.addFault({ method: 'PUT', path: '/databases/made', lro: { fail: { code: 'X', message: 'no' } } });
  await problemOf(beginAndWait(azure, restore({ target: 'made' })));

  expect(await azure.audit.changes(server, 'made', lastHour())).toEqual([]);
});

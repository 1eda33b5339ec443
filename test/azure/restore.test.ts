import type { Azure } from '../../src/azure/azure';
import type { OperationOf } from '../../src/azure/operation';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';
import { beginAndWait, pollToEnd, sent } from '../support/begin-and-wait';
import { changeEntries, changesIn } from '../support/changes';
import { production, server } from '../support/demo-estate';
import { lock } from '../support/lock';
import { problemOf } from '../support/problem-of';

/** A restore takes a fifth of a second at this speed. */
const quick = 6000;
const copy = 'AppRequestPortal-copy';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ speed: quick });
});
beforeEach(() => {
  simulator.reset();
  simulator.clearFaults();
  simulator.setSpeed(quick);
});
afterAll(() => simulator.close());

const minutesAgo = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);

type Restore = OperationOf<'sql.point-in-time-restore'>;
const restore = (more: Partial<Restore> = {}): Restore => ({
  op: 'sql.point-in-time-restore',
  server,
  source: production,
  target: copy,
  at: minutesAgo(30).toISOString(),
  tier: 'S0',
  location: 'eastus',
  ...more,
});

const begin = (azure: Azure, operation: Restore, requestId = 'r1') =>
  azure.handler(operation).begin(operation, sent(requestId));

test('a restore makes a new database beside its source, with one request', async () => {
  const azure = azureAgainst(simulator);
  const operation = restore();
  const { look } = azure.handler(operation);
  expect(await look(operation, sent('r1'))).toEqual({ state: 'absent' });

  const begun = await begin(azure, operation);

  expect(begun.state).toBe('accepted');
  const facts = await pollToEnd(azure, operation, begun.state === 'accepted' ? begun.token : '');
  const made = await azure.database(server, copy);
  expect(made).toMatchObject({ status: 'Online', tier: 'S0', databaseId: facts['databaseId'] });
  expect((await azure.database(server, production))?.databaseId).not.toBe(facts['databaseId']);
  expect(changesIn(simulator)).toEqual([`PUT ${copy}`]);
});

test("the request carries the run's own id, so that Azure's activity log can be asked about it", async () => {
  await begin(azureAgainst(simulator), restore(), 'run-7-restore-1');

  expect(changeEntries(simulator)).toMatchObject([{ clientRequestId: 'run-7-restore-1', status: 202 }]);
});

test('a poll tells how far the restore is, and how long Azure wants to be left alone', async () => {
  simulator.setSpeed(20);
  const azure = azureAgainst(simulator);
  const operation = restore();
  const begun = await begin(azure, operation);

  const polled = await azure
    .handler(operation)
    .poll(operation, begun.state === 'accepted' ? begun.token : '');

  expect(polled).toEqual({
    state: 'under way',
    percent: expect.any(Number),
    retryAfterMs: expect.any(Number),
  });
});

test('a process that starts anew goes on polling by the token and sends nothing again', async () => {
  const operation = restore();
  const begun = await begin(azureAgainst(simulator), operation);

  const facts = await pollToEnd(
    azureAgainst(simulator),
    operation,
    begun.state === 'accepted' ? begun.token : '',
  );

  expect(facts['databaseId']).toEqual(expect.any(String));
  expect(changesIn(simulator)).toEqual([`PUT ${copy}`]);
});

test('a restore whose answer was lost is found by looking, and is followed to its end by looking', async () => {
  simulator.setSpeed(20);
  simulator.addFault({ method: 'PUT', path: `/databases/${copy}`, reset: true, when: 'after' });
  const azure = azureAgainst(simulator);
  const operation = restore();
  const intent = sent('r1');

  const problem = await problemOf(azure.handler(operation).begin(operation, intent));
  expect(problem.details).toMatchObject({ code: 'Unreachable', passing: true, unknownOutcome: true });

  const seen = await azure.handler(operation).look(operation, { ...intent, resumed: true });
  expect(seen).toMatchObject({ state: 'under way', percent: expect.any(Number) });
  simulator.setSpeed(quick);
  const facts = await pollToEnd(azure, operation, 'look');
  expect(facts).toEqual({ databaseId: (await azure.database(server, copy))?.databaseId });
  expect(changesIn(simulator)).toEqual([`PUT ${copy}`]);
});

test('a restore that was over before anybody looked is adopted with its database id', async () => {
  const azure = azureAgainst(simulator);
  const operation = restore();
  const intent = sent('r1');
  const facts = await beginAndWait(azure, operation);

  const seen = await azure.handler(operation).look(operation, { ...intent, resumed: true });

  expect(seen).toEqual({ state: 'done', facts });
});

test('a request that was lost on its way left nothing behind, and is sent once more', async () => {
  simulator.addFault({ method: 'PUT', path: `/databases/${copy}`, reset: true, when: 'before' });
  const azure = azureAgainst(simulator);
  const operation = restore();
  const intent = sent('r1');

  const problem = await problemOf(azure.handler(operation).begin(operation, intent));
  expect(problem.details).toMatchObject({ code: 'Unreachable', unknownOutcome: true });
  expect(await azure.handler(operation).look(operation, { ...intent, resumed: true })).toEqual({
    state: 'absent',
  });
  await beginAndWait(azure, operation);

  const accepted = changeEntries(simulator).filter((entry) => entry.status === 202);
  expect(accepted).toHaveLength(1);
});

test('throttling is handed on with the wait that Azure asks for, and nothing is sent again from here', async () => {
  simulator.addFault({
    method: 'PUT',
    path: `/databases/${copy}`,
    status: 429,
    code: 'SubscriptionTooManyCreateUpdateRequests',
    message: 'Requests beyond max requests allowed.',
    headers: { 'Retry-After': '7' },
  });

  const problem = await problemOf(begin(azureAgainst(simulator), restore()));

  expect(problem.details).toMatchObject({
    code: 'SubscriptionTooManyCreateUpdateRequests',
    status: 429,
    passing: true,
    unknownOutcome: false,
    retryAfterMs: 7000,
  });
  expect(changesIn(simulator)).toHaveLength(1);
});

test('a 503 leaves the outcome open: it is neither repeated nor taken for a refusal', async () => {
  simulator.addFault({ method: 'PUT', path: `/databases/${copy}`, status: 503, code: 'TooManyRequests' });

  const problem = await problemOf(begin(azureAgainst(simulator), restore()));

  expect(problem.details).toMatchObject({ status: 503, passing: true, unknownOutcome: true });
  expect(problem.message).toContain('look before sending it again');
  expect(changesIn(simulator)).toHaveLength(1);
});

test('an answer that does not come is a timeout whose outcome is unknown', async () => {
  simulator.addFault({ method: 'PUT', path: `/databases/${copy}`, delayMs: 3000 });
  const azure = azureAgainst(simulator, { deadlineMs: 400 });
  // The token is fetched beforehand so that the deadline meets the request itself.
  await azureAgainst(simulator).databaseNames(server);

  const problem = await problemOf(begin(azure, restore()));

  expect(problem.details).toMatchObject({ code: 'Timeout', passing: true, unknownOutcome: true });
});

test('throttled and failing polls are asked again until they are answered', async () => {
  const azure = azureAgainst(simulator);
  const operation = restore();
  const begun = await begin(azure, operation);
  simulator.addFault({
    method: 'GET',
    path: 'AzureAsyncOperation',
    status: 429,
    headers: { 'Retry-After': '0' },
  });
  simulator.addFault({ method: 'GET', path: 'AzureAsyncOperation', reset: true });

  const facts = await pollToEnd(azure, operation, begun.state === 'accepted' ? begun.token : '');

  expect(facts['databaseId']).toEqual(expect.any(String));
  expect(changesIn(simulator)).toEqual([`PUT ${copy}`]);
});

test('a poll does not sleep longer than its deadline: the wait is handed to the run', async () => {
  const azure = azureAgainst(simulator);
  const operation = restore();
  const begun = await begin(azure, operation);
  simulator.addFault({
    method: 'GET',
    path: 'AzureAsyncOperation',
    status: 429,
    code: 'TooManyRequests',
    headers: { 'Retry-After': '300' },
  });
  const startedAt = performance.now();

  const problem = await problemOf(
    azure.handler(operation).poll(operation, begun.state === 'accepted' ? begun.token : ''),
  );

  expect(problem.details).toMatchObject({ passing: true, unknownOutcome: false, retryAfterMs: 300_000 });
  expect(performance.now() - startedAt).toBeLessThan(5000);
});

test("a restore that fails inside Azure comes out with Azure's own code, though the SDK drops it", async () => {
  simulator.addFault({
    method: 'PUT',
    path: `/databases/${copy}`,
    lro: { fail: { code: 'RestoreBackupCorrupt', message: 'The backup could not be read.' } },
  });
  const azure = azureAgainst(simulator);

  const problem = await problemOf(beginAndWait(azure, restore()));

  expect(problem.details).toMatchObject({
    code: 'RestoreBackupCorrupt',
    passing: false,
    unknownOutcome: false,
  });
  expect(problem.message).toContain(copy);
  expect(problem.message).toContain('The backup could not be read.');
  expect(changesIn(simulator)).toEqual([`PUT ${copy}`]);
});

test('two restores at once do not mix up their failures', async () => {
  const fail = (name: string, code: string) =>
    simulator.addFault({ method: 'PUT', path: `/databases/${name}`, lro: { fail: { code, message: code } } });
  fail('copy-a', 'FailureA');
  fail('copy-b', 'FailureB');
  const azure = azureAgainst(simulator);

  const [a, b] = await Promise.all([
    problemOf(beginAndWait(azure, restore({ target: 'copy-a' }))),
    problemOf(beginAndWait(azure, restore({ target: 'copy-b' }))),
  ]);

  expect([a.details.code, b.details.code]).toEqual(['FailureA', 'FailureB']);
});

test('of two restores begun at once, only the one whose answer was lost has an unknown outcome', async () => {
  simulator.addFault({ method: 'PUT', path: '/databases/lost', reset: true, when: 'after' });
  simulator.addFault({ method: 'PUT', path: '/databases/refused', status: 400, code: 'InvalidPointInTime' });
  const azure = azureAgainst(simulator);

  const [lost, refused] = await Promise.all([
    problemOf(begin(azure, restore({ target: 'lost' }))),
    problemOf(begin(azure, restore({ target: 'refused' }))),
  ]);

  expect(lost.details).toMatchObject({ code: 'Unreachable', unknownOutcome: true });
  expect(refused.details).toMatchObject({ code: 'InvalidPointInTime', unknownOutcome: false });
});

test('a restore that failed while nobody watched is not sent again by a resumed run', async () => {
  simulator.addFault({
    method: 'PUT',
    path: `/databases/${copy}`,
    lro: { fail: { code: 'RestoreBackupCorrupt', message: 'The backup could not be read.' } },
  });
  const azure = azureAgainst(simulator);
  const operation = restore();
  const intent = sent('r1');
  await problemOf(beginAndWait(azure, operation, 'r1'));

  const seen = await azure.handler(operation).look(operation, { ...intent, resumed: true });

  expect(seen).toMatchObject({ state: 'blocked' });
  expect(seen.state === 'blocked' ? seen.problem.message : '').toContain('RestoreBackupCorrupt');
});

test('a restore that hangs in Azure is under way, however often it is asked', async () => {
  simulator.addFault({ method: 'PUT', path: `/databases/${copy}`, lro: { stuck: true } });
  const azure = azureAgainst(simulator);
  const operation = restore();
  const begun = await begin(azure, operation);
  const token = begun.state === 'accepted' ? begun.token : '';

  for (let times = 0; times < 3; times += 1) {
    expect(await azure.handler(operation).poll(operation, token)).toMatchObject({ state: 'under way' });
  }
});

test('an older database under the wanted name is not ours, and nothing is sent', async () => {
  const azure = azureAgainst(simulator);
  const operation = restore();
  await beginAndWait(azure, operation);
  const later = new Date(Date.now() + 10 * 60_000);

  const seen = await azure
    .handler(operation)
    .look(operation, sent('r2', { intendedAt: later, resumed: true }));

  expect(seen).toMatchObject({ state: 'blocked', problem: { details: { code: 'NameTaken' } } });
});

test('a restore that a person cancels in Azure is not polled for ever', async () => {
  simulator.setSpeed(20);
  const azure = azureAgainst(simulator);
  const operation = restore();
  const begun = await begin(azure, operation);
  const made = await azure.database(server, copy);
  const cancel = { op: 'sql.delete', server, database: copy, databaseId: made?.databaseId ?? '' } as const;
  await azure.handler(cancel).begin(cancel, sent('r2'));

  const problem = await problemOf(
    azure.handler(operation).poll(operation, begun.state === 'accepted' ? begun.token : ''),
  );

  expect(problem.details.passing).toBe(false);
  expect(problem.message).toContain('cancelled');
});

test.each([
  [
    'before the first backup',
    { at: minutesAgo(60 * 24 * 400).toISOString() },
    'InvalidPointInTime',
    400,
    false,
  ],
  ['too close to now', { at: minutesAgo(1).toISOString() }, 'BackupSetNotFoundRecentPit', 400, true],
  ['in the future', { at: minutesAgo(-60).toISOString() }, 'InvalidPointInTime', 400, false],
  ['of a database that is not there', { source: 'Nothing' }, 'ResourceNotFound', 404, false],
  ['onto a name in use', { target: production }, 'DatabaseNameInUse', 400, false],
  ['onto a reserved name', { target: 'tempdb' }, 'CannotUseReservedDatabaseName', 400, false],
  ['in another region than the server', { location: 'westus2' }, 'InvalidResourceLocation', 400, false],
  ['to a tier too small for the data', { tier: 'Basic' }, 'RestoreTargetEditionSizeInsufficient', 400, false],
  ['with an unknown tier', { tier: 'Huge' }, 'InvalidSkuName', 400, false],
])("Azure's refusal of a restore %s comes out with its own code", async (_, wrong, code, status, passing) => {
  const problem = await problemOf(begin(azureAgainst(simulator), restore(wrong)));

  expect(problem.details).toMatchObject({ code, status, passing, unknownOutcome: false });
  expect(problem.message).toContain(`(${code})`);
  expect(changesIn(simulator)).toHaveLength(1);
});

test('a second restore to the same name is refused while the first is under way', async () => {
  simulator.setSpeed(20);
  const azure = azureAgainst(simulator);
  await begin(azure, restore(), 'r1');

  const problem = await problemOf(begin(azure, restore(), 'r2'));

  expect(problem.details).toMatchObject({ code: 'DuplicateRestoreOperation', status: 400, passing: false });
});

test('a lock on the group refuses the restore, and the message says who can help', async () => {
  const azure = azureAgainst(simulator);
  await lock(
    `/subscriptions/${server.subscriptionId}/resourceGroups/${server.resourceGroup}`,
    'freeze',
    'ReadOnly',
  );

  const problem = await problemOf(begin(azure, restore()));

  expect(problem.details).toMatchObject({
    code: 'ScopeLocked',
    status: 409,
    passing: false,
    unknownOutcome: false,
  });
  expect(problem.message).toContain('remove the lock');
});

test('nothing of a problem gives away a secret or a stack', async () => {
  const problem = await problemOf(begin(azureAgainst(simulator), restore({ source: 'Nothing' })));

  expect(problem.message).not.toContain(simulator.environment['AZURE_CLIENT_SECRET']);
  expect(problem.message).not.toMatch(/Bearer|\n\s+at /);
});

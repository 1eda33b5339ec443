import type { Azure } from '../../src/azure/azure';
import type { OperationOf } from '../../src/azure/operation';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';
import { beginAndWait, pollToEnd, sent } from '../support/begin-and-wait';
import { changesIn } from '../support/changes';
import { server } from '../support/demo-estate';
import { problemOf } from '../support/problem-of';
import { copy, restore } from '../support/restore-of-production';

/** A restore takes a fifth of a second at this speed. */
const quick = 6000;

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

const begin = (azure: Azure, operation: OperationOf<'sql.point-in-time-restore'>, requestId = 'r1') =>
  azure.handler(operation).begin(operation, sent(requestId));

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

import type { Azure } from '../../src/azure/azure';
import type { OperationOf } from '../../src/azure/operation';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';
import { beginAndWait, pollToEnd, sent } from '../support/begin-and-wait';
import { changeEntries, changesIn } from '../support/changes';
import { production, server } from '../support/demo-estate';
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

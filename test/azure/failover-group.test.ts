import type { Azure } from '../../src/azure/azure';
import type { Operation, OperationOf } from '../../src/azure/operation';
import type { SqlServerRef } from '../../src/azure/refs';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';
import { beginAndWait, pollToEnd, sent } from '../support/begin-and-wait';
import { changesIn } from '../support/changes';
import { production, server } from '../support/demo-estate';
import { problemOf } from '../support/problem-of';

const failoverGroup = 'apprequest-fog';

let simulator: Simulator;
let azure: Azure;
let partner: SqlServerRef;
beforeAll(async () => {
  simulator = await startSimulator({ seed: 'tier3', speed: 500 });
  azure = azureAgainst(simulator);
});
beforeEach(async () => {
  simulator.reset();
  simulator.clearFaults();
  partner = (await azure.database(server, production))?.failoverGroup?.partners[0] ?? server;
});
afterAll(() => simulator.close());

const leave: OperationOf<'sql.leave-failover-group'> = {
  op: 'sql.leave-failover-group',
  server,
  failoverGroup,
  database: production,
};
const join: OperationOf<'sql.join-failover-group'> = { ...leave, op: 'sql.join-failover-group' };
const endReplication = (): OperationOf<'sql.end-replication'> => ({
  op: 'sql.end-replication',
  server,
  database: production,
  partnerServer: partner.server,
});
const createSecondary = (): OperationOf<'sql.create-secondary'> => ({
  op: 'sql.create-secondary',
  server,
  database: production,
  partner,
  partnerLocation: 'westus2',
  tier: 'S0',
});
async function deleteSecondary(): Promise<OperationOf<'sql.delete'>> {
  const databaseId = (await azure.database(partner, production))?.databaseId ?? '';
  return { op: 'sql.delete', server: partner, database: production, databaseId };
}
const look = (operation: Operation, resumed = false) =>
  azure.handler(operation).look(operation, sent('f1', { resumed }));

test('a protected database shows its failover group, its link and the address of its partner', async () => {
  const database = await azure.database(server, production);

  expect(database?.failoverGroup).toEqual({ name: failoverGroup, role: 'Primary', partners: [partner] });
  expect(database?.replication).toEqual([
    {
      role: 'Primary',
      state: 'CATCH_UP',
      partnerServer: partner.server,
      partnerDatabase: production,
      partnerLocation: expect.any(String),
      partner,
    },
  ]);
});

test('a database that is replicated cannot be renamed, and the message says what has to come first', async () => {
  const databaseId = (await azure.database(server, production))?.databaseId ?? '';
  const rename = { op: 'sql.rename', server, from: production, to: 'x', databaseId } as const;

  const problem = await problemOf(azure.handler(rename).begin(rename, sent('f1')));

  expect(problem.details).toMatchObject({
    code: 'InvalidOperationForDatabaseInReplicationRelationship',
    status: 409,
    passing: false,
    unknownOutcome: false,
  });
  expect(problem.message).toContain('failover group first');
});

test('a geo-secondary cannot be restored from', async () => {
  const restore = {
    op: 'sql.point-in-time-restore',
    server: partner,
    source: production,
    target: 'copy',
    at: new Date(Date.now() - 30 * 60_000).toISOString(),
    tier: 'S0',
    location: 'westus2',
  } as const;

  const problem = await problemOf(azure.handler(restore).begin(restore, sent('f1')));

  expect(problem.details).toMatchObject({ code: 'RestoreNotSupportedForGeoDrSecondary', status: 400 });
});

test('the way off the failover group and back again leads to where it began, each change sent once', async () => {
  for (const operation of [leave, endReplication(), await deleteSecondary(), createSecondary(), join]) {
    expect(await look(operation)).toEqual({ state: 'absent' });
    await beginAndWait(azure, operation, operation.op);
    expect(await look(operation, true)).toMatchObject({ state: 'done' });
  }

  const back = await azure.database(server, production);
  expect(back?.failoverGroup?.name).toBe(failoverGroup);
  expect(back?.replication).toMatchObject([{ partnerServer: partner.server, state: 'CATCH_UP' }]);
  expect(changesIn(simulator).map((change) => change.split(/[ /]/)[0])).toEqual([
    'PATCH',
    'DELETE',
    'DELETE',
    'PUT',
    'PATCH',
  ]);
});

test('a new secondary is known by its own id', async () => {
  await beginAndWait(azure, leave);
  await beginAndWait(azure, endReplication());
  await beginAndWait(azure, await deleteSecondary());

  const facts = await beginAndWait(azure, createSecondary());

  expect(facts).toEqual({ databaseId: (await azure.database(partner, production))?.databaseId });
});

test.each([
  ['PATCH', () => leave],
  ['DELETE', () => endReplication()],
])('a lost answer to a %s is adopted from the activity log, not sent again', async (method, operationOf) => {
  if (method === 'DELETE') await beginAndWait(azure, leave);
  const before = changesIn(simulator).length;
  simulator.addFault({ method, path: 'management.azure.com', reset: true, when: 'after' });
  const operation: Operation = operationOf();

  const problem = await problemOf(azure.handler(operation).begin(operation, sent('f1')));
  expect(problem.details.unknownOutcome).toBe(true);
  const seen = await look(operation, true);

  expect(['under way', 'done']).toContain(seen.state);
  await pollToEnd(azure, operation, 'look');
  expect(changesIn(simulator)).toHaveLength(before + 1);
});

test('a group that fails to change says why, by its token and by looking', async () => {
  const code = 'FailoverGroupUpdateFailed';
  simulator.addFault({ method: 'PATCH', path: failoverGroup, lro: { fail: { code, message: 'no room' } } });

  const problem = await problemOf(beginAndWait(azure, leave, 'f1'));

  expect(problem.details).toMatchObject({ code, unknownOutcome: false });
  expect(await look(leave, true)).toMatchObject({
    state: 'blocked',
    problem: { details: { code: 'OperationFailed' } },
  });
});

test('a group that has failed over is changed only where it is led from now', async () => {
  const onSecondary = { ...leave, server: partner };

  const seen = await look(onSecondary);

  expect(seen).toMatchObject({ state: 'blocked', problem: { details: { code: 'FailoverGroupNotPrimary' } } });
  const problem = await problemOf(azure.handler(onSecondary).begin(onSecondary, sent('f1')));
  expect(problem.details).toMatchObject({ code: 'FailoverGroupNotPrimary', unknownOutcome: false });
  expect(changesIn(simulator)).toEqual([]);
});

test('a database of the same name on the partner is not taken for the new secondary', async () => {
  await beginAndWait(azure, leave);
  await beginAndWait(azure, endReplication());
  const later = new Date(Date.now() + 10 * 60_000);
  const operation = createSecondary();

  const seen = await azure.handler(operation).look(operation, sent('f1', { intendedAt: later }));

  expect(seen).toMatchObject({ state: 'blocked', problem: { details: { code: 'NameTaken' } } });
});

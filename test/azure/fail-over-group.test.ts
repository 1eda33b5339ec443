import type { Azure } from '../../src/azure/azure';
import type { OperationOf } from '../../src/azure/operation';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';
import { beginAndWait, pollToEnd, sent } from '../support/begin-and-wait';
import { changesIn } from '../support/changes';
import { app, production, server } from '../support/demo-estate';
import { problemOf } from '../support/problem-of';
import { failoverGroup, second } from '../support/tier3-estate';

let simulator: Simulator;
let azure: Azure;
beforeAll(async () => {
  simulator = await startSimulator({ seed: 'tier3', speed: 500 });
  azure = azureAgainst(simulator);
});
beforeEach(() => {
  simulator.reset();
  simulator.clearFaults();
});
afterAll(() => simulator.close());

type FailOver = OperationOf<'sql.fail-over-group'>;
const planned: FailOver = { op: 'sql.fail-over-group', server: second.server, failoverGroup, how: 'planned' };
const forced: FailOver = { ...planned, how: 'forced' };
const look = (operation: FailOver, resumed = false) =>
  azure.handler(operation).look(operation, sent('f1', { resumed }));
const requests = (simulated: Simulator) =>
  simulated.estate().databases.find((one) => one.server === second.server.server && one.name === production)
    ?.requests;

test('a planned failover is asked of the secondary, which leads afterwards with all the data', async () => {
  expect(await look(planned)).toEqual({ state: 'absent' });
  await beginAndWait(azure, planned);

  expect(await look(planned)).toEqual({ state: 'done', facts: {} });
  expect(await azure.sql.failoverGroups(second.server)).toMatchObject([
    { name: failoverGroup, role: 'Primary', partners: [server], databases: [production] },
  ]);
  expect(requests(simulator)).toBe(1_073);
  expect(changesIn(simulator)).toEqual([`POST ${failoverGroup}/failover`]);
});

test('a failover that another process began is adopted, not sent again', async () => {
  simulator.setSpeed(1);
  await azure.handler(planned).begin(planned, sent('f1'));

  expect(await look(planned, true)).toMatchObject({ state: 'under way' });
  simulator.setSpeed(500);
  await pollToEnd(azure, planned, 'look');

  expect(changesIn(simulator)).toHaveLength(1);
});

test('a failover that an earlier attempt began is adopted, and one that failed is tried again', async () => {
  const retried = () =>
    azure.handler(planned).look(planned, sent('f2', { resumed: true, earlierIds: ['f1'] }));
  const fail = { code: 'InternalServerError', message: 'The secondary could not take over.' };
  simulator.addFault({ method: 'POST', path: '/failover', lro: { fail } });
  await problemOf(beginAndWait(azure, planned, 'f1'));
  expect(await retried()).toEqual({ state: 'absent' });

  simulator.setSpeed(1);
  await azure.handler(planned).begin(planned, sent('f1'));
  expect(await retried()).toMatchObject({ state: 'under way' });
  simulator.setSpeed(500);
});

test('with the primary gone only force works, and the refusal of the planned one says why', async () => {
  simulator.regionDown('eastus');

  const problem = await problemOf(azure.handler(planned).begin(planned, sent('f1')));
  expect(problem.details).toMatchObject({ code: 'PlannedFailoverTimedOut', status: 400, passing: false });
  await beginAndWait(azure, forced);

  expect(await look(forced)).toEqual({ state: 'done', facts: {} });
});

test('a failover that Azure could not do is told with its reason, also to a resumed run', async () => {
  const fail = {
    code: 'GeoReplicationCannotBecomePrimaryDuringUndo',
    message: 'The secondary is not ready.',
  };
  simulator.addFault({ method: 'POST', path: '/failover', lro: { fail } });

  const problem = await problemOf(beginAndWait(azure, planned, 'f1'));

  expect(problem.details).toMatchObject({ code: fail.code, unknownOutcome: false });
  expect(await look(planned, true)).toMatchObject({ state: 'blocked' });
});

test('the policy of a group is told as it is: hours of grace, or nobody but people', async () => {
  expect(await azure.sql.failoverGroups(server)).toMatchObject([
    { policy: 'Manual', graceMinutes: null, listener: `${failoverGroup}.database.windows.net` },
  ]);
});

test('an empty group is made once, and a group of that name that is not ours is left alone', async () => {
  const create = {
    op: 'sql.create-failover-group',
    server,
    failoverGroup: 'new-fog',
    partner: second.server,
  } as const;
  await beginAndWait(azure, create);

  expect(await azure.handler(create).look(create, sent('f1'))).toEqual({ state: 'done', facts: {} });
  const groups = await azure.sql.failoverGroups(server);
  expect(groups.find(({ name }) => name === 'new-fog')).toMatchObject({ databases: [], policy: 'Manual' });
  const other = { ...create, server: second.server, partner: server };
  expect(await azure.handler(other).look(other, sent('f1'))).toMatchObject({
    ...{ state: 'blocked', problem: { details: { code: 'NameTaken' } } },
  });
});

test('a copy that is not complete is told so', async () => {
  simulator.regionDown('westus2');

  const { findings } = await azure.read({
    ...{ check: 'sql.replication-caught-up', server, database: production },
    partnerServer: second.server.server,
  });

  expect(findings).toEqual([
    expect.objectContaining({ expected: 'CATCH_UP', found: 'SUSPENDED', ok: false }),
  ]);
});

test('whether an app connects by the listener is unknown while its connection string is in a vault', async () => {
  const listener = `${failoverGroup}.database.windows.net`;
  expect(await azure.sql.usesListener(app, listener)).toBeNull();

  simulator.addFault({ method: 'POST', path: '/config/appsettings/list', status: 403 });
  expect(await azure.sql.usesListener(app, listener)).toBeNull();
});

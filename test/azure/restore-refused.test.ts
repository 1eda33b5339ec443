import type { Azure } from '../../src/azure/azure';
import type { OperationOf } from '../../src/azure/operation';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';
import { sent } from '../support/begin-and-wait';
import { changesIn } from '../support/changes';
import { production, server } from '../support/demo-estate';
import { lock } from '../support/lock';
import { problemOf } from '../support/problem-of';
import { minutesAgo, restore } from '../support/restore-of-production';

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

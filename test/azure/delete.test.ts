import type { Azure } from '../../src/azure/azure';
import type { OperationOf } from '../../src/azure/operation';
import { databaseResourceId } from '../../src/azure/resource-id';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';
import { beginAndWait, pollToEnd, sent } from '../support/begin-and-wait';
import { changesIn } from '../support/changes';
import { production, server } from '../support/demo-estate';
import { lock } from '../support/lock';
import { problemOf } from '../support/problem-of';

const speed = 200;
let simulator: Simulator;
let azure: Azure;
beforeAll(async () => {
  simulator = await startSimulator({ speed });
  azure = azureAgainst(simulator);
});
beforeEach(() => {
  simulator.reset();
  simulator.clearFaults();
  simulator.setSpeed(speed);
});
afterAll(() => simulator.close());

async function deletion(): Promise<OperationOf<'sql.delete'>> {
  const databaseId = (await azure.database(server, production))?.databaseId ?? '';
  return { op: 'sql.delete', server, database: production, databaseId };
}

const once = [`DELETE ${production}`];

test('a deleted database is gone, and looking says so', async () => {
  const operation = await deletion();
  expect(await azure.handler(operation).look(operation, sent('d1'))).toEqual({ state: 'absent' });

  await beginAndWait(azure, operation);

  expect(await azure.database(server, production)).toBeNull();
  const seen = await azure.handler(operation).look(operation, sent('d1', { resumed: true }));
  expect(seen).toEqual({ state: 'done', facts: {} });
  expect(changesIn(simulator)).toEqual(once);
});

test('a deletion whose answer was lost is seen in the activity log and waited for', async () => {
  // Twenty seconds of Azure's time, held open until it has been seen under way.
  simulator.setSpeed(1);
  simulator.addFault({ method: 'DELETE', path: production, reset: true, when: 'after' });
  const operation = await deletion();
  const problem = await problemOf(azure.handler(operation).begin(operation, sent('d1')));
  expect(problem.details.unknownOutcome).toBe(true);

  const seen = await azure.handler(operation).look(operation, sent('d1', { resumed: true }));

  expect(seen).toMatchObject({ state: 'under way' });
  simulator.setSpeed(speed);
  expect(await pollToEnd(azure, operation, 'look')).toEqual({});
  expect(changesIn(simulator)).toEqual(once);
});

test('a name that means another database by now is not deleted', async () => {
  const operation = { ...(await deletion()), databaseId: 'the-old-one' };

  const seen = await azure.handler(operation).look(operation, sent('d1'));

  expect(seen).toMatchObject({ state: 'blocked', problem: { details: { code: 'DatabaseReplaced' } } });
});

test('a lock refuses the deletion, and the message says who can help', async () => {
  await lock(databaseResourceId(server, production), 'keep', 'CanNotDelete');
  const operation = await deletion();

  const problem = await problemOf(azure.handler(operation).begin(operation, sent('d1')));

  expect(problem.details).toMatchObject({
    code: 'ScopeLocked',
    status: 409,
    passing: false,
    unknownOutcome: false,
  });
  expect(problem.message).toContain('remove the lock');
  expect(await azure.database(server, production)).not.toBeNull();
});

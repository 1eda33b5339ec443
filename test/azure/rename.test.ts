import type { Azure } from '../../src/azure/azure';
import type { OperationOf } from '../../src/azure/operation';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';
import { beginAndWait, sent } from '../support/begin-and-wait';
import { changesIn } from '../support/changes';
import { production, server } from '../support/demo-estate';
import { problemOf } from '../support/problem-of';
import { restore } from '../support/restore-of-production';

let simulator: Simulator;
let azure: Azure;
beforeAll(async () => {
  simulator = await startSimulator({ speed: 6000 });
  azure = azureAgainst(simulator);
});
beforeEach(() => {
  simulator.reset();
  simulator.clearFaults();
  simulator.setSpeed(6000);
});
afterAll(() => simulator.close());

async function renaming(from: string, to: string): Promise<OperationOf<'sql.rename'>> {
  const databaseId = (await azure.database(server, from))?.databaseId ?? '';
  return { op: 'sql.rename', server, from, to, databaseId };
}

test('a renamed database keeps its id, and is known as done by it', async () => {
  const operation = await renaming(production, 'AppRequestPortal-old');
  const { look } = azure.handler(operation);
  expect(await look(operation, sent('n1'))).toEqual({ state: 'absent' });

  const facts = await beginAndWait(azure, operation);

  expect(facts).toEqual({ databaseId: operation.databaseId });
  expect(await azure.database(server, production)).toBeNull();
  expect(await look(operation, sent('n1', { resumed: true }))).toEqual({ state: 'done', facts });
  expect(changesIn(simulator)).toEqual([`POST ${production}/move`]);
});

test('a rename whose answer was lost is found done, and is not sent again', async () => {
  simulator.addFault({ method: 'POST', path: '/move', reset: true, when: 'after' });
  const operation = await renaming(production, 'AppRequestPortal-old');

  const problem = await problemOf(azure.handler(operation).begin(operation, sent('n1')));
  const seen = await azure.handler(operation).look(operation, sent('n1', { resumed: true }));

  expect(problem.details).toMatchObject({ code: 'Unreachable', unknownOutcome: true });
  expect(seen).toMatchObject({ state: 'done' });
  expect(changesIn(simulator)).toEqual([`POST ${production}/move`]);
});

test('a rename that never arrived is found absent', async () => {
  simulator.addFault({ method: 'POST', path: '/move', reset: true, when: 'before' });
  const operation = await renaming(production, 'AppRequestPortal-old');

  await problemOf(azure.handler(operation).begin(operation, sent('n1')));

  const seen = await azure.handler(operation).look(operation, sent('n1', { resumed: true }));
  expect(seen).toEqual({ state: 'absent' });
  expect(changesIn(simulator)).toHaveLength(1);
});

test('a rename that Azure answers with 503 is sent once', async () => {
  simulator.addFault({ method: 'POST', path: '/move', status: 503 });
  const operation = await renaming(production, 'AppRequestPortal-old');

  const problem = await problemOf(azure.handler(operation).begin(operation, sent('n1')));

  expect(problem.details).toMatchObject({ status: 503, unknownOutcome: true, passing: true });
  expect(changesIn(simulator)).toHaveLength(1);
});

test('another database under the new name stands in the way', async () => {
  await beginAndWait(azure, restore({ target: 'Taken' }));
  const operation = await renaming(production, 'Taken');

  const seen = await azure.handler(operation).look(operation, sent('n1'));

  expect(seen).toMatchObject({ state: 'blocked', problem: { details: { code: 'NameTaken' } } });
  const problem = await problemOf(azure.handler(operation).begin(operation, sent('n1')));
  expect(problem.details).toMatchObject({ code: 'DatabaseNameInUse', status: 400, unknownOutcome: false });
});

test('another database under the old name is not renamed in its place', async () => {
  const operation = { ...(await renaming(production, 'AppRequestPortal-old')), databaseId: 'somebody-else' };

  const seen = await azure.handler(operation).look(operation, sent('n1'));

  expect(seen).toMatchObject({ state: 'blocked', problem: { details: { code: 'DatabaseReplaced' } } });
});

test('a database that is under neither name is said to be gone', async () => {
  const operation = { ...(await renaming(production, 'b')), from: 'a' };

  const seen = await azure.handler(operation).look(operation, sent('n1'));

  expect(seen).toMatchObject({ state: 'blocked', problem: { details: { code: 'SourceDatabaseNotFound' } } });
  const problem = await problemOf(azure.handler(operation).begin(operation, sent('n1')));
  expect(problem.details).toMatchObject({ code: 'SourceDatabaseNotFound', status: 404 });
});

test.each([
  ['a reserved name', { to: 'master' }, 'CannotUseReservedDatabaseName', 400],
  ['its own name', { to: production }, 'DatabaseNameInUse', 400],
])("Azure's refusal of a rename to %s comes out with its own code", async (_, wrong, code, status) => {
  const operation = { ...(await renaming(production, 'x')), ...wrong };

  const problem = await problemOf(azure.handler(operation).begin(operation, sent('n1')));

  expect(problem.details).toMatchObject({ code, status, passing: false, unknownOutcome: false });
});

test('a database that is still being restored is renamed later, not never', async () => {
  simulator.setSpeed(20);
  const restoring = restore({ target: 'Busy' });
  await azure.handler(restoring).begin(restoring, sent('r1'));
  const operation = await renaming('Busy', 'Busy-old');

  const problem = await problemOf(azure.handler(operation).begin(operation, sent('n1')));

  expect(problem.details).toMatchObject({ code: 'ConflictingDatabaseOperation', status: 409, passing: true });
});

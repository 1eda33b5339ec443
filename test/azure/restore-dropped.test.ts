import type { OperationOf } from '../../src/azure/operation';
import type { DroppedDatabase } from '../../src/azure/sql/dropped-databases';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';
import { beginAndWait, pollToEnd, sent } from '../support/begin-and-wait';
import { changesIn } from '../support/changes';
import { production, server } from '../support/demo-estate';
import { problemOf } from '../support/problem-of';
import { minutesAgo } from '../support/restore-of-production';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ speed: 6000 });
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

/** Somebody deletes the production database; gives it as Azure lists it. */
async function deleted(): Promise<DroppedDatabase> {
  const azure = azureAgainst(simulator);
  const databaseId = (await azure.database(server, production))?.databaseId ?? '';
  await beginAndWait(azure, { op: 'sql.delete', server, database: production, databaseId });
  for (;;) {
    const [last] = await azure.sql.dropped(server);
    if (last) return last;
    await new Promise((later) => setTimeout(later, 25));
  }
}

const back = ({ id }: DroppedDatabase, at: string | null = null): OperationOf<'sql.restore-dropped'> => ({
  ...{ op: 'sql.restore-dropped', server, dropped: id, target: production, at },
  ...{ tier: 'S0', location: 'eastus' },
});

const requests = () => simulator.estate().databases.find(({ name }) => name === production)?.requests;

test('a deleted database is listed with its deletion, and how far back it can be restored', async () => {
  const dropped = await deleted();

  expect(dropped).toMatchObject({ name: production, tier: 'S0', location: 'eastus' });
  expect(dropped.id).toMatch(/^AppRequestPortal,\d{18}$/);
  expect(Math.abs(dropped.deletedAt.getTime() - Date.now())).toBeLessThan(10_000);
  const oldest = Date.now() - 7 * 86_400_000;
  expect(dropped.earliestRestore?.getTime()).toBeCloseTo(oldest, -4);
});

test('a deleted database comes back under its own name, as it was at its end', async () => {
  const azure = azureAgainst(simulator);
  const operation = back(await deleted());
  expect(await azure.handler(operation).look(operation, sent('r1'))).toEqual({ state: 'absent' });

  const facts = await beginAndWait(azure, operation, 'r1');

  expect(await azure.database(server, production)).toMatchObject({
    ...{ status: 'Online', tier: 'S0', databaseId: facts['databaseId'] },
  });
  expect(requests()).toBe(1_073);
  expect(await azure.sql.dropped(server)).toHaveLength(1);
});

test('a deleted database comes back as it was at an earlier moment', async () => {
  await beginAndWait(azureAgainst(simulator), back(await deleted(), minutesAgo(30).toISOString()));

  expect(requests()).toBe(1_284);
});

test.each([
  ['after its deletion', () => minutesAgo(-5)],
  ['before its backups', () => minutesAgo(8 * 24 * 60)],
])('a moment %s is refused as Azure does', async (_, at) => {
  const operation = back(await deleted(), at().toISOString());

  const { details } = await problemOf(beginAndWait(azureAgainst(simulator), operation));

  expect(details).toMatchObject({ code: 'InvalidPointInTime', status: 400, unknownOutcome: false });
});

test('a deletion that Azure has no backups of any more is refused as Azure does', async () => {
  const { id, ...dropped } = await deleted();
  const operation = back({ ...dropped, id: id.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10)) });

  const { details } = await problemOf(beginAndWait(azureAgainst(simulator), operation));

  expect(details.code).toBe('InvalidDroppedDatabase');
});

test('a restore whose answer was lost is adopted, not sent twice', async () => {
  const operation = back(await deleted());
  const before = changesIn(simulator).length;
  simulator.addFault({ method: 'PUT', path: `/databases/${production}`, reset: true, when: 'after' });
  const azure = azureAgainst(simulator);
  const intent = sent('r1');
  const problem = await problemOf(azure.handler(operation).begin(operation, intent));
  expect(problem.details.unknownOutcome).toBe(true);

  const seen = await azure.handler(operation).look(operation, { ...intent, resumed: true });
  expect(['under way', 'done']).toContain(seen.state);
  await pollToEnd(azure, operation, 'look');

  expect(changesIn(simulator).slice(before)).toEqual([`PUT ${production}`]);
});

test('a name that somebody has given to a new database meanwhile is not taken from it', async () => {
  const operation = back(await deleted());
  const azure = azureAgainst(simulator);
  await beginAndWait(azure, operation);

  const seen = await azure
    .handler(operation)
    .look(operation, { ...sent('r2'), intendedAt: new Date(Date.now() + 300_000) });

  expect(seen).toMatchObject({ state: 'blocked', problem: { details: { code: 'NameTaken' } } });
});

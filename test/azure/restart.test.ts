import type { Azure } from '../../src/azure/azure';
import type { OperationOf } from '../../src/azure/operation';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';
import { sent } from '../support/begin-and-wait';
import { changesIn } from '../support/changes';
import { app } from '../support/demo-estate';
import { problemOf } from '../support/problem-of';

let simulator: Simulator;
let azure: Azure;
beforeAll(async () => {
  simulator = await startSimulator({ speed: 2000 });
  azure = azureAgainst(simulator);
});
beforeEach(() => {
  simulator.reset();
  simulator.clearFaults();
});
afterAll(() => simulator.close());

const restart: OperationOf<'app.restart'> = { op: 'app.restart', app };
const once = [`POST ${app.app}/restart`];

test('a restart is over when Azure answers', async () => {
  expect(await azure.handler(restart).look(restart, sent('s1'))).toEqual({ state: 'absent' });

  expect(await azure.handler(restart).begin(restart, sent('s1'))).toEqual({ state: 'done', facts: {} });

  expect(changesIn(simulator)).toEqual(once);
});

test('a resumed run finds its own restart in the activity log', async () => {
  simulator.addFault({ method: 'POST', path: '/restart', reset: true, when: 'after' });
  const problem = await problemOf(azure.handler(restart).begin(restart, sent('s1')));
  expect(problem.details).toMatchObject({ code: 'Unreachable', unknownOutcome: true });

  const seen = await azure.handler(restart).look(restart, sent('s1', { resumed: true }));

  expect(seen).toEqual({ state: 'done', facts: {} });
  expect(changesIn(simulator)).toEqual(once);
});

test("somebody else's restart is not taken for ours", async () => {
  await azure.handler(restart).begin(restart, sent('another-run'));

  const seen = await azure.handler(restart).look(restart, sent('s1', { resumed: true }));

  expect(seen).toEqual({ state: 'absent' });
});

test('a restart that Azure answers with 503 is sent once', async () => {
  simulator.addFault({ method: 'POST', path: '/restart', status: 503 });

  const problem = await problemOf(azure.handler(restart).begin(restart, sent('s1')));

  expect(problem.details).toMatchObject({ status: 503, unknownOutcome: true });
  expect(changesIn(simulator)).toEqual(once);
});

test('an app that is not there is named in the problem', async () => {
  const missing = { ...restart, app: { ...app, app: 'nothing-here' } };

  const problem = await problemOf(azure.handler(missing).begin(missing, sent('s1')));

  expect(problem.details).toMatchObject({ status: 404, passing: false, unknownOutcome: false });
  expect(problem.message).toContain('nothing-here');
});

import type { Azure } from '../../src/azure/azure';
import type { OperationOf } from '../../src/azure/operation';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';
import { beginAndWait, sent } from '../support/begin-and-wait';
import { problemOf } from '../support/problem-of';

let simulator: Simulator;
let azure: Azure;
beforeAll(async () => {
  simulator = await startSimulator();
  azure = azureAgainst(simulator);
});
beforeEach(() => {
  simulator.reset();
  simulator.clearFaults();
});
afterAll(() => simulator.close());

const application = '00000000-0000-0000-0000-0000000000a2';
const uri = 'https://apprequest-dr-demo01.azurewebsites.net';
const add: OperationOf<'entra.add-redirect-uri'> = {
  ...{ op: 'entra.add-redirect-uri', application, platform: 'spa', uri },
};
const listed = async () => (await azure.entra.redirectUris(application)).spa;

test('a URI is added to those that are there, and taken back alone', async () => {
  const before = await listed();
  await beginAndWait(azure, add);
  expect(await listed()).toEqual([...before, uri]);
  expect(await azure.handler(add).look(add, sent('r1'))).toEqual({ state: 'done', facts: {} });

  await beginAndWait(azure, { ...add, op: 'entra.remove-redirect-uri' });

  expect(await listed()).toEqual(before);
});

test('a lost answer is found out by looking', async () => {
  simulator.addFault({ method: 'PATCH', path: '/applications', reset: true, when: 'after' });

  const problem = await problemOf(azure.handler(add).begin(add, sent('r1')));

  expect(problem.details).toMatchObject({ code: 'Unreachable', unknownOutcome: true });
  expect(await azure.handler(add).look(add, sent('r1', { resumed: true }))).toEqual({
    state: 'done',
    facts: {},
  });
});

test('an application that is not there, and one that the bot may not change, are told in words', async () => {
  const nobody = await problemOf(azure.entra.redirectUris('00000000-0000-0000-0000-00000000dead'));
  expect(nobody.details).toMatchObject({ status: 404, code: 'Request_ResourceNotFound' });

  simulator.addFault({
    method: 'PATCH',
    path: '/applications',
    status: 403,
    code: 'Authorization_RequestDenied',
  });
  const refused = await problemOf(azure.handler(add).begin(add, sent('r1')));

  expect(refused.details).toMatchObject({ status: 403, passing: false, unknownOutcome: false });
});

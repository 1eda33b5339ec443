import { readConfig } from '../../src/config';
import { groupState } from '../../src/runbooks/parts/group-state';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';
import { server } from '../support/demo-estate';
import { problemOf } from '../support/problem-of';
import { second, tier3 } from '../support/tier3-estate';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ speed: 2_000 });
});
beforeEach(() => simulator.reset('tier3'));
afterEach(() => simulator.clearFaults());
afterAll(() => simulator.close());

const [app] = tier3(readConfig({ ESTATE_FILE: 'infra/estate.demo.yaml' }).estate).apps;
const look = (looks: 1 | 2) => {
  if (!app) throw new Error('The demo estate has no app.');
  const azure = azureAgainst(simulator, { deadlineMs: 1_500 });
  return groupState({ app, azure, now: new Date(), past: () => null }, looks);
};
const groupsOf = (name: string) => ({ method: 'GET', path: `${name}/failoverGroups$` });
const absent = { status: 404, code: 'ResourceNotFound', times: 9 };

test('for a plan, a server that is slow once is no silent server', async () => {
  simulator.addFault({ ...groupsOf(server.server), delayMs: 3_000 });
  expect(await look(1)).toMatchObject({ bothAnswer: false });

  simulator.addFault({ ...groupsOf(server.server), delayMs: 3_000 });
  expect(await look(2)).toMatchObject({ bothAnswer: true, replication: 'CATCH_UP' });
});

test('nor is one that stumbles once', async () => {
  simulator.addFault({ ...groupsOf(server.server), status: 500, times: 2 });

  expect(await look(2)).toMatchObject({ bothAnswer: true });
});

test('a server that does not answer twice is silent', async () => {
  simulator.addFault({ ...groupsOf(server.server), delayMs: 3_000, times: 2 });

  expect(await look(2)).toMatchObject({ bothAnswer: false });
});

test('a server that puts everything off is no silent server: that passes, and is waited for', async () => {
  const later = { status: 429, code: 'TooManyRequests', headers: { 'retry-after': '1' } };
  simulator.addFault({ ...groupsOf(server.server), ...later, times: 9 });

  expect((await problemOf(look(2))).details).toMatchObject({ status: 429, passing: true });
});

test('there is no group where the second server is not there, unless the first is in one', async () => {
  simulator.addFault({ ...groupsOf(second.server.server), ...absent });
  expect((await problemOf(look(2))).details).toMatchObject({ status: 404 });

  simulator.reset('tier2');
  expect(await look(2)).toBeNull();
});

test('that the first server is not there is not taken for the lack of a group', async () => {
  simulator.addFault({ ...groupsOf(server.server), ...absent });

  expect((await problemOf(look(2))).details).toMatchObject({ status: 404 });
});

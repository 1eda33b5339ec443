import { armStorage } from '../../src/azure/clients';
import { connect } from '../../src/azure/connect';
import { type LongRunning, longRunning } from '../../src/azure/handler';
import { modularPoller } from '../../src/azure/modular-poller';
import type { OperationHandler, OperationOf } from '../../src/azure/operation';
import { demoSubscription } from '../../src/simulator/seed';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { pointAt } from '../support/azure-against';
import { sent } from '../support/begin-and-wait';
import { changesIn } from '../support/changes';
import { problemOf } from '../support/problem-of';

/** Any operation will do for an adapter that does not look at it: this one names the account under `app`. */
type Any = OperationOf<'app.restart'>;
const account = 'stappreqdemo01';
const group = 'apprequest-prod';
const operation: Any = {
  op: 'app.restart',
  app: { subscriptionId: demoSubscription, resourceGroup: group, app: account },
};
const failovers = () => changesIn(simulator).filter((change) => change.includes('/failover'));

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ speed: 1 });
  pointAt(simulator);
});
beforeEach(() => {
  simulator.reset();
  simulator.setSpeed(1);
});
afterAll(() => simulator.close());

/** The modular storage client's failover as a handler, as a process makes it that has just started. */
function failover(): OperationHandler<Any> {
  const azure = connect({ now: () => new Date(), activityLogPatienceMs: 100, deadlineMs: 10_000 });
  const one: LongRunning<Any, null, void> = {
    rest: () => 'POST …/failover',
    target: () => account,
    words: () => ({ doing: 'Failing over', resource: account }),
    look: () => Promise.resolve({ state: 'done', facts: { seen: true } }),
    prepare: () => Promise.resolve(null),
    send: (_, __, options) => {
      const { storage } = azure.clients(demoSubscription);
      return modularPoller<void>(
        {
          begin: (request) => storage.storageAccounts.failover(group, account, request),
          restore: (token, request) =>
            armStorage().restorePoller(storage, token, storage.storageAccounts.failover, request),
        },
        options,
      );
    },
    facts: () => Promise.resolve({ polled: true }),
    percent: () => Promise.resolve(null),
  };
  return longRunning(azure, one);
}

test('beginning sends one request under our id and does not wait for its end', async () => {
  const begun = await failover().begin(operation, sent('11111111-2222-3333-4444-555555555555'));

  expect(begun).toEqual({ state: 'accepted', token: expect.stringContaining('asyncoperations') });
  expect(failovers()).toEqual([`POST ${account}/failover`]);
  expect(simulator.journal().find(({ url }) => url.includes('/failover'))?.clientRequestId).toBe(
    '11111111-2222-3333-4444-555555555555',
  );
});

test('a poll asks once, and gives how long Azure asks to wait', async () => {
  const handler = failover();
  const begun = await handler.begin(operation, sent('p'));
  if (begun.state !== 'accepted') throw new Error('It was over at once.');
  const before = simulator.journal().length;

  const polled = await handler.poll(operation, begun.token);

  expect(polled).toEqual({ state: 'under way', percent: null, retryAfterMs: 17_000 });
  expect(simulator.journal().slice(before)).toMatchObject([
    { method: 'GET', url: expect.stringContaining('asyncoperations') },
  ]);
});

test('a fresh process goes on polling by the token alone, and sends nothing again', async () => {
  const begun = await failover().begin(operation, sent('r'));
  if (begun.state !== 'accepted') throw new Error('It was over at once.');
  expect(await failover().poll(operation, begun.token)).toMatchObject({ state: 'under way' });
  simulator.setSpeed(1e7);

  expect(await failover().poll(operation, begun.token)).toEqual({ state: 'done', facts: { polled: true } });

  expect(failovers()).toEqual([`POST ${account}/failover`]);
});

test("an operation that Azure cannot do ends in Azure's own code and words", async () => {
  simulator.addFault({
    ...{ method: 'POST', path: '/failover' },
    lro: { fail: { code: 'InternalError', message: 'The cluster in westus could not take over.' } },
  });
  const begun = await failover().begin(operation, sent('f'));
  if (begun.state !== 'accepted') throw new Error('It was over at once.');
  simulator.setSpeed(1e7);

  const problem = await problemOf(failover().poll(operation, begun.token));

  expect(problem.details).toMatchObject({ code: 'InternalError', passing: false, unknownOutcome: false });
  expect(problem.message).toContain('The cluster in westus could not take over.');
});

test("a refusal comes out of the beginning with Azure's code, and was sent once", async () => {
  await failover().begin(operation, sent('a'));

  const problem = await problemOf(failover().begin(operation, sent('b')));

  expect(problem.details).toMatchObject({
    ...{ code: 'StorageAccountOperationInProgress', status: 409, unknownOutcome: false },
  });
});

test('an answer that is lost leaves the outcome open, and nothing is sent twice', async () => {
  simulator.addFault({ method: 'POST', path: '/failover', status: 503, when: 'after' });

  const problem = await problemOf(failover().begin(operation, sent('l')));

  expect(problem.details).toMatchObject({ status: 503, unknownOutcome: true });
  expect(simulator.journal().filter(({ url }) => url.includes('/failover'))).toHaveLength(1);
});

test('an operation that Azure has forgotten is looked for by its effect', async () => {
  const begun = await failover().begin(operation, sent('g'));
  if (begun.state !== 'accepted') throw new Error('It was over at once.');
  simulator.reset();

  expect(await failover().poll(operation, begun.token)).toEqual({ state: 'done', facts: { seen: true } });
});

test('a poll that Azure throttles is asked again, and one that it keeps refusing says when to come back', async () => {
  const begun = await failover().begin(operation, sent('t'));
  if (begun.state !== 'accepted') throw new Error('It was over at once.');
  simulator.addFault({
    ...{ method: 'GET', path: 'asyncoperations', status: 429, times: 1, headers: { 'retry-after': '0' } },
  });
  expect(await failover().poll(operation, begun.token)).toMatchObject({ state: 'under way' });
  simulator.addFault({
    ...{ method: 'GET', path: 'asyncoperations', status: 429, times: 1, headers: { 'retry-after': '60' } },
  });

  const problem = await problemOf(failover().poll(operation, begun.token));

  expect(problem.details).toMatchObject({ status: 429, passing: true, retryAfterMs: 60_000 });
});

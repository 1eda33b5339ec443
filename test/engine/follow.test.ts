import type { Azure } from '../../src/azure/azure';
import type { Operation, OperationHandler, Polled } from '../../src/azure/operation';
import { follow, standstillMs } from '../../src/engine/follow';
import { createFakeAzure } from '../support/fake-azure';
import { waitingClock } from '../support/waiting-clock';

const restart: Operation = {
  op: 'app.restart',
  app: { subscriptionId: 's', resourceGroup: 'g', app: 'shop' },
};

/** Follows what Azure answers like this after so many minutes; how it ended, and after how many minutes. */
async function followed(answerAfter: (minutes: number) => Polled) {
  const { patience, minutes } = waitingClock();
  const handler = <O extends Operation>(): OperationHandler<O> => ({
    ...{ rest: () => '', target: () => '', look: async () => ({ state: 'absent' }) },
    begin: async () => ({ state: 'done', facts: {} }),
    poll: async () => answerAfter(minutes()),
  });
  const azure: Azure = { ...createFakeAzure({ now: patience.now }), handler };
  const sent = { requestId: 'r', intendedAt: new Date(0), resumed: false };
  const end = await follow(azure, restart, sent, 'token', patience, standstillMs(20));
  return { end, minutes: minutes() };
}

const underWay = (percent: number | null): Polled => ({ state: 'under way', percent, retryAfterMs: null });

test('an operation that gets no further is put before people after three times what it normally takes', async () => {
  const { end, minutes } = await followed(() => underWay(50));
  expect(end).toMatchObject({ state: 'failed', problem: { code: 'NoProgress' } });
  expect(minutes).toBeGreaterThanOrEqual(60);
  expect(minutes).toBeLessThan(62);
});

test('one that Azure says nothing about is given as long', async () => {
  expect((await followed(() => underWay(null))).minutes).toBeLessThan(62);
});

test('one that goes on, however slowly, is waited for', async () => {
  const { end, minutes } = await followed((at) =>
    at < 600 ? underWay(Math.floor(at / 10)) : { state: 'done', facts: {} },
  );
  expect(end).toMatchObject({ state: 'done' });
  expect(minutes).toBeGreaterThan(599);
});

test('nobody is asked about what waits for a person anyway', async () => {
  const { end } = await followed((at) =>
    at < 600 ? { ...underWay(null), waitsForPerson: true } : { state: 'done', facts: {} },
  );
  expect(end).toMatchObject({ state: 'done' });
});

import type { Azure } from '../../src/azure/azure';
import type { Look, Operation, OperationHandler, Polled } from '../../src/azure/operation';
import { follow, standstillMs, untilSettled } from '../../src/engine/follow';
import { NotInCharge } from '../../src/fence';
import { createFakeAzure } from '../support/fake-azure';
import { refusal } from '../support/refusal';
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

test('a poll that Azure wants an hour later is not waited for beyond the standstill, and not made earlier', async () => {
  let polls = 0;
  const { end, minutes } = await followed(() => {
    polls += 1;
    return { ...underWay(50), retryAfterMs: 90 * 60_000 };
  });
  expect(end).toMatchObject({
    problem: { code: 'NoProgress', what: expect.stringContaining('before 1970-01-01 01:30 UTC') },
  });
  expect([minutes, polls]).toEqual([60, 1]);
});

test('nobody is asked about what waits for a person anyway', async () => {
  const { end } = await followed((at) =>
    at < 600 ? { ...underWay(null), waitsForPerson: true } : { state: 'done', facts: {} },
  );
  expect(end).toMatchObject({ state: 'done' });
});

test('a process that was replaced while it asked says nothing of how it ended', async () => {
  const replaced = () => {
    throw new NotInCharge('Another process has taken over.');
  };
  await expect(followed(replaced)).rejects.toThrow(NotInCharge);
});

/** Waits for the end of what Azure shows like this after so many minutes; what stood in the way, and after how many minutes. */
async function settled(seenAfter: (minutes: number) => Look) {
  const { patience, minutes } = waitingClock();
  const handler = <O extends Operation>(): OperationHandler<O> => ({
    ...{ rest: () => '', target: () => 'shop' },
    look: async () => seenAfter(minutes()),
    begin: async () => ({ state: 'done', facts: {} }),
    poll: async () => ({ state: 'done', facts: {} }),
  });
  const azure: Azure = { ...createFakeAzure({ now: patience.now }), handler };
  const sent = { requestId: 'r', intendedAt: new Date(0), resumed: true };
  const problem = await untilSettled(azure, restart, sent, patience, standstillMs(20));
  return { problem, minutes: minutes() };
}

const working = (percent: number | null): Look => ({ state: 'under way', percent });

test.each<Look>([
  { state: 'done', facts: {} },
  { state: 'absent' },
  { state: 'blocked', problem: refusal('OperationFailed') },
])('what is to be taken back is waited for until Azure shows that it has ended: %j', async (end) => {
  const { problem, minutes } = await settled((at) => (at < 45 ? working(null) : end));
  expect(problem).toBeNull();
  expect(minutes).toBeGreaterThanOrEqual(45);
  expect(minutes).toBeLessThan(46);
});

test('what is to be taken back and gets no further is put before people; what goes on is waited for', async () => {
  const { problem, minutes } = await settled(() => working(50));
  expect(problem).toMatchObject({
    code: 'StillAtWork',
    what: expect.stringContaining(
      "Azure is still at work on shop, so this can't be taken back before it ends",
    ),
  });
  expect(minutes).toBeGreaterThanOrEqual(60);
  expect(minutes).toBeLessThan(62);

  const slow = await settled((at) => (at < 600 ? working(Math.floor(at / 10)) : { state: 'absent' }));
  expect(slow.problem).toBeNull();
});

test('nothing is taken back blindly: where Azure does not say whether it is still at work, people are asked', async () => {
  const { problem } = await settled(() => {
    throw refusal('AuthorizationFailed', { status: 403 });
  });
  expect(problem).toMatchObject({ code: 'AuthorizationFailed' });
});

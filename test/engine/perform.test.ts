import type { Azure } from '../../src/azure/azure';
import { AzureProblem, type Operation, type OperationHandler } from '../../src/azure/operation';
import { send } from '../../src/engine/perform';
import { createFakeAzure } from '../support/fake-azure';
import { waitingClock } from '../support/waiting-clock';

const server = { subscriptionId: 's', resourceGroup: 'g', server: 'sql' };
const rename: Operation = { op: 'sql.rename', server, from: 'shop', to: 'shop-old', databaseId: 'id-1' };
const restart: Operation = {
  op: 'app.restart',
  app: { subscriptionId: 's', resourceGroup: 'g', app: 'shop' },
};

const stumbles = {
  code: 'ServiceUnavailable',
  status: 503,
  unknownOutcome: true,
  retryAfterMs: null as number | null,
};
const asksFor = (seconds: number) => ({ ...stumbles, status: 429, retryAfterMs: seconds * 1_000 });
const overtakes = { code: 'PreconditionFailed', status: 412, unknownOutcome: false, retryAfterMs: null };

/** An Azure that has not done it, and always answers with this. */
function refusing(details: typeof stumbles): Azure {
  const handler = <O extends Operation>(): OperationHandler<O> => ({
    rest: () => '',
    target: () => '',
    look: async () => ({ state: 'absent' }),
    begin: async () => {
      throw new AzureProblem('Azure refuses.', {
        ...{ ...details, passing: true },
        correlationId: null,
      });
    },
    poll: async () => ({ state: 'under way', percent: null, retryAfterMs: null }),
  });
  return { ...createFakeAzure({ now: () => new Date() }), handler };
}

/** How many minutes pass, by a clock that only waiting moves, until a person is asked. */
async function minutesUntilAsked(change: Operation, details = stumbles): Promise<number> {
  const { patience, minutes } = waitingClock();
  const sent = { requestId: 'r', intendedAt: new Date(0), resumed: false };
  expect(await send(refusing(details), change, sent, patience)).toMatchObject({
    state: 'failed',
    problem: { code: details.code },
  });
  return minutes();
}

test('a rename that Azure keeps refusing is put before people within minutes: the app may have no database', async () => {
  expect(await minutesUntilAsked(rename)).toBeLessThan(3);
});

test('what leaves the app as it is may be waited for longer', async () => {
  const minutes = await minutesUntilAsked(restart);

  expect(minutes).toBeGreaterThan(14);
  expect(minutes).toBeLessThan(17);
});

test('what is said to have changed since it was read, again and again, is put before people soon', async () => {
  expect(await minutesUntilAsked(restart, overtakes)).toBeLessThan(1);
});

test('Azure is never asked earlier than it wants: what is longer than people wait for is put before them at once, with the time', async () => {
  const { patience, minutes } = waitingClock();
  const sent = { requestId: 'r', intendedAt: new Date(0), resumed: false };
  expect(await send(refusing(asksFor(3_600)), rename, sent, patience)).toMatchObject({
    state: 'failed',
    problem: {
      ...{ code: 'ServiceUnavailable', status: 429 },
      what: 'Azure refuses. Azure asks to wait until 1970-01-01 01:00 UTC; before that a retry is of no use.',
    },
  });
  expect(minutes()).toBe(0);
});

test('a wait that Azure asks for and that is short enough is kept to', async () => {
  expect(await minutesUntilAsked(restart, asksFor(240))).toBe(12);
});

test('somebody who stops the run does not wait for what Azure asks for', async () => {
  const { patience, minutes } = waitingClock();
  const sent = { requestId: 'r', intendedAt: new Date(0), resumed: false };
  const stopAsked = async () => minutes() >= 1;
  const end = await send(refusing(asksFor(600)), restart, sent, { ...patience, stopAsked });
  expect(end).toMatchObject({ state: 'failed', problem: { what: expect.stringContaining('was stopped') } });
  expect(minutes()).toBeLessThan(1.1);
});

test('before each sending it is asked whether it may still be sent; what may not is withdrawn, and nothing is sent', async () => {
  const { patience } = waitingClock();
  const sent = { requestId: 'r', intendedAt: new Date(0), resumed: false };
  const answers = [true, true, false];
  const mayBegin = async () => answers.shift() ?? false;
  expect(await send(refusing(stumbles), restart, sent, patience, mayBegin)).toEqual({ state: 'withdrawn' });
  expect(answers).toEqual([]);
});

test('what Azure would do twice is sent again only when the first request cannot arrive any more, and looked for until then', async () => {
  for (const [harmful, onItsWay] of [
    [true, false],
    [true, true],
    [false, false],
    [false, true],
  ] as const) {
    const { patience, minutes } = waitingClock();
    const [looks, begins]: [number[], number[]] = [[], []];
    const stumbling = refusing(stumbles);
    const handler = <O extends Operation>(operation: O): OperationHandler<O> => ({
      ...stumbling.handler(operation),
      harmfulLate: () => harmful,
      look: async () => {
        looks.push(minutes());
        return { state: 'absent' };
      },
      begin: async (change, sent) => {
        begins.push(minutes());
        if (begins.length > 1) return { state: 'done', facts: {} };
        return stumbling.handler(operation).begin(change, sent);
      },
    });
    const sent = { requestId: 'r', intendedAt: new Date(0), resumed: true, onItsWay };
    expect(await send({ ...stumbling, handler }, restart, sent, patience)).toMatchObject({ state: 'done' });
    const [first = -1, second = -1] = begins;
    // A process that went on where another one was killed does not know when that one sent it.
    expect(first >= 1).toBe(harmful && onItsWay);
    expect(second - first >= 1).toBe(harmful);
    expect(looks.length > 10).toBe(harmful);
  }
});

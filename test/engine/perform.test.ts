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

/** An Azure that has not done it and always answers 503. */
function stumbling(): Azure {
  const handler = <O extends Operation>(): OperationHandler<O> => ({
    rest: () => '',
    target: () => '',
    look: async () => ({ state: 'absent' }),
    begin: async () => {
      throw new AzureProblem('Azure is not available.', {
        ...{ code: 'ServiceUnavailable', status: 503, passing: true, unknownOutcome: true },
        ...{ retryAfterMs: null, correlationId: null },
      });
    },
    poll: async () => ({ state: 'under way', percent: null, retryAfterMs: null }),
  });
  return { ...createFakeAzure({ now: () => new Date() }), handler };
}

/** How many minutes pass, by a clock that only waiting moves, until a person is asked. */
async function minutesUntilAsked(change: Operation): Promise<number> {
  const { patience, minutes } = waitingClock();
  const sent = { requestId: 'r', intendedAt: new Date(0), resumed: false };
  expect(await send(stumbling(), change, sent, patience)).toMatchObject({
    state: 'failed',
    problem: { code: 'ServiceUnavailable' },
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

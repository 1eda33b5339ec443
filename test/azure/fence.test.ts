import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '../../src/azure/connect';
import { fenced, NotInCharge } from '../../src/fence';
import { demoSubscription } from '../../src/simulator/seed';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { pointAt } from '../support/azure-against';
import { type SlowWay, slowWay } from '../support/slow-way';

const group = `https://management.azure.com/subscriptions/${demoSubscription}/resourcegroups/rg-fence?api-version=2024-07-01`;

let simulator: Simulator;
let way: SlowWay;
beforeEach(async () => {
  simulator = await startSimulator();
  way = await slowWay(simulator.proxyUrl);
  pointAt({ ...simulator, environment: { ...simulator.environment, HTTPS_PROXY: way.url } });
});
afterEach(async () => {
  way.close();
  await simulator.close();
});

/** A change and a reading by the production client, which is signed in. */
async function signedIn() {
  const { arm, call } = connect({ now: () => new Date() });
  const words = { doing: 'Changing', resource: 'a group' };
  const ask = (method: 'GET' | 'PUT', body?: object) =>
    call(words, (signal) => arm(method, group, signal, { body }));
  await ask('GET').catch(() => undefined);
  await way.hangUp();
  return { change: () => ask('PUT', { location: 'westeurope' }) };
}

const changes = () => simulator.journal().filter(({ method }) => method === 'PUT');

/** A fence as a process has it that is told of its loss, or that only cannot tell any more. */
function aFence() {
  const lost = new AbortController();
  let passes = true;
  const fence = (): void => {
    if (!passes) throw new NotInCharge('Another process has taken over.');
  };
  return {
    told: Object.assign(fence, { lost: lost.signal }),
    untold: (): void => fence(),
    lose: () => {
      passes = false;
      lost.abort();
    },
  };
}

test('a change under a fence that holds is made, over a connection that takes its time', async () => {
  const { change } = await signedIn();
  const stands = way.hold();
  const changing = fenced(aFence().told, change);
  await stands;
  expect(changes()).toEqual([]);
  way.goOn();
  await changing;
  expect(changes()).toHaveLength(1);
});

test('a change whose right is lost while its connection is made never leaves', async () => {
  const { change } = await signedIn();
  const { untold, lose } = aFence();
  const stands = way.hold();
  const changing = fenced(untold, change);
  await stands;
  lose();
  way.goOn();
  await expect(changing).rejects.toThrow(NotInCharge);
  expect(changes()).toEqual([]);
});

test('a change that waits for its connection ends when the right is known to be lost', async () => {
  const { change } = await signedIn();
  const { told, lose } = aFence();
  const stands = way.hold();
  const changing = fenced(told, change);
  await stands;
  lose();
  await expect(changing).rejects.toThrow(NotInCharge);
  way.goOn();
  await pause(200);
  expect(changes()).toEqual([]);
});

import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '../../src/azure/connect';
import { demoSubscription } from '../../src/simulator/seed';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { pointAt } from '../support/azure-against';
import { type SlowWay, slowWay } from '../support/slow-way';

const groups = `https://management.azure.com/subscriptions/${demoSubscription}/resourcegroups?api-version=2024-07-01`;

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

async function signedIn() {
  const { arm, clients, call } = connect({ now: () => new Date() });
  const words = { doing: 'Reading', resource: 'the groups' };
  const raw = () => call(words, (signal) => arm('GET', groups, signal));
  const sdk = () =>
    call(words, async (abortSignal) => {
      for await (const site of clients(demoSubscription).web.webApps.list({ abortSignal })) return site;
      return null;
    });
  await raw();
  return { raw, sdk, since: way.made.length };
}

test('requests one after another, of whatever client, go through one tunnel of the proxy', async () => {
  const { raw, sdk, since } = await signedIn();
  for (let turn = 0; turn < 3; turn++) {
    await raw();
    expect(await sdk()).not.toBeNull();
  }
  expect(way.made.length - since).toBe(0);
});

test('a tunnel that nobody has used for a while is closed', async () => {
  const { since } = await signedIn();
  const tunnel = way.made[since - 1];
  expect(tunnel?.destroyed).toBe(false);
  await pause(6_500);
  expect(tunnel?.destroyed).toBe(true);
});

test('a tunnel that was closed meanwhile is replaced by a new one, and nobody notices', async () => {
  const { raw, since } = await signedIn();
  await way.hangUp();
  await raw();
  expect(way.made.length - since).toBe(1);
});

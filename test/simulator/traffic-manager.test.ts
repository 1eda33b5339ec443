import { TrafficManagerManagementClient } from '@azure/arm-trafficmanager';
import { demoSubscription } from '../../src/simulator/seed';
import { handClock, openAzure } from './azure';

const group = 'apprequest-dr';
const profile = 'apprequest-tm';
const name = 'https://apprequest-portal.trafficmanager.net';

async function openTraffic(options: Parameters<typeof openAzure>[0] = {}) {
  const azure = await openAzure({ seed: 'tier3', ...options });
  const traffic = new TrafficManagerManagementClient(azure.credential, demoSubscription, azure.common);
  const set = (endpoint: string, endpointStatus: 'Enabled' | 'Disabled') =>
    traffic.endpoints.update(group, profile, 'AzureEndpoints', endpoint, { endpointStatus });
  const answers = async () => {
    const { status, text } = await azure.send('GET', `${name}/health`);
    return [status, /"site":"([^"]+)"/.exec(text)?.[1]];
  };
  const monitor = async () =>
    Object.fromEntries(
      ((await traffic.profiles.get(group, profile)).endpoints ?? []).map((one) => [
        one.name,
        one.endpointMonitorStatus,
      ]),
    );
  return { ...azure, traffic, set, answers, monitor };
}

test('the first endpoint by priority that is well is answered with', async () => {
  const { answers, set } = await openTraffic();
  expect(await answers()).toEqual([200, 'apprequest-prod-demo01']);

  await set('primary', 'Disabled');

  expect(await answers()).toEqual([200, 'apprequest-dr-demo01']);
});

test('with every endpoint disabled there is nobody to answer', async () => {
  const { answers, monitor, set } = await openTraffic();
  await set('primary', 'Disabled');
  await set('secondary', 'Disabled');

  expect((await answers())[0]).toBe(404);
  expect(await monitor()).toEqual({ primary: 'Disabled', secondary: 'Disabled' });
});

test('a stopped app and a red one are not answered with, and all red counts as none red', async () => {
  const { answers, monitor, simulator, web } = await openTraffic();
  await web.webApps.stop('apprequest-prod', 'apprequest-prod-demo01');
  expect(await monitor()).toEqual({ primary: 'Stopped', secondary: 'Online' });
  expect(await answers()).toEqual([200, 'apprequest-dr-demo01']);
  await web.webApps.start('apprequest-prod', 'apprequest-prod-demo01');

  simulator.regionDown('eastus');

  // Both depend on a database in eastus.
  expect(await monitor()).toEqual({ primary: 'Degraded', secondary: 'Degraded' });
  expect((await answers())[0]).toBe(503);
});

test('an endpoint that was just enabled is being checked, and may be answered with meanwhile', async () => {
  const clock = handClock();
  const { answers, monitor, set } = await openTraffic({ speed: 1, now: clock.now });
  await set('primary', 'Disabled');
  await set('primary', 'Enabled');
  expect(await monitor()).toMatchObject({ primary: 'CheckingEndpoint' });
  expect(await answers()).toEqual([200, 'apprequest-prod-demo01']);

  clock.advance(31_000);

  expect(await monitor()).toMatchObject({ primary: 'Online' });
});

test('a profile that is put anew with endpoints has those and no others', async () => {
  const { traffic } = await openTraffic();
  const { endpoints = [], ...rest } = await traffic.profiles.get(group, profile);

  await traffic.profiles.createOrUpdate(group, profile, { ...rest, endpoints: endpoints.slice(0, 1) });

  expect((await traffic.profiles.get(group, profile)).endpoints).toHaveLength(1);
});

test('a profile cannot be changed while the region of its resource group is down', async () => {
  const { set, simulator } = await openTraffic();
  simulator.regionDown('westus2');

  await expect(set('primary', 'Disabled')).rejects.toMatchObject({ statusCode: 504 });
});

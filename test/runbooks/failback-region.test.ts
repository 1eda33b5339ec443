import { readConfig } from '../../src/config';
import type { Estate } from '../../src/engine/estate';
import { runbook } from '../../src/runbooks/failback-region';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';
import { byHand, failedOver, tier3, trafficName, zone } from '../support/tier3-estate';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ speed: 60_000 });
});
beforeEach(async () => {
  simulator.reset('tier3');
  await byHand(simulator, failedOver);
});
afterEach(() => simulator.clearFaults());
afterAll(() => simulator.close());

const demo = readConfig({ ESTATE_FILE: 'infra/estate.demo.yaml' }).estate;

function compile({ apps: [app] }: Estate) {
  if (!app) throw new Error('The demo estate has no app.');
  return runbook.compile(
    { app: app.name, reason: '' },
    {
      ...{ app, azure: azureAgainst(simulator), now: new Date(), past: () => null },
      ...{ run: 'inc1-1', begun: new Set<string>(), requestedAt: new Date() },
    },
  );
}
const denyRecord = () =>
  void simulator.addFault({ path: 'CNAME/apps$', status: 403, code: 'AuthorizationFailed', times: 99 });

test('nobody is taken back while the record that leads people could not be moved', async () => {
  await byHand(simulator, [
    {
      ...{ op: 'domain.point-record', zone, record: 'apps', from: trafficName },
      to: 'apprequest-dr-demo01.azurewebsites.net',
    },
  ]);
  denyRecord();

  expect(await compile(demo)).toMatchObject({
    refused: {
      code: 'DomainUnread',
      what: expect.stringMatching(
        /^apps\.contoso\.example could not be led back: its DNS record could not be read \(AuthorizationFailed\)\. westus2 goes on serving\./,
      ),
    },
  });
});

test('where Traffic Manager leads people the record need not be read, and the plan says that it was not', async () => {
  denyRecord();

  expect(await compile(tier3(demo))).toMatchObject({
    plan: {
      notices: expect.arrayContaining([
        'apps.contoso.example stays where it leads: its DNS record could not be read (AuthorizationFailed).',
      ]),
      recoveredAfter: 'recovered',
    },
  });
});

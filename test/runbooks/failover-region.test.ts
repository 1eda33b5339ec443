import { readConfig } from '../../src/config';
import { withGuards } from '../../src/engine/resource-gates';
import type { Plan } from '../../src/incidents/plan';
import { runbook } from '../../src/runbooks/failover-region';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';
import { production } from '../support/demo-estate';
import { clientsAgainst } from '../support/drifts/drift';
import { byHand, fallenOut, second, tier3, trafficName } from '../support/tier3-estate';

const dr = `${second.app.app}.azurewebsites.net`;

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ speed: 60_000 });
});
beforeEach(async () => {
  simulator.reset('tier3');
  await byHand(simulator, fallenOut);
  simulator.regionDown('eastus');
});
afterEach(() => simulator.clearFaults());
afterAll(() => simulator.close());

/** The plan for an app whose database is in no failover group any more, and which is rebuilt from its template. */
async function planned(run: { begun: readonly string[]; before?: Plan } = { begun: [] }) {
  const [app] = tier3(readConfig({ ESTATE_FILE: 'infra/estate.demo.yaml' }).estate).apps;
  if (!app) throw new Error('The demo estate has no app.');
  const made = await runbook.compile(
    { app: app.name, region: app.secondaryRegion, how: 'auto', reason: '' },
    {
      ...{ app, azure: azureAgainst(simulator, { deadlineMs: 1_500 }), now: new Date(), past: () => null },
      ...{ ...run, run: 'inc1-1', begun: new Set(run.begun), requestedAt: new Date() },
    },
  );
  if (!('plan' in made)) throw new Error(`There is no plan: ${JSON.stringify(made)}`);
  return made.plan;
}
const steps = ({ stages }: Awaited<ReturnType<typeof planned>>) =>
  stages.flatMap((stage) => (stage.kind === 'step' ? [stage.does] : []));

test('a rebuilt app takes people over from Traffic Manager once it is green', async () => {
  const plan = await planned();

  expect(steps(plan)).toContainEqual(
    expect.objectContaining({ op: 'traffic.set-endpoint', endpoint: 'primary', status: 'Disabled' }),
  );
  expect(plan.stages.find(({ name }) => name === 'close-traffic')?.after).toEqual(['healthy', 'references']);
  expect(plan.observed['Traffic Manager']).toEqual([
    'primary enabled, priority 1',
    'secondary enabled, priority 2',
  ]);
  expect(steps(plan).map(({ op }) => op)).not.toContain('domain.point-record');
});

test('the deployment says what it makes, so that a guard of it stands before the template as well', async () => {
  const plan = await planned();
  const guards = [{ resource: second.app.app, policy: 'swap' }];
  const guarded = withGuards(plan, { guards }, null).stages;
  expect(guarded.find(({ name }) => name === 'guard-swap')).toMatchObject({
    covers: expect.arrayContaining(['deploy', 'restart']),
  });
  expect(guarded.find(({ name }) => name === 'deploy')?.after).toContain('guard-swap');
});

test.each([
  ['geo-restore', 'gone', 'none'],
  ['deploy', 'there', expect.stringMatching(/^[0-9a-f-]{36}$/)],
])(
  'once %s has begun, a database there that somebody else has deleted is told as %s',
  async (stage, _words, database) => {
    const before = await planned();
    const { resourceGroup, server } = second.server;
    await clientsAgainst(simulator).sql.databases.beginDeleteAndWait(resourceGroup, server, production);
    const { observed } = await planned({ begun: [stage], before });
    expect(observed).toEqual({ ...before.observed, 'database there': database });
  },
);

test.each([
  ['is not there', { status: 404, code: 'ResourceNotFound' }, /is not there or has no endpoint/],
  ['is denied', { status: 403, code: 'AuthorizationFailed' }, /could not be read \(.*AuthorizationFailed/],
])(
  'where the profile %s, the DNS record is led to the app itself, and the plan says so',
  async (_what, answer, words) => {
    simulator.addFault({ path: 'trafficmanagerprofiles/', times: 99, ...answer });
    const plan = await planned();

    expect(steps(plan)).toContainEqual(
      expect.objectContaining({ op: 'domain.point-record', from: trafficName, to: dr }),
    );
    expect(plan.notices).toContainEqual(expect.stringMatching(words));
  },
);

import { look } from '../../../src/readiness/triage/probes/look';
import { triage } from '../../../src/readiness/triage/triage';
import { disasterList } from '../../../src/simulator/disasters';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator';
import { azureAgainst } from '../../support/azure-against';
import { app, saying } from './seen';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ speed: 60_000 });
});
afterEach(() => simulator.reset('tier2'));
afterAll(() => simulator.close());

/** What a triage comes to after each disaster that the control API can make happen, and what people say then. */
const cases: readonly (readonly [disaster: string, said: string, verdict: string])[] = [
  ['rows-deleted', 'data no', 'restore-database'],
  ['database-deleted', '', 'restore-database'],
  ['secret-deleted', '', 'recover-secret'],
  ['secret-deleted-app-down', '', 'recover-secret'],
  ['secret-purged', '', 'recover-secret'],
  ['vault-deleted', '', 'recover-vault'],
  ['password-expired', '', 'recover-secret'],
  ['storage-down', '', 'failover-storage'],
  ['region-down', '', 'failover-region'],
  ['bad-release', '', 'rollback-app'],
  ['app-stopped', '', 'by hand'],
  ['sign-in-out', '', 'by hand'],
  ['azure-silent', '', 'ask'],
];

test.each(cases)(
  'after %s a triage finds the right way',
  async (disaster, said, verdict) => {
    const answer = await fetch(`${simulator.controlUrl}/disasters/${disaster}`, { method: 'POST' });
    expect(answer.status).toBe(204);
    await new Promise((later) => setTimeout(later, 50));

    const findings = await look(app, {
      azure: azureAgainst(simulator, { deadlineMs: 5_000 }),
      now: () => new Date(),
      probeMs: 7_000,
    });

    const found = triage(findings, saying(said), app).verdict;
    expect(found.kind === 'recover' ? found.runbook : found.kind).toBe(verdict);
  },
  20_000,
);

test('with a replica in another region the same is found, and the replica is named', async () => {
  simulator.reset('tier3');
  const probing = { azure: azureAgainst(simulator, { deadlineMs: 5_000 }), now: () => new Date() };
  const well = await look(app, probing);
  expect(well.database.words).toMatch(
    /Replicated to sql-apprequest-dr-demo01: .* It is Primary in apprequest-fog\./,
  );

  await simulator.disaster('region-down');
  await new Promise((later) => setTimeout(later, 50));

  expect(triage(await look(app, probing), {}, app).verdict).toMatchObject({ runbook: 'failover-region' });
}, 20_000);

test('every disaster has its case, and is told by the control API in a sentence', async () => {
  const told = (await (await fetch(`${simulator.controlUrl}/disasters`)).json()) as typeof disasterList;

  expect(told).toEqual(disasterList);
  expect(cases.map(([name]) => name)).toEqual(disasterList.map(({ name }) => name));
});

test('a disaster that there is not is refused with those that there are', async () => {
  const answer = await fetch(`${simulator.controlUrl}/disasters/flood`, { method: 'POST' });

  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain('There is: rows-deleted, database-deleted');
});

test('who brought a disaster about at the portal stands in the activity log', async () => {
  await simulator.disaster('app-stopped');

  const [change] = await azureAgainst(simulator).insights.changes(app, new Date(Date.now() - 60_000));

  expect(change).toMatchObject({ kind: 'stop', by: 'anna@contoso.onmicrosoft.com' });
});

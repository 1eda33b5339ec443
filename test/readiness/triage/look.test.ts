import { WebSiteManagementClient } from '@azure/arm-appservice';
import { SqlManagementClient } from '@azure/arm-sql';
import { DefaultAzureCredential } from '@azure/identity';
import type { Findings } from '../../../src/readiness/triage/finding';
import { look } from '../../../src/readiness/triage/probes/look';
import { triage } from '../../../src/readiness/triage/triage';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator';
import { azureAgainst, pointAt } from '../../support/azure-against';
import { beginAndWait } from '../../support/begin-and-wait';
import { app, saying } from './seen';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ speed: 6_000 });
});
afterEach(() => {
  simulator.reset();
  simulator.clearFaults();
  simulator.setLatency(0);
});
afterAll(() => simulator.close());

const seen = (probeMs?: number): Promise<Findings> =>
  look(app, {
    azure: azureAgainst(simulator, { deadlineMs: 3_000 }),
    now: () => new Date(),
    ...(probeMs === undefined ? {} : { probeMs }),
  });

/** The states of all findings, in short. */
const states = (findings: Findings): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(findings).map(([probe, { state }]) => [probe, state]));

/** The runbook, or the kind of verdict and its title. */
function verdictOn(findings: Findings, said = ''): string {
  const { verdict } = triage(findings, saying(said), app);
  return verdict.kind === 'recover' ? verdict.runbook : `${verdict.kind}: ${verdict.title}`;
}

const { subscriptionId, resourceGroup } = app.webApp;
const vault = app.vault.vault;

async function stopApp(): Promise<void> {
  pointAt(simulator);
  await new WebSiteManagementClient(new DefaultAzureCredential(), subscriptionId).webApps.stop(
    resourceGroup,
    app.webApp.app,
  );
}

/** Any change of the settings makes App Service read its references anew and start the app again; a restart does not. */
async function touchSettings(): Promise<void> {
  pointAt(simulator);
  const { webApps } = new WebSiteManagementClient(new DefaultAzureCredential(), subscriptionId);
  const { properties = {} } = await webApps.listApplicationSettings(resourceGroup, app.webApp.app);
  await webApps.updateApplicationSettings(resourceGroup, app.webApp.app, {
    properties: { ...properties, TOUCHED: 'yes' },
  });
  await new Promise((later) => setTimeout(later, 60));
}

async function dropDatabase(): Promise<void> {
  pointAt(simulator);
  const sql = new SqlManagementClient(new DefaultAzureCredential(), subscriptionId);
  await sql.databases.beginDeleteAndWait(resourceGroup, app.sqlServer.server, app.database, {
    updateIntervalInMs: 10,
  });
}

test('a healthy app is seen as one, with its version and its times', async () => {
  const findings = await seen();

  expect(states(findings)).toEqual({
    ...{ azure: 'answers', app: 'green', signIn: 'answers', secrets: 'fine', database: 'online' },
    ...{ storage: 'reachable', region: 'read', changes: 'read' },
  });
  expect(findings.app.version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(findings.app.before).toMatch(/^\d+\.\d+\.\d+$/);
  expect(findings.signIn.password).toBe('valid');
  for (const { at, words } of Object.values(findings)) {
    expect(at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(words).toMatch(/^[A-Z0-9].*\.$/);
  }
  expect(verdictOn(findings)).toBe('ask: The app works as far as the bot can see');
  expect(verdictOn(findings, 'data yes')).toBe('none: No recovery is needed');
});

test('a stopped app is known as stopped, and by whom', async () => {
  await stopApp();

  const findings = await seen();

  expect(states(findings)).toMatchObject({ app: 'stopped', secrets: 'fine', database: 'online' });
  expect(triage(findings, {}, app).verdict).toMatchObject({
    kind: 'by hand',
    title: `Start ${app.webApp.app} again`,
  });
  expect(triage(findings, {}, app).verdict.words).toMatch(/It is stopped \(.+, \d\d:\d\dZ\)/);
});

test('a deleted secret is found in the vault before the app falls over it', async () => {
  simulator.vaults.deleteSecret(vault, 'AzureAdClientSecret');

  const findings = await seen();

  expect(findings.app.state).toBe('green');
  expect(findings.secrets).toMatchObject({
    state: 'secret-lost',
    lost: { name: 'AzureAdClientSecret', how: 'deleted' },
  });
  expect(findings.secrets.words).toMatch(/was deleted on .*Z\. It can be recovered until .*Z\.$/);
  expect(verdictOn(findings)).toBe('recover-secret');
});

test('a deleted secret is found behind an app that fails for it', async () => {
  simulator.vaults.deleteSecret(vault, 'SqlConnectionString');
  await touchSettings();

  const findings = await seen();

  expect(findings.app.state).toBe('unhealthy');
  expect(triage(findings, {}, app).verdict).toMatchObject({
    ...{ kind: 'recover', runbook: 'recover-secret', known: { secret: 'SqlConnectionString' } },
  });
});

test('a secret that is there again, while its reference has not seen it, is taken up', async () => {
  simulator.vaults.deleteSecret(vault, 'SqlConnectionString');
  await touchSettings();
  const { vault: ref } = app;
  const recover = { op: 'vault.recover-secret', vault: ref, secret: 'SqlConnectionString' } as const;
  await beginAndWait(azureAgainst(simulator), recover, 'by-hand');

  const { secrets } = await seen();

  expect(secrets).toMatchObject({
    ...{ state: 'secret-lost', lost: { name: 'SqlConnectionString', how: 'unused' } },
  });
});

test('a secret that App Service does not find is known even where the bot may not list the vault', async () => {
  simulator.vaults.deleteSecret(vault, 'SqlConnectionString');
  await touchSettings();
  simulator.addFault({ path: 'vault.azure.net/', status: 403, code: 'Forbidden', times: 99 });

  const { secrets } = await seen();

  expect(secrets).toMatchObject({ state: 'secret-lost', lost: { name: 'SqlConnectionString' } });
  expect(secrets.words).toContain('may not list the vault');
});

test('a secret that is not there is not called gone for good while the deleted ones cannot be listed', async () => {
  simulator.vaults.deleteSecret(vault, 'AzureAdClientSecret');
  simulator.addFault({ path: '/deletedsecrets', status: 403, code: 'Forbidden', times: 99 });

  const { secrets } = await seen();

  expect(secrets).toMatchObject({ lost: { name: 'AzureAdClientSecret', how: 'unseen' } });
  expect(secrets.words).toMatch(/whether it is among the deleted ones is not known/);
});

test('an app, a sign-in or a storage account that stumbles once is not called broken', async () => {
  for (const path of ['azurewebsites.net/health', 'openid-configuration', 'queue.core.windows.net'])
    simulator.addFault({ path, status: 503 });

  const findings = await seen();

  expect(findings).toMatchObject({
    ...{ app: { state: 'green' }, signIn: { state: 'answers' }, storage: { state: 'reachable' } },
  });
});

test('an app that turns the bot away is not called broken', async () => {
  simulator.addFault({ path: 'azurewebsites.net/health', status: 403, times: 99 });

  const findings = await seen();

  expect(findings.app).toMatchObject({ state: 'refused', words: expect.stringContaining('HTTP 403') });
  expect(verdictOn(findings)).toMatch(/^ask: The app turns the bot away/);
});

test('a purged secret is known as gone for good', async () => {
  simulator.vaults.deleteSecret(vault, 'AzureAdClientSecret');
  simulator.vaults.purgeSecret(vault, 'AzureAdClientSecret');

  expect((await seen()).secrets).toMatchObject({ state: 'secret-lost', lost: { how: 'gone' } });
});

test('a deleted vault is known as deleted, with the day until which it can be recovered', async () => {
  simulator.vaults.deleteVault(vault);

  const findings = await seen();

  expect(findings.secrets).toMatchObject({
    state: 'vault-deleted',
    words: expect.stringMatching(/recovered until/),
  });
  expect(verdictOn(findings)).toBe('recover-vault');
});

test('a deleted database is found among the deleted ones', async () => {
  await dropDatabase();

  const findings = await seen();

  expect(findings.database).toMatchObject({
    state: 'dropped',
    words: expect.stringMatching(/was deleted on/),
  });
  expect(verdictOn(findings)).toBe('restore-database');
});

test('a storage account whose service is down is failed over', async () => {
  simulator.storage.down(app.storage.account);

  const findings = await seen();

  expect(findings.storage).toMatchObject({ state: 'unreachable', geoRedundant: true });
  expect(findings.app).toMatchObject({ state: 'unhealthy', fails: ['storage'] });
  expect(verdictOn(findings)).toBe('failover-storage');
});

test('a region that is down is failed over once Azure says so', async () => {
  simulator.regionDown('eastus');
  await new Promise((later) => setTimeout(later, 50));

  const findings = await seen();

  expect(states(findings)).toMatchObject({ azure: 'answers', signIn: 'answers', storage: 'unreachable' });
  expect(verdictOn(findings)).toBe('failover-region');
});

test('a region of which Azure says nothing yet makes the bot ask a person', async () => {
  simulator.setSpeed(1);
  simulator.regionDown('eastus');

  const findings = await seen();

  expect(verdictOn(findings)).toBe('ask: It looks as if eastus is down');
  expect(verdictOn(findings, 'reach no')).toBe('failover-region');
});

test('a bad release is rolled back to the version before', async () => {
  const { version } = (await seen()).app;
  simulator.deploy(app.webApp.app, '1.34.1');
  await new Promise((later) => setTimeout(later, 60));

  const findings = await seen();

  expect(['failing', 'silent', 'unhealthy']).toContain(findings.app.state);
  expect(findings.app.before).toBe(version);
  expect(triage(findings, {}, app).verdict).toMatchObject({ runbook: 'rollback-app', known: { version } });
});

test('an outage of sign-in is known for one', async () => {
  simulator.addFault({ path: 'openid-configuration', status: 503, times: 99 });

  const findings = await seen();

  expect(findings.signIn.state).toBe('failing');
  expect(verdictOn(findings)).toBe("by hand: Wait for Microsoft's sign-in: nothing of the app's is broken");
});

test('Azure that hangs costs no more than the deadline, and is not taken for a failed region', async () => {
  simulator.setLatency(60_000);
  const begun = Date.now();

  const findings = await seen(1_000);

  expect(Date.now() - begun).toBeLessThan(1_500);
  expect(states(findings)).toMatchObject({
    ...{ azure: 'silent', app: 'green', database: 'unknown', region: 'unknown', changes: 'unknown' },
  });
  expect(findings.database.words).toBe('Azure SQL, asked for AppRequestPortal, did not answer in time.');
  expect(verdictOn(findings)).toBe('ask: The app works as far as the bot can see');
});

test('nothing at all that answers is first of all a doubt about the own connection', async () => {
  simulator.addFault({ path: '.', reset: true, times: 10_000 });

  const findings = await seen(1_500);

  expect(states(findings)).toMatchObject({ azure: 'silent', app: 'silent', signIn: 'silent' });
  expect(verdictOn(findings)).toBe("gather: The bot's own connection may be the cause");
});

test('what the bot may not read is said to be unknown, and is no failure', async () => {
  simulator.addFault({ path: 'Microsoft.KeyVault', status: 403, code: 'AuthorizationFailed', times: 99 });
  simulator.addFault({ path: 'availabilityStatuses', status: 403, code: 'AuthorizationFailed', times: 99 });

  const findings = await seen();

  expect(findings.secrets).toMatchObject({ state: 'unknown', because: 'refused' });
  expect(findings.region).toMatchObject({
    state: 'unknown',
    because: 'refused',
    words: expect.stringContaining('403'),
  });
});

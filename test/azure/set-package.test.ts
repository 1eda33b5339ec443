import { WebSiteManagementClient } from '@azure/arm-appservice';
import { DefaultAzureCredential } from '@azure/identity';
import type { Azure } from '../../src/azure/azure';
import type { OperationOf } from '../../src/azure/operation';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';
import { beginAndWait, sent } from '../support/begin-and-wait';
import { app, healthUrl } from '../support/demo-estate';
import { lock } from '../support/lock';
import { problemOf } from '../support/problem-of';

const folder = 'https://bi.powerstacks.com/appstoreforintune/bin/latest';
const running = `${folder}/AppRequestPortal-1.34.0.zip`;
const earlier = `${folder}/AppRequestPortal-1.33.0.zip`;
const back: OperationOf<'web.set-package'> = { op: 'web.set-package', app, from: running, to: earlier };

let simulator: Simulator;
let azure: Azure;
beforeAll(async () => {
  simulator = await startSimulator({ speed: 1e6 });
  azure = azureAgainst(simulator);
});
afterAll(() => simulator.close());
beforeEach(() => simulator.reset());

/** The settings as the portal shows them, secrets in clear. */
const client = () => new WebSiteManagementClient(new DefaultAzureCredential(), app.subscriptionId).webApps;
const settingsByHand = async () =>
  (await client().listApplicationSettings(app.resourceGroup, app.app)).properties ?? {};
const putByHand = (properties: Record<string, string>) =>
  client().updateApplicationSettings(app.resourceGroup, app.app, { properties });
const writes = () =>
  simulator.journal().filter(({ method, url }) => method === 'PUT' && /appsettings/.test(url));

test('the naive write loses every other setting; ours changes the package, keeps the rest to the letter, and proves it', async () => {
  const before = await settingsByHand();
  await putByHand({ WEBSITE_RUN_FROM_PACKAGE: earlier });
  expect(Object.keys(await settingsByHand())).toEqual(['WEBSITE_RUN_FROM_PACKAGE']);
  expect((await azure.health(healthUrl)).green).toBe(false);

  simulator.reset();
  const seal = (await azure.web.settings(app))?.others;
  const facts = await beginAndWait(azure, back);
  expect(await settingsByHand()).toEqual({ ...before, WEBSITE_RUN_FROM_PACKAGE: earlier });
  expect(facts).toEqual({
    package: 'AppRequestPortal-1.33.0.zip',
    otherSettings: Object.keys(before).length - 1,
    others: seal,
  });
  const check = { check: 'web.settings-are', app, package: earlier, others: seal ?? '', count: 3 } as const;
  const { findings } = await azure.read(check);
  expect(findings.map(({ ok }) => ok)).toEqual([true, true]);
});

test('what may be known of settings is names, the package and a seal; no value of another setting', async () => {
  const values = await settingsByHand();
  const known = await azure.web.settings(app);
  expect(known).toMatchObject({
    package: running,
    packageIsKeyed: false,
    names: Object.keys(values).sort(),
    sticky: ['ASPNETCORE_ENVIRONMENT'],
    others: expect.stringMatching(/^[0-9a-f]{24}$/),
  });
  const others = Object.entries(values).filter(([name]) => name !== 'WEBSITE_RUN_FROM_PACKAGE');
  for (const [, value] of others) expect(JSON.stringify(known)).not.toContain(value);
});

test('the seal tells any change of another setting or of the slot settings, and none of the package', async () => {
  const seal = async () => (await azure.web.settings(app))?.others;
  const first = await seal();
  await beginAndWait(azure, back);
  expect(await seal()).toBe(first);
  await putByHand({ ...(await settingsByHand()), ASPNETCORE_ENVIRONMENT: 'Staging' });
  expect(await seal()).not.toBe(first);
});

test('a package address that carries a key is shown without it', async () => {
  await putByHand({
    ...(await settingsByHand()),
    WEBSITE_RUN_FROM_PACKAGE: `${running}?sv=2024&sig=c2VjcmV0`,
  });
  expect(await azure.web.settings(app)).toMatchObject({ package: running, packageIsKeyed: true });
});

test('a resumed run finds that it was done and does not write again', async () => {
  await beginAndWait(azure, back);
  const handler = azure.handler(back);
  expect(await handler.look(back, sent('again', { resumed: true }))).toMatchObject({ state: 'done' });
  expect(await handler.poll(back, 'look')).toMatchObject({ state: 'done' });
  expect(writes()).toHaveLength(1);
});

test('taking it back leads to where it was, also when another setting was changed in between', async () => {
  await beginAndWait(azure, back);
  await putByHand({ ...(await settingsByHand()), ASPNETCORE_ENVIRONMENT: 'Staging' });
  await beginAndWait(azure, { ...back, from: earlier, to: running });
  expect(await settingsByHand()).toMatchObject({
    WEBSITE_RUN_FROM_PACKAGE: running,
    ASPNETCORE_ENVIRONMENT: 'Staging',
  });
});

test.each([
  [
    'somebody has deployed meanwhile',
    { WEBSITE_RUN_FROM_PACKAGE: `${folder}/AppRequestPortal-1.35.0.zip` },
    'PackageChanged',
  ],
  ['the app runs a local archive', { WEBSITE_RUN_FROM_PACKAGE: '1' }, 'NoRemotePackage'],
  ['there is no such setting', { OTHER: 'x' }, 'NoRemotePackage'],
  ['the list is empty', {}, 'SettingsUnread'],
])('nothing is written when %s', async (_words, settings, code) => {
  await putByHand(settings);
  const before = writes().length;
  const looked = await azure.handler(back).look(back, sent('look'));
  expect(looked).toMatchObject({ state: 'blocked', problem: { details: { code, unknownOutcome: false } } });
  const problem = await problemOf(azure.handler(back).begin(back, sent('begin')));
  expect(problem).toMatchObject({ details: { code } });
  expect(problem.message).toMatch(/nothing was written/i);
  expect(writes()).toHaveLength(before);
});

test('settings that move between two readings are not written over', async () => {
  let listed = 0;
  const stop = simulator.onRequest(({ url }) => {
    // Another setting changes right after the first reading of the list.
    if (/appsettings\/list/.test(url) && ++listed === 1) simulator.deploy(app.app, '1.33.0');
  });
  const changing = { ...back, from: `${folder}/AppRequestPortal-1.33.0.zip`, to: running };
  const problem = await problemOf(azure.handler(changing).begin(changing, sent('begin')));
  stop();
  expect(problem.details).toMatchObject({ code: 'SettingsChanging', passing: true, unknownOutcome: false });
  await beginAndWait(azure, changing);
  expect((await azure.web.settings(app))?.package).toBe(running);
});

test('a setting that is lost while the package is written is told by name, never by value', async () => {
  simulator.addFault({ method: 'PUT', path: 'config/appsettings', delayMs: 500 });
  let other: Promise<unknown> | undefined;
  const stop = simulator.onRequest(({ method, url }) => {
    // Somebody else writes before our own write is answered, and less.
    if (method === 'PUT' && /appsettings/.test(url))
      other ??= putByHand({ WEBSITE_RUN_FROM_PACKAGE: earlier });
  });
  const problem = await problemOf(azure.handler(back).begin(back, sent('begin')));
  stop();
  await other;
  expect(problem.details.code).toBe('SettingsDiffer');
  expect(problem.message).toContain('AzureAd__ClientSecret is not as it was');
  expect(problem.message).not.toContain('SecretUri');
});

test.each([
  ['forbidden', 403, 'AuthorizationFailed', false],
  ['throttled', 429, 'TooManyRequests', true],
])('a list that is %s is a refusal, and nothing is open', async (_words, status, code, passing) => {
  simulator.addFault({ method: 'POST', path: 'appsettings/list', status, code, times: 9 });
  const problem = await problemOf(azure.handler(back).look(back, sent('look')));
  simulator.clearFaults();
  expect(problem.details).toMatchObject({ code, passing, unknownOutcome: false });
});

test('a locked app is refused with Azure’s own code', async () => {
  const id = `/subscriptions/${app.subscriptionId}/resourceGroups/${app.resourceGroup}/providers/Microsoft.Web/sites/${app.app}`;
  await lock(id, 'frozen', 'ReadOnly');
  const problem = await problemOf(azure.handler(back).begin(back, sent('begin')));
  expect(problem.details.code).toBe('ScopeLocked');
});

test('an answer that is lost leaves the outcome open, and the next look settles it', async () => {
  simulator.addFault({ method: 'PUT', path: 'config/appsettings', reset: true, when: 'after', times: 1 });
  const problem = await problemOf(azure.handler(back).begin(back, sent('begin')));
  expect(problem.details.unknownOutcome).toBe(true);
  expect(await azure.handler(back).look(back, sent('begin', { resumed: true }))).toMatchObject({
    state: 'done',
  });
  expect(writes()).toHaveLength(1);
});

test('deployments are found in the activity log, newest first, with who made them', async () => {
  const since = new Date(Date.now() - 3_600_000);
  expect(await azure.web.settingsChanges(app, since)).toEqual([]);
  simulator.deploy(app.app, '1.33.0', 30);
  simulator.deploy(app.app, '1.35.0', 20);
  await beginAndWait(azure, { ...back, from: `${folder}/AppRequestPortal-1.35.0.zip` });
  const changes = await azure.web.settingsChanges(app, since);
  const minutes = changes.map(({ at }) => Math.round((Date.now() - at.getTime()) / 60_000));
  expect(minutes).toEqual([0, 20, 30]);
  expect(changes[1]?.by).toBe('release-pipeline@contoso.onmicrosoft.com');
});

test('the app tells its version and the schema of its database', async () => {
  expect(await azure.web.report(healthUrl)).toMatchObject({ green: true, version: '1.34.0', schema: 42 });
  const read = (version: string) => azure.read({ check: 'web.version-is', url: healthUrl, version });
  expect((await read('1.34.0')).findings).toEqual([expect.objectContaining({ found: '1.34.0', ok: true })]);
  expect((await read('1.33.0')).findings).toEqual([expect.objectContaining({ found: '1.34.0', ok: false })]);
  const nowhere = await azure.read({
    ...{ check: 'web.version-is', version: '1.34.0' },
    url: 'https://nobody.azurewebsites.net/health',
  });
  expect(nowhere.findings).toEqual([
    expect.objectContaining({ found: expect.stringMatching(/^not told \(HTTP 404/), ok: false }),
  ]);
});

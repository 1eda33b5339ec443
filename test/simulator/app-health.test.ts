import {
  app,
  group,
  handClock,
  minutesAgo,
  openAzure,
  portal,
  restoreBody,
  server,
  serverPath,
  sitePath,
} from './azure';

type Check = {
  readonly name: string;
  readonly status: string;
  readonly data?: { readonly requests?: number };
};
const checksOf = (answer: { readonly json: unknown }) => (answer.json as { checks: readonly Check[] }).checks;
const failing = (answer: { readonly json: unknown }) =>
  checksOf(answer)
    .filter(({ status }) => status !== 'Healthy')
    .map(({ name }) => name);

test('the app is healthy at first, and shows what it has left after the deletion', async () => {
  const { health } = await openAzure();
  const answer = await health();
  expect(answer.status).toBe(200);
  expect(answer.json).toMatchObject({ status: 'Healthy', version: '1.34.0' });
  expect(checksOf(answer).find(({ name }) => name === 'database')?.data?.requests).toBe(1_073);
});

test('after a swap the app stays red until it is restarted, and then shows the restored rows', async () => {
  const clock = handClock();
  const { arm, health, web } = await openAzure({ speed: 60, now: clock.now });
  await arm('PUT', `${serverPath}/databases/R`, { body: restoreBody(minutesAgo(40)) });
  clock.advance(20_000);
  await arm('POST', `${portal}/move`, { body: { id: `${portal}-Old` } });
  const gap = await health();
  expect([gap.status, failing(gap)]).toEqual([503, ['database']]);
  await arm('POST', `${serverPath}/databases/R/move`, { body: { id: portal } });
  const swapped = await health();
  expect([swapped.status, failing(swapped)]).toEqual([503, ['database']]);
  await web.webApps.restart(group, app);
  expect((await health()).status).toBe(503);
  expect((await health()).json).toBeUndefined();
  clock.advance(1_500);
  const restarted = await health();
  expect(restarted.status).toBe(200);
  expect(checksOf(restarted).find(({ name }) => name === 'database')?.data?.requests).toBe(1_284);
});

test('an app restarted in the gap between two renames finds its database when it is there', async () => {
  const { arm, health, web } = await openAzure();
  await arm('POST', `${portal}/move`, { body: { id: `${portal}-Old` } });
  await web.webApps.restart(group, app);
  expect((await health()).status).toBe(503);
  await arm('POST', `${portal}-Old/move`, { body: { id: portal } });
  expect((await health()).status).toBe(200);
});

test('a stopped app answers 403 until it is started', async () => {
  const { health, web } = await openAzure();
  await web.webApps.stop(group, app);
  expect((await health()).status).toBe(403);
  expect((await web.webApps.get(group, app)).state).toBe('Stopped');
  await web.webApps.start(group, app);
  expect((await health()).status).toBe(200);
});

test('a synchronous restart answers when the app is up', async () => {
  const { health, web } = await openAzure({ speed: 300 });
  const started = Date.now();
  await web.webApps.restart(group, app, { synchronous: true });
  expect(Date.now() - started).toBeGreaterThanOrEqual(295);
  expect((await health()).status).toBe(200);
});

test('a soft restart of an app whose configuration is unchanged does nothing', async () => {
  const { health, web } = await openAzure({ speed: 1 });
  await web.webApps.restart(group, app, { softRestart: true });
  expect((await health()).status).toBe(200);
});

test('settings are replaced whole: a write that forgets the connection string takes the app down', async () => {
  const { health, web } = await openAzure();
  await web.webApps.updateApplicationSettings(group, app, {
    properties: {
      WEBSITE_RUN_FROM_PACKAGE:
        'https://bi.powerstacks.com/appstoreforintune/bin/latest/AppRequestPortal-1.33.0.zip',
    },
  });
  const answer = await health();
  expect(answer.json).toMatchObject({ version: '1.33.0' });
  expect(failing(answer)).toEqual(['sign-in', 'database', 'storage']);
});

test('a setting that is not text is refused', async () => {
  const { arm } = await openAzure();
  const answer = await arm('PUT', `${sitePath}/config/appsettings`, {
    version: '2023-12-01',
    body: { properties: { Port: 80 } },
  });
  expect(answer.status).toBe(400);
});

test.each([
  [
    '@Microsoft.KeyVault(SecretUri=https://kv-appreq-demo01.vault.azure.net/secrets/AzureAdClientSecret/)',
    'Resolved',
  ],
  ['@Microsoft.KeyVault(VaultName=kv-appreq-demo01;SecretName=AzureAdClientSecret)', 'Resolved'],
  ['@Microsoft.KeyVault(SecretUri=https://kv-appreq-demo01.vault.azure.net/secrets/Gone/)', 'SecretNotFound'],
  [
    '@Microsoft.KeyVault(SecretUri=https://kv-appreq-demo01.vault.azure.net/secrets/AzureAdClientSecret/00ff)',
    'SecretVersionNotFound',
  ],
  [
    '@Microsoft.KeyVault(SecretUri=https://kv-nowhere.vault.azure.net/secrets/AzureAdClientSecret/)',
    'VaultNotFound',
  ],
  ['@Microsoft.KeyVault(whatever)', 'InvalidSyntax'],
])('the reference %s is %s', async (reference, status) => {
  const { health, web } = await openAzure();
  const { properties } = await web.webApps.listApplicationSettings(group, app);
  await web.webApps.updateApplicationSettings(group, app, {
    properties: { ...properties, AzureAd__ClientSecret: reference },
  });
  const found = await web.webApps.getAppSettingKeyVaultReference(group, app, 'AzureAd__ClientSecret');
  expect(found.status).toBe(status);
  expect(failing(await health())).toEqual(status === 'Resolved' ? [] : ['secrets', 'sign-in']);
});

test('references are fetched again by a refresh, not by a restart', async () => {
  const { arm, web, simulator } = await openAzure();
  const references = `${sitePath}/config/configreferences/appsettings`;
  const refresh = async () => await arm('POST', `${references}/refresh`, { version: '2022-03-01' });
  const state = async () =>
    (await web.webApps.getAppSettingKeyVaultReference(group, app, 'StorageConnectionString')).status;
  simulator.regionDown('eastus');
  expect((await refresh()).status).toBe(504);
  simulator.regionUp('eastus');
  expect((await refresh()).text).toContain('"Resolved"');
  await web.webApps.restart(group, app);
  expect(await state()).toBe('Resolved');
});

test('when its region is down the app gives no answer of its own, and neither do the providers there', async () => {
  const { arm, health, control } = await openAzure();
  expect((await control('POST', '/regions/eastus/down')).status).toBe(204);
  const answer = await health();
  expect([answer.status, answer.json]).toEqual([503, undefined]);
  expect((await arm('GET', portal)).status).toBe(504);
  expect((await arm('POST', `${sitePath}/restart`, { version: '2023-12-01' })).status).toBe(504);
  expect((await arm('GET', `${serverPath}/recoverableDatabases`)).status).toBe(200);
  await control('POST', '/regions/eastus/up');
  expect((await health()).status).toBe(200);
});

test('operations wait while their region is down, and end when it is up again', async () => {
  const clock = handClock();
  const { arm, simulator, sql } = await openAzure({ speed: 1, now: clock.now });
  await arm('PUT', `${serverPath}/databases/R`, { body: restoreBody(minutesAgo(40)) });
  simulator.regionDown('eastus');
  clock.advance(30 * 60_000);
  expect(simulator.estate()['operations']).toMatchObject([{ state: 'InProgress' }]);
  simulator.regionUp('eastus');
  expect((await sql.databases.get(group, server, 'R')).status).toBe('Online');
});

test('the front page shows how many requests there are', async () => {
  const { send } = await openAzure();
  expect((await send('GET', `https://${app}.azurewebsites.net/`)).text).toContain('1073 requests');
  expect((await send('GET', `https://${app}.azurewebsites.net/nothing`)).status).toBe(404);
  expect((await send('GET', 'https://no-such-app.azurewebsites.net/health')).status).toBe(404);
});

import { app, codeOf, openAzure, sitePath } from './azure';

const folder = 'https://bi.powerstacks.com/appstoreforintune/bin';
const webVersion = '2023-12-01';

type Azure = Awaited<ReturnType<typeof openAzure>>;

const settingsOf = async ({ arm }: Azure): Promise<Record<string, string>> => {
  const { json } = await arm('POST', `${sitePath}/config/appsettings/list`, { version: webVersion });
  return (json as { properties: Record<string, string> }).properties;
};

const put = ({ arm }: Azure, properties: Record<string, string>) =>
  arm('PUT', `${sitePath}/config/appsettings`, { version: webVersion, body: { properties } });

const healthOf = async ({ health }: Azure) => {
  // The app starts within the millisecond here, but not before it has passed.
  await new Promise((later) => setTimeout(later, 5));
  const { status, json } = await health();
  return {
    ...(json as { version?: string; schema?: number; checks?: { name: string; status: string }[] }),
    status,
  };
};

test('each channel has a directory index as web servers write it, and its releases can be fetched', async () => {
  const { send } = await openAzure();
  const index = await send('GET', `${folder}/latest/`);
  expect(index).toMatchObject({
    status: 200,
    headers: { 'content-type': expect.stringContaining('text/html') },
  });
  expect(index.text).toContain('<a href="AppRequestPortal-1.33.0.zip">');
  expect(index.text).not.toContain('1.36.0');
  expect((await send('GET', `${folder}/preview/`)).text).toContain('AppRequestPortal-1.36.0.zip');

  const [head, file] = await Promise.all([
    send('HEAD', `${folder}/latest/AppRequestPortal-1.33.0.zip`),
    send('GET', `${folder}/latest/AppRequestPortal-1.33.0.zip`),
  ]);
  expect(head).toMatchObject({
    status: 200,
    text: '',
    headers: { 'content-type': 'application/zip', 'x-ms-meta-schema': '42' },
  });
  expect(head.headers['content-length']).toBe(String(Buffer.byteLength(file.text)));
  expect(file.text).toMatch(/^PK/);
});

test('a withdrawn release is still in the index, and its file is gone; a release is in its own channel only', async () => {
  const { send } = await openAzure();
  expect((await send('GET', `${folder}/latest/`)).text).toContain('AppRequestPortal-1.32.1.zip');
  expect((await send('HEAD', `${folder}/latest/AppRequestPortal-1.32.1.zip`)).status).toBe(404);
  expect((await send('HEAD', `${folder}/latest/AppRequestPortal-1.36.0.zip`)).status).toBe(404);
  expect((await send('PUT', `${folder}/latest/AppRequestPortal-9.9.9.zip`, 'x')).status).toBe(405);
});

test('the naive step of the document, sent as it reads, loses every other setting, and the app with them', async () => {
  const azure = await openAzure();
  const before = Object.keys(await settingsOf(azure));
  const answer = await put(azure, {
    WEBSITE_RUN_FROM_PACKAGE: `${folder}/latest/AppRequestPortal-1.33.0.zip`,
  });
  expect(answer.status).toBe(200);
  expect(before.length).toBeGreaterThan(1);
  expect(Object.keys(await settingsOf(azure))).toEqual(['WEBSITE_RUN_FROM_PACKAGE']);
  expect(await healthOf(azure)).toMatchObject({ status: 503, version: '1.33.0' });
});

test('a bad release turns the app red and tells its version; the one before it makes it green again', async () => {
  const azure = await openAzure();
  expect(await healthOf(azure)).toMatchObject({ status: 200, version: '1.34.0', schema: 42 });
  expect((await azure.control('POST', `/apps/${app}/deploy`, { version: '1.34.1' })).status).toBe(204);
  expect(await healthOf(azure)).toMatchObject({ status: 503, version: '1.34.1', schema: 42 });
  await put(azure, {
    ...(await settingsOf(azure)),
    WEBSITE_RUN_FROM_PACKAGE: `${folder}/latest/AppRequestPortal-1.34.0.zip`,
  });
  expect(await healthOf(azure)).toMatchObject({ status: 200, version: '1.34.0' });
});

test('a release that has moved the schema cannot be taken back by its package alone', async () => {
  const azure = await openAzure();
  azure.simulator.deploy(app, '1.35.0');
  expect(await healthOf(azure)).toMatchObject({ status: 503, version: '1.35.0', schema: 43 });
  azure.simulator.deploy(app, '1.34.0');
  const back = await healthOf(azure);
  expect(back).toMatchObject({ status: 503, version: '1.34.0', schema: 43 });
  expect(back.checks?.filter(({ status }) => status === 'Unhealthy').map(({ name }) => name)).toEqual([
    'database',
  ]);
});

test('a package that the host does not have cannot be mounted, so the app does not run at all', async () => {
  const azure = await openAzure();
  await put(azure, {
    ...(await settingsOf(azure)),
    WEBSITE_RUN_FROM_PACKAGE: `${folder}/latest/AppRequestPortal-9.9.9.zip`,
  });
  const answer = await azure.health();
  expect(answer.status).toBe(503);
  expect(answer.text).toContain('could not be mounted');
});

test('a deployment is in the activity log with who did it', async () => {
  const azure = await openAzure();
  const since = new Date(Date.now() - 60_000).toISOString();
  azure.simulator.deploy(app, '1.34.1');
  const { json } = await azure.arm(
    'GET',
    `${sitePath.split('/resourceGroups')[0]}/providers/Microsoft.Insights/eventtypes/management/values?$filter=${encodeURIComponent(`eventTimestamp ge '${since}'`)}`,
    { version: '2015-04-01' },
  );
  expect((json as { value: object[] }).value).toEqual([
    expect.objectContaining({
      caller: 'release-pipeline@contoso.onmicrosoft.com',
      operationName: expect.objectContaining({ value: 'Microsoft.Web/sites/config/write' }),
      resourceId: `${sitePath}/config/appsettings`,
    }),
  ]);
});

test('what cannot be deployed is refused with what can', async () => {
  const azure = await openAzure();
  const unknown = await azure.control('POST', `/apps/${app}/deploy`, { version: '0.0.1' });
  expect(unknown.status).toBe(400);
  expect(await unknown.text()).toContain('1.33.0');
  expect((await azure.control('POST', '/apps/nobody/deploy', { version: '1.33.0' })).status).toBe(400);
  expect((await azure.control('POST', `/apps/${app}/deploy`, {})).status).toBe(400);
  expect(codeOf(await put(azure, {}))).toBeUndefined();
});

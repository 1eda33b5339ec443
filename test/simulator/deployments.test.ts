import { demoSubscription } from '../../src/simulator/seed';
import { seedValue } from '../../src/simulator/seed-value';
import { codeOf, openAzure, pathOf } from './azure';

const version = '2024-07-01';
const subscription = `/subscriptions/${demoSubscription}`;
const group = `${subscription}/resourcegroups/apprequest-dr`;
const deployment = `${group}/providers/Microsoft.Resources/deployments/dr-test`;
const drServer = `${subscription}/resourceGroups/apprequest-dr/providers/Microsoft.Sql/servers/sql-apprequest-dr-demo01`;
const templateUri =
  'https://raw.githubusercontent.com/powerstacks-corp/app-store-for-intune/main/azuredeploy.json';
const botVault = `${subscription}/resourceGroups/dr-bot/providers/Microsoft.KeyVault/vaults/kv-drbot-demo01`;

/** The administrator's password as the bot's vault holds it. */
const secretMark = seedValue('tier2', 'sql password');

const fromVault = (secretName: string, id = botVault) => ({ reference: { keyVault: { id }, secretName } });
const plain = {
  environmentName: { value: 'dr' },
  uniqueSuffix: { value: 'demo01' },
  apiClientId: { value: '00000000-0000-0000-0000-0000000000a1' },
  frontendClientId: { value: '00000000-0000-0000-0000-0000000000a2' },
};
const parameters = {
  ...plain,
  apiClientSecret: fromVault('ApiClientSecret'),
  sqlAdminPassword: fromVault('SqlAdminPassword'),
};
const request = (properties: Record<string, unknown> = {}) => ({
  properties: { mode: 'Incremental', templateLink: { uri: templateUri }, parameters, ...properties },
});

type Azure = Awaited<ReturnType<typeof openAzure>>;

const makeGroup = (azure: Azure) =>
  azure.arm('PUT', group, { version, body: { location: 'westus2', tags: { for: 'test' } } });
const errorIn = ({ json }: { readonly json: unknown }) =>
  (
    json as {
      error: { code: string; message: string; details?: readonly { code: string; message: string }[] };
    }
  ).error;
const propertiesOf = ({ json }: { readonly json: unknown }) =>
  (json as { properties: Record<string, unknown> }).properties;
/** A template of nothing but this. */
const inline = (resources: readonly unknown[], more: Record<string, unknown> = {}) =>
  request({
    templateLink: undefined,
    parameters: {},
    template: { $schema: 'https://schema', contentVersion: '1.0.0.0', resources, ...more },
  });

test('the template of the app is evaluated into the resources of the second region, and the app is green there', async () => {
  const azure = await openAzure();
  expect((await makeGroup(azure)).status).toBe(201);

  const begun = await azure.arm('PUT', deployment, { version, body: request() });
  expect([begun.status, propertiesOf(begun)['provisioningState']]).toEqual([201, 'Running']);
  const status = await azure.arm('GET', pathOf(begun.headers['azure-asyncoperation']), { version });
  expect(status.json).toEqual({ status: 'Succeeded' });

  const done = propertiesOf(await azure.arm('GET', deployment, { version }));
  expect(done).toMatchObject({
    provisioningState: 'Succeeded',
    outputs: {
      appServiceName: { value: 'apprequest-dr-demo01' },
      appServiceUrl: { value: 'https://apprequest-dr-demo01.azurewebsites.net' },
      sqlServerName: { value: 'sql-apprequest-dr-demo01' },
      keyVaultName: { value: 'kv-appreqdr-demo01' },
      storageAccountName: { value: 'stappreqdrdemo01' },
    },
  });
  const health = await azure.send('GET', 'https://apprequest-dr-demo01.azurewebsites.net/health');
  expect(health.json).toMatchObject({ status: 'Healthy' });
});

test('secure parameters are taken from the vault by Resource Manager itself, and never given back', async () => {
  const azure = await openAzure();
  await makeGroup(azure);
  await azure.arm('PUT', deployment, { version, body: request() });

  const shown = await azure.arm('GET', deployment, { version });

  expect(propertiesOf(shown)['parameters']).toMatchObject({
    environmentName: { type: 'String', value: 'dr' },
    sqlAdminPassword: { type: 'SecureString' },
  });
  expect(shown.text).not.toContain(secretMark);
  expect(JSON.stringify(azure.simulator.estate())).not.toContain(secretMark);
  expect(JSON.stringify(azure.simulator.journal())).not.toContain(secretMark);
});

test('resources that do not wait for one another are made side by side', async () => {
  const azure = await openAzure({ speed: 60 });
  await makeGroup(azure);
  const begun = Date.now();
  await azure.arm('PUT', deployment, { version, body: request() });

  const list = await azure.arm('GET', `${group}/deployments/dr-test/operations`, { version });

  const running = (
    list.json as {
      value: readonly {
        properties: { provisioningState: string; targetResource: { resourceType: string } };
      }[];
    }
  ).value.map(
    ({ properties }) => `${properties.targetResource.resourceType} ${properties.provisioningState}`,
  );
  expect(Date.now() - begun).toBeLessThan(500);
  expect(running).toEqual([
    'Microsoft.Web/serverfarms Running',
    'Microsoft.OperationalInsights/workspaces Running',
    'Microsoft.Sql/servers Running',
    'Microsoft.Storage/storageAccounts Running',
  ]);
});

test.each([
  [
    'a parameter is missing',
    { parameters: { ...parameters, apiClientId: undefined } },
    'InvalidTemplate',
    /'apiClientId'.*is not provided/,
  ],
  [
    'a parameter is not of the template',
    { parameters: { ...parameters, colour: { value: 'red' } } },
    'InvalidTemplate',
    /'colour'.*are not valid/,
  ],
  [
    'a value is not allowed',
    { parameters: { ...parameters, environmentName: { value: 'moon' } } },
    'InvalidTemplate',
    /'moon'.*allowed value/,
  ],
  [
    'there is no template',
    { templateLink: { uri: 'https://raw.githubusercontent.com/nobody/nothing.json' } },
    'InvalidContentLink',
    /Unable to download/,
  ],
  [
    'the vault has no such secret',
    { parameters: { ...parameters, sqlAdminPassword: fromVault('Nothing') } },
    'KeyVaultParameterReferenceSecretRetrieveFailed',
    /NotFound/,
  ],
  [
    'the vault is not open to deployments',
    {
      parameters: {
        ...parameters,
        sqlAdminPassword: fromVault(
          'SqlConnectionString',
          `${subscription}/resourceGroups/apprequest-prod/providers/Microsoft.KeyVault/vaults/kv-appreq-demo01`,
        ),
      },
    },
    'KeyVaultParameterReferenceAuthorizationFailed',
    /not enabled for template deployment/,
  ],
  ['there is no mode', { mode: undefined }, 'InvalidRequestContent', /mode/],
])('a deployment is refused before it begins where %s', async (_words, properties, code, said) => {
  const azure = await openAzure();
  await makeGroup(azure);

  const refused = await azure.arm('PUT', deployment, { version, body: request(properties) });
  const validated = await azure.arm('POST', `${deployment}/validate`, { version, body: request(properties) });

  expect(errorIn(refused)).toMatchObject({ code, message: expect.stringMatching(said) });
  expect(errorIn(validated)).toMatchObject({ code });
  expect((await azure.arm('GET', deployment, { version })).status).toBe(404);
});

test.each([
  ['a function that is none', { name: "[wrong('x')]" }, /template function 'wrong' is not valid/],
  ['a variable that is none', { name: "[variables('x')]" }, /variable 'x' is not found/],
  ['brackets that do not close', { name: "[concat('a'" + ']' }, /is not valid/],
  [
    'a resource that does not exist yet, in a name',
    { name: "[reference('x').name]" },
    /is not expected at this location/,
  ],
])('a template with %s is not valid', async (_words, resource, said) => {
  const azure = await openAzure();
  await makeGroup(azure);
  const body = inline([{ type: 'Microsoft.Web/serverfarms', apiVersion: '2023-12-01', ...resource }]);

  expect(errorIn(await azure.arm('POST', `${deployment}/validate`, { version, body }))).toMatchObject({
    code: 'InvalidTemplate',
    message: expect.stringMatching(said),
  });
});

test('a name that another group holds is found by validating, and told as what is inside', async () => {
  const azure = await openAzure();
  await makeGroup(azure);
  const body = request({ parameters: { ...parameters, environmentName: { value: 'prod' } } });

  const error = errorIn(await azure.arm('POST', `${deployment}/validate`, { version, body }));

  expect(error.code).toBe('InvalidTemplateDeployment');
  expect(error.details?.map(({ code }) => code)).toEqual([
    ...['NameAlreadyExists', 'StorageAccountAlreadyTaken', 'Conflict', 'VaultAlreadyExists'],
  ]);
});

test('what a template needs and is not there fails its deployment, and what waits for it is not begun', async () => {
  const azure = await openAzure();
  await makeGroup(azure);
  const body = inline([
    {
      ...{ type: 'Microsoft.Web/sites', apiVersion: '2023-12-01', name: 'site-x' },
      properties: { serverFarmId: 'none' },
    },
    {
      ...{ type: 'Microsoft.Web/sites/config', apiVersion: '2023-12-01', name: 'site-x/appsettings' },
      dependsOn: ["[resourceId('Microsoft.Web/sites', 'site-x')]"],
      properties: {
        A: "[reference(resourceId('Microsoft.Web/sites', 'site-y'), '2023-12-01').defaultHostName]",
      },
    },
    {
      ...{ type: 'Microsoft.Web/serverfarms', apiVersion: '2023-12-01', name: 'plan-x' },
      dependsOn: ["[resourceId('Microsoft.Web/sites/config', 'site-x', 'appsettings')]"],
    },
  ]);

  const begun = await azure.arm('PUT', deployment, { version, body });
  const status = await azure.arm('GET', pathOf(begun.headers['azure-asyncoperation']), { version });

  expect(status.json).toMatchObject({
    status: 'Failed',
    error: { code: 'DeploymentFailed', details: [{ code: 'ResourceNotFound' }] },
  });
  const made = await azure.arm('GET', `${group}/resources`, { version });
  expect((made.json as { value: readonly { name: string }[] }).value.map(({ name }) => name)).toEqual([
    'site-x',
  ]);
});

test('a region that is down makes nothing', async () => {
  const azure = await openAzure();
  await makeGroup(azure);
  azure.simulator.regionDown('westus2');

  const error = errorIn(
    await azure.arm('POST', `${deployment}/validate`, {
      version,
      body: inline([
        { type: 'Microsoft.Web/serverfarms', apiVersion: '2023-12-01', name: 'plan-x', location: 'westus2' },
      ]),
    }),
  );

  expect(error).toMatchObject({ code: 'InvalidTemplateDeployment', details: [{ code: 'GatewayTimeout' }] });
});

test('what-if tells what would be made, what is left alone, and what mode Complete would delete', async () => {
  const azure = await openAzure();
  await makeGroup(azure);
  await azure.arm('PUT', deployment, {
    ...{ version },
    body: inline([{ type: 'Microsoft.Web/serverfarms', apiVersion: '2023-12-01', name: 'old-plan' }]),
  });
  await azure.arm('GET', group, { version });
  const asked = async (mode: string) => {
    const begun = await azure.arm('POST', `${deployment}/whatIf`, { version, body: request({ mode }) });
    expect(begun.status).toBe(202);
    const { json } = await azure.arm('GET', pathOf(begun.headers['location']), { version });
    return (json as { properties: { changes: readonly { resourceId: string; changeType: string }[] } })
      .properties.changes;
  };

  const incremental = await asked('Incremental');
  const complete = await asked('Complete');

  expect(incremental.filter(({ changeType }) => changeType === 'Create')).toHaveLength(13);
  expect(incremental.at(-1)).toMatchObject({ changeType: 'Ignore' });
  expect(complete.at(-1)).toMatchObject({
    ...{ changeType: 'Delete', resourceId: expect.stringMatching(/old-plan$/) },
  });
  expect(JSON.stringify(incremental)).not.toContain(secretMark);
});

test('a second deployment of the same name waits for the first to end, or for a person to cancel it', async () => {
  const azure = await openAzure({ speed: 60 });
  await makeGroup(azure);
  await azure.arm('PUT', deployment, { version, body: request() });

  expect(codeOf(await azure.arm('PUT', deployment, { version, body: request() }))).toBe('DeploymentActive');
  expect((await azure.arm('POST', `${deployment}/cancel`, { version })).status).toBe(204);
  expect(propertiesOf(await azure.arm('GET', deployment, { version }))['provisioningState']).toBe('Canceled');
  expect(codeOf(await azure.arm('POST', `${deployment}/cancel`, { version }))).toBe(
    'DeploymentCannotBeCancelled',
  );
});

test('deleting a group deletes everything in it, and a group that goes takes nothing in', async () => {
  const azure = await openAzure();
  await makeGroup(azure);
  await azure.arm('PUT', deployment, { version, body: request() });
  await azure.arm('GET', deployment, { version });
  azure.simulator.setSpeed(60);

  const begun = await azure.arm('DELETE', group, { version });
  expect(begun.status).toBe(202);
  expect(codeOf(await azure.arm('PUT', deployment, { version, body: request() }))).toBe(
    'ResourceGroupBeingDeleted',
  );
  azure.simulator.setSpeed(1e9);
  await new Promise((later) => setTimeout(later, 5));
  expect((await azure.arm('GET', pathOf(begun.headers['location']), { version })).status).toBe(200);

  expect((await azure.arm('GET', group, { version })).status).toBe(404);
  const { databases } = azure.simulator.estate();
  expect(databases.filter(({ server }) => server.includes('-dr-'))).toEqual([]);
});

test('a geo-restore over the database that the template made is refused: it needs a name of its own', async () => {
  const azure = await openAzure();
  await makeGroup(azure);
  await azure.arm('PUT', deployment, { version, body: request() });
  await azure.arm('GET', deployment, { version });
  const recoverableDatabaseId = `${subscription}/resourceGroups/apprequest-prod/providers/Microsoft.Sql/servers/sql-apprequest-prod-demo01/recoverableDatabases/AppRequestPortal`;
  const body = { location: 'westus2', properties: { createMode: 'Recovery', recoverableDatabaseId } };

  const over = await azure.arm('PUT', `${drServer}/databases/AppRequestPortal`, { body });
  const beside = await azure.arm('PUT', `${drServer}/databases/AppRequestPortal-recovered`, { body });

  expect(codeOf(over)).toBe('DatabaseNameInUse');
  expect(beside.status).toBe(202);
});

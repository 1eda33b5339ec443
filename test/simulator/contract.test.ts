import { join } from 'node:path';
import { LiveValidator } from 'oav';
import { routes } from '../../src/simulator/arm/routes';
import { demoCredentials, demoSubscription } from '../../src/simulator/seed';
import { roots } from '../azure-specs/roots.json';
import {
  atOnce,
  drServerPath,
  groupPath,
  minutesAgo,
  openAzure,
  portal,
  restoreBody,
  serverPath,
  sitePath,
} from './azure';
import { storageSteps } from './contract-storage';

const specs = join(__dirname, '..', 'azure-specs');
const subscription = `/subscriptions/${demoSubscription}`;

/** Operations and versions for which there is no published specification here, and why. */
const unpublished: Readonly<Record<string, string>> = {
  Subscriptions_Get: 'the subscriptions specification is not among the files',
  Permissions_ListForScope: 'the authorization specification is not among the files',
  DatabaseUsages_ListByDatabase: 'the usages specification is not among the files',
  AzureAsyncOperation_Get: 'polling addresses are described by the ARM RPC, not by a specification',
  OperationResults_Get: 'polling addresses are described by the ARM RPC, not by a specification',
  WebApps_RefreshAppSettingsKeyVaultReferences: 'documented in prose only',
  AvailabilityStatuses_ListByResourceGroup: 'the resource health specification is not among the files',
  RoleAssignments_ListForScope: 'the authorization specification is not among the files',
  RoleAssignments_Get: 'the authorization specification is not among the files',
  RoleAssignments_Create: 'the authorization specification is not among the files',
  RoleAssignments_Delete: 'the authorization specification is not among the files',
  StorageAsyncOperations_Get: 'polling addresses are described by the ARM RPC, not by a specification',
  DeploymentOperationStatuses_Get: 'polling addresses are described by the ARM RPC, not by a specification',
  SubscriptionOperationResults_Get: 'polling addresses are described by the ARM RPC, not by a specification',
};
const publishedVersions = new Set([
  '2023-07-01',
  '2022-08-01-preview',
  '2023-08-01-preview',
  '2021-02-01-preview',
  '2022-02-01-preview',
  '2020-11-01-preview',
  '2023-12-01',
  '2020-05-01',
  '2024-07-01',
  '2015-04-01',
  '2023-05-01',
  '2022-04-01',
  '2018-05-01',
]);

interface Exchange {
  readonly operation: string;
  readonly path: string | ((round: number) => string);
  readonly query?: string;
  readonly body?: unknown;
  readonly status: number;
}

const made = (round: number) => `${serverPath}/databases/contract-${round}`;
const madeGroup = (round: number) => `${serverPath}/failoverGroups/contract-${round}`;
const lock = `${groupPath}/providers/Microsoft.Authorization/locks/contract`;
const location = 'eastus';
const vaultPath = `${groupPath}/providers/Microsoft.KeyVault/vaults/kv-appreq-demo01`;
const deletedVault = `${subscription}/providers/Microsoft.KeyVault/locations/eastus/deletedVaults/kv-appreq-demo01`;
const linkTo = (path: string) => async (azure: Azure) => {
  const answer = await azure.arm('GET', `${path}/replicationLinks`, { version: '2022-02-01-preview' });
  return (answer.json as { value: readonly { id: string }[] }).value[0]?.id ?? '';
};

const newGroup = `${subscription}/resourcegroups/contract`;
const deployment = `${newGroup}/providers/Microsoft.Resources/deployments/contract`;
const deploymentBody = {
  properties: {
    mode: 'Incremental',
    template: {
      $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
      contentVersion: '1.0.0.0',
      parameters: { name: { type: 'string' } },
      resources: [
        {
          ...{ type: 'Microsoft.Web/serverfarms', apiVersion: '2023-12-01', name: "[parameters('name')]" },
          location: '[resourceGroup().location]',
        },
      ],
      outputs: { name: { type: 'string', value: "[parameters('name')]" } },
    },
    parameters: { name: { value: 'contract-plan' } },
  },
};

type Azure = Awaited<ReturnType<typeof openAzure>>;
type Step = Exchange | ((azure: Azure, round: number) => Promise<Exchange>);

const host = 'apps.contoso.example';
const profile = `${groupPath}/providers/Microsoft.Network/trafficmanagerprofiles/contract`;
const endpoint = `${profile}/AzureEndpoints/primary`;
const zone = `${subscription}/resourceGroups/contoso-dns/providers/Microsoft.Network/dnsZones/contoso.example`;
const certificates = `${groupPath}/providers/Microsoft.Web/certificates`;
const plan = `${groupPath}/providers/Microsoft.Web/serverfarms/asp-apprequest-prod`;

/** What each route is asked, in this order, once for each of its published versions; a route's later versions follow its first. */
const steps: readonly Step[] = [
  { operation: 'ResourceGroups_List', path: `${subscription}/resourcegroups`, status: 200 },
  {
    operation: 'ResourceGroups_Get',
    path: groupPath.replace('resourceGroups', 'resourcegroups'),
    status: 200,
  },
  {
    operation: 'ResourceGroups_CheckExistence',
    path: groupPath.replace('resourceGroups', 'resourcegroups'),
    status: 204,
  },
  {
    operation: 'ResourceGroups_CreateOrUpdate',
    path: newGroup,
    body: { location: 'westus2', tags: { for: 'contract' } },
    status: 201,
  },
  { operation: 'Deployments_Validate', path: `${deployment}/validate`, body: deploymentBody, status: 200 },
  { operation: 'Deployments_WhatIf', path: `${deployment}/whatIf`, body: deploymentBody, status: 202 },
  { operation: 'Deployments_CreateOrUpdate', path: deployment, body: deploymentBody, status: 201 },
  { operation: 'Deployments_Get', path: deployment, status: 200 },
  {
    operation: 'Deployments_ListByResourceGroup',
    path: deployment.slice(0, deployment.lastIndexOf('/') + 1),
    status: 200,
  },
  {
    operation: 'DeploymentOperations_List',
    path: `${newGroup}/deployments/contract/operations`,
    status: 200,
  },
  async (azure) => {
    azure.simulator.setSpeed(1);
    await azure.arm('PUT', deployment, { version: '2024-07-01', body: deploymentBody });
    return { operation: 'Deployments_Cancel', path: `${deployment}/cancel`, status: 204 };
  },
  async (azure) => {
    azure.simulator.setSpeed(atOnce);
    return { operation: 'ResourceGroups_Delete', path: newGroup, status: 202 };
  },
  { operation: 'Resources_List', path: `${subscription}/resources`, status: 200 },
  { operation: 'Resources_ListByResourceGroup', path: `${groupPath}/resources`, status: 200 },
  {
    operation: 'ManagementLocks_CreateOrUpdateByScope',
    path: lock,
    body: { properties: { level: 'CanNotDelete', notes: 'contract' } },
    status: 201,
  },
  { operation: 'ManagementLocks_GetByScope', path: lock, status: 200 },
  { operation: 'ManagementLocks_ListByScope', path: lock.replace('/contract', ''), status: 200 },
  { operation: 'ManagementLocks_DeleteByScope', path: lock, status: 200 },
  { operation: 'Servers_List', path: `${subscription}/providers/Microsoft.Sql/servers`, status: 200 },
  {
    operation: 'Servers_ListByResourceGroup',
    path: `${groupPath}/providers/Microsoft.Sql/servers`,
    status: 200,
  },
  { operation: 'Servers_Get', path: serverPath, status: 200 },
  { operation: 'Databases_ListByServer', path: `${serverPath}/databases`, status: 200 },
  { operation: 'Databases_Get', path: portal, status: 200 },
  { operation: 'Databases_CreateOrUpdate', path: made, body: restoreBody(minutesAgo(40)), status: 202 },
  {
    operation: 'Databases_CreateOrUpdate',
    path: (round) => `${serverPath}/databases/empty-${round}`,
    body: { location, tags: { for: 'contract' }, sku: { name: 'S0', tier: 'Standard' } },
    status: 202,
  },
  {
    operation: 'Databases_CreateOrUpdate',
    path: (round) => `${serverPath}/databases/copy-${round}`,
    body: { location, properties: { createMode: 'Copy', sourceDatabaseId: portal } },
    status: 202,
  },
  { operation: 'Databases_Get', path: made, status: 200 },
  {
    operation: 'Databases_Update',
    path: made,
    body: { sku: { name: 'S1', tier: 'Standard' }, tags: { again: 'yes' } },
    status: 202,
  },
  {
    operation: 'DatabaseOperations_ListByDatabase',
    path: (round) => `${made(round)}/operations`,
    status: 200,
  },
  async (azure, round) => {
    azure.simulator.setSpeed(1);
    const path = `${serverPath}/databases/cancelled-${round}`;
    await azure.arm('PUT', path, { body: restoreBody(minutesAgo(40)) });
    const list = await azure.arm('GET', `${path}/operations`, { version: '2021-02-01-preview' });
    azure.simulator.setSpeed(atOnce / 1e6);
    const [operation] = (list.json as { value: readonly { name: string }[] }).value;
    return {
      operation: 'DatabaseOperations_Cancel',
      path: `${path}/operations/${operation?.name}/cancel`,
      status: 200,
    };
  },
  async (azure) => {
    azure.simulator.setSpeed(atOnce);
    return { operation: 'Databases_Get', path: portal, status: 200 };
  },
  async (_, round) => ({
    operation: 'Databases_Rename',
    path: `${serverPath}/databases/copy-${round}/move`,
    body: { id: `${serverPath}/databases/renamed-${round}` },
    status: 200,
  }),
  {
    operation: 'BackupShortTermRetentionPolicies_ListByDatabase',
    path: `${portal}/backupShortTermRetentionPolicies`,
    status: 200,
  },
  {
    operation: 'BackupShortTermRetentionPolicies_Get',
    path: `${portal}/backupShortTermRetentionPolicies/default`,
    status: 200,
  },
  {
    operation: 'BackupShortTermRetentionPolicies_CreateOrUpdate',
    path: `${portal}/backupShortTermRetentionPolicies/default`,
    body: { properties: { retentionDays: 14, diffBackupIntervalInHours: 24 } },
    status: 202,
  },
  { operation: 'RecoverableDatabases_ListByServer', path: `${serverPath}/recoverableDatabases`, status: 200 },
  {
    operation: 'RecoverableDatabases_Get',
    path: `${serverPath}/recoverableDatabases/AppRequestPortal`,
    status: 200,
  },
  { operation: 'ReplicationLinks_ListByDatabase', path: `${portal}/replicationLinks`, status: 200 },
  async (azure) => ({ operation: 'ReplicationLinks_Get', path: await linkTo(portal)(azure), status: 200 }),
  { operation: 'FailoverGroups_ListByServer', path: `${serverPath}/failoverGroups`, status: 200 },
  { operation: 'FailoverGroups_Get', path: `${drServerPath}/failoverGroups/apprequest-fog`, status: 200 },
  {
    operation: 'FailoverGroups_CreateOrUpdate',
    path: madeGroup,
    body: {
      properties: {
        readWriteEndpoint: { failoverPolicy: 'Automatic', failoverWithDataLossGracePeriodMinutes: 60 },
        partnerServers: [{ id: drServerPath }],
        databases: [],
      },
    },
    status: 202,
  },
  async (_, round) => ({
    operation: 'FailoverGroups_Update',
    path: madeGroup(round),
    body: { properties: { databases: [made(round)] } },
    status: 202,
  }),
  async (_, round) => ({
    operation: 'FailoverGroups_Failover',
    path: `${drServerPath}/failoverGroups/contract-${round}/failover`,
    status: 202,
  }),
  async (_, round) => ({
    operation: 'FailoverGroups_ForceFailoverAllowDataLoss',
    path: `${madeGroup(round)}/forceFailoverAllowDataLoss`,
    status: 202,
  }),
  { operation: 'FailoverGroups_Delete', path: madeGroup, status: 202 },
  async (azure, round) => ({
    operation: 'ReplicationLinks_Failover',
    path: `${await linkTo(`${drServerPath}/databases/contract-${round}`)(azure)}/failover`,
    status: 202,
  }),
  async (azure, round) => ({
    operation: 'ReplicationLinks_FailoverAllowDataLoss',
    path: `${await linkTo(made(round))(azure)}/forceFailoverAllowDataLoss`,
    status: 202,
  }),
  async (azure, round) => ({
    operation: 'ReplicationLinks_Delete',
    path: await linkTo(made(round))(azure),
    status: 202,
  }),
  { operation: 'Databases_Delete', path: made, status: 202 },
  { operation: 'Databases_Delete', path: made, status: 204 },
  {
    operation: 'RestorableDroppedDatabases_ListByServer',
    path: `${serverPath}/restorableDroppedDatabases`,
    status: 200,
  },
  async (azure) => {
    const answer = await azure.arm('GET', `${serverPath}/restorableDroppedDatabases`);
    const [dropped] = (answer.json as { value: readonly { id: string }[] }).value;
    return { operation: 'RestorableDroppedDatabases_Get', path: dropped?.id ?? '', status: 200 };
  },
  { operation: 'WebApps_List', path: `${subscription}/providers/Microsoft.Web/sites`, status: 200 },
  {
    operation: 'WebApps_ListByResourceGroup',
    path: `${groupPath}/providers/Microsoft.Web/sites`,
    status: 200,
  },
  { operation: 'WebApps_Get', path: sitePath, status: 200 },
  { operation: 'WebApps_GetConfiguration', path: `${sitePath}/config/web`, status: 200 },
  { operation: 'WebApps_ListInstanceIdentifiers', path: `${sitePath}/instances`, status: 200 },
  { operation: 'WebApps_ListApplicationSettings', path: `${sitePath}/config/appsettings/list`, status: 200 },
  {
    operation: 'WebApps_ListSlotConfigurationNames',
    path: `${sitePath}/config/slotConfigNames`,
    status: 200,
  },
  {
    operation: 'WebApps_GetAppSettingsKeyVaultReferences',
    path: `${sitePath}/config/configreferences/appsettings`,
    status: 200,
  },
  {
    operation: 'WebApps_GetAppSettingKeyVaultReference',
    path: `${sitePath}/config/configreferences/appsettings/StorageConnectionString`,
    status: 200,
  },
  {
    operation: 'WebApps_AnalyzeCustomHostname',
    path: `${sitePath}/analyzeCustomHostname`,
    query: `hostName=${host}`,
    status: 200,
  },
  {
    operation: 'WebApps_CreateOrUpdateHostNameBinding',
    path: `${sitePath}/hostNameBindings/${host}`,
    body: { properties: { siteName: 'apprequest-prod-demo01', hostNameType: 'Verified' } },
    status: 200,
  },
  {
    operation: 'WebApps_GetHostNameBinding',
    path: `${sitePath}/hostNameBindings/${host}`,
    status: 200,
  },
  {
    operation: 'Certificates_CreateOrUpdate',
    path: `${certificates}/contract`,
    body: { location, properties: { serverFarmId: plan, canonicalName: host, hostNames: [host] } },
    status: 200,
  },
  { operation: 'Certificates_Get', path: `${certificates}/contract`, status: 200 },
  { operation: 'Certificates_ListByResourceGroup', path: certificates, status: 200 },
  // After the certificate: without its settings the app is red, and Traffic Manager leads the name elsewhere.
  {
    operation: 'WebApps_UpdateApplicationSettings',
    path: `${sitePath}/config/appsettings`,
    body: { properties: { only: 'this' } },
    status: 200,
  },
  { operation: 'WebApps_ListHostNameBindings', path: `${sitePath}/hostNameBindings`, status: 200 },
  {
    operation: 'WebApps_DeleteHostNameBinding',
    path: `${sitePath}/hostNameBindings/${host}`,
    status: 200,
  },
  {
    operation: 'Profiles_CreateOrUpdate',
    path: profile,
    body: {
      location: 'global',
      properties: {
        trafficRoutingMethod: 'Priority',
        dnsConfig: { relativeName: 'contract', ttl: 30 },
        monitorConfig: { protocol: 'HTTPS', port: 443, path: '/health' },
      },
    },
    status: 201,
  },
  {
    operation: 'Endpoints_CreateOrUpdate',
    path: endpoint,
    body: { properties: { targetResourceId: sitePath, priority: 1 } },
    status: 201,
  },
  {
    operation: 'Endpoints_Update',
    path: endpoint,
    body: { properties: { endpointStatus: 'Disabled' } },
    status: 200,
  },
  { operation: 'Endpoints_Get', path: endpoint, status: 200 },
  { operation: 'Profiles_Get', path: profile, status: 200 },
  {
    operation: 'Profiles_ListByResourceGroup',
    path: `${groupPath}/providers/Microsoft.Network/trafficmanagerprofiles`,
    status: 200,
  },
  {
    operation: 'Profiles_ListBySubscription',
    path: `${subscription}/providers/Microsoft.Network/trafficmanagerprofiles`,
    status: 200,
  },
  { operation: 'Endpoints_Delete', path: endpoint, status: 200 },
  { operation: 'Zones_Get', path: zone, status: 200 },
  {
    operation: 'RecordSets_CreateOrUpdate',
    path: `${zone}/CNAME/contract`,
    body: { properties: { TTL: 60, CNAMERecord: { cname: 'a.example' } } },
    status: 201,
  },
  {
    operation: 'RecordSets_CreateOrUpdate',
    path: `${zone}/TXT/contract-text`,
    body: { properties: { TTL: 60, TXTRecords: [{ value: ['one'] }] } },
    status: 201,
  },
  { operation: 'RecordSets_Get', path: `${zone}/CNAME/contract`, status: 200 },
  { operation: 'RecordSets_ListByType', path: `${zone}/CNAME`, status: 200 },
  { operation: 'RecordSets_Delete', path: `${zone}/CNAME/contract`, status: 200 },
  { operation: 'WebApps_Restart', path: `${sitePath}/restart`, status: 200 },
  { operation: 'WebApps_Stop', path: `${sitePath}/stop`, status: 200 },
  { operation: 'WebApps_Start', path: `${sitePath}/start`, status: 200 },
  {
    operation: 'Vaults_ListBySubscription',
    path: `${subscription}/providers/Microsoft.KeyVault/vaults`,
    status: 200,
  },
  {
    operation: 'Vaults_ListByResourceGroup',
    path: `${groupPath}/providers/Microsoft.KeyVault/vaults`,
    status: 200,
  },
  { operation: 'Vaults_Get', path: vaultPath, status: 200 },
  {
    operation: 'Vaults_Update',
    path: vaultPath,
    body: { properties: { enabledForTemplateDeployment: true } },
    status: 200,
  },
  { operation: 'Vaults_Delete', path: vaultPath, status: 200 },
  { operation: 'Vaults_Delete', path: vaultPath, status: 204 },
  {
    operation: 'Vaults_ListDeleted',
    path: `${subscription}/providers/Microsoft.KeyVault/deletedVaults`,
    status: 200,
  },
  { operation: 'Vaults_GetDeleted', path: deletedVault, status: 200 },
  {
    operation: 'Vaults_CreateOrUpdate',
    path: vaultPath,
    body: {
      location,
      properties: {
        tenantId: demoCredentials.tenantId,
        sku: { family: 'A', name: 'standard' },
        createMode: 'recover',
      },
    },
    status: 200,
  },
  { operation: 'Vaults_Delete', path: vaultPath, status: 200 },
  { operation: 'Vaults_PurgeDeleted', path: `${deletedVault}/purge`, status: 200 },
  {
    operation: 'ActivityLogs_List',
    path: `${subscription}/providers/Microsoft.Insights/eventtypes/management/values`,
    query: `$filter=${encodeURIComponent(`eventTimestamp ge '${minutesAgo(60)}'`)}`,
    status: 200,
  },
  ...storageSteps,
];

const routeOf = (operation: string) => routes.find((route) => route.operation === operation);
const versionsOf = (operation: string) =>
  routeOf(operation)?.apiVersions.filter((version) => publishedVersions.has(version)) ?? [];

test('every operation is asked and answered as its published specification says', async () => {
  const azure = await openAzure({ seed: 'tier3' });
  const validator = new LiveValidator(
    {
      directory: specs,
      git: { shouldClone: false },
      swaggerPaths: roots.map((root) => join(specs, root)),
      isPathCaseSensitive: false,
      // What it builds in the background would outlive the test.
      loadValidatorInBackground: false,
    },
    () => undefined,
  );
  await validator.initialize();
  const problems: string[] = [];
  const asked = new Set<string>();
  for (const step of steps) {
    for (let round = 0; ; round += 1) {
      const {
        operation,
        path: template,
        query,
        body,
        status,
      } = typeof step === 'function' ? await step(azure, round) : step;
      const version = versionsOf(operation)[round] ?? '';
      const path = typeof template === 'string' ? template : template(round);
      const method = routeOf(operation)?.method ?? 'GET';
      const target = `${path}${query === undefined ? '' : `?${query}`}`;
      const answer = await azure.arm(method, target, { version, ...(body === undefined ? {} : { body }) });
      const expected = operation === 'ManagementLocks_CreateOrUpdateByScope' && round > 0 ? 200 : status;
      const where = `${operation}@${version} ${answer.status}`;
      asked.add(`${operation}@${version}`);
      if (answer.status !== expected) {
        problems.push(`${where}, expected ${expected}: ${answer.text}`);
      }
      const { requestValidationResult, responseValidationResult } =
        await validator.validateLiveRequestResponse({
          liveRequest: {
            method,
            url: `https://management.azure.com${target}${query === undefined ? '?' : '&'}api-version=${version}`,
            headers: { 'content-type': 'application/json' },
            query: { ...Object.fromEntries(new URLSearchParams(query)), 'api-version': version },
            ...(body === undefined ? {} : { body: JSON.parse(JSON.stringify(body)) }),
          },
          liveResponse: {
            statusCode: String(answer.status),
            headers: answer.headers,
            ...(answer.json === undefined ? {} : { body: answer.json as Record<string, unknown> }),
          },
        });
      for (const { isSuccessful, errors, runtimeException } of [
        requestValidationResult,
        responseValidationResult,
      ]) {
        if (isSuccessful !== true) {
          problems.push(`${where}: ${JSON.stringify(runtimeException ?? errors)}`);
        }
      }
      if (round + 1 >= versionsOf(operation).length) {
        break;
      }
    }
  }
  expect(problems).toEqual([]);
  const routesAndVersions = routes
    .filter((route) => unpublished[route.operation] === undefined)
    .flatMap((route) => versionsOf(route.operation).map((version) => `${route.operation}@${version}`));
  expect(routesAndVersions.filter((wanted) => !asked.has(wanted))).toEqual([]);
});

test('every operation has a published specification, or a stated reason for having none', () => {
  const without = routes
    .filter((route) => versionsOf(route.operation).length === 0)
    .map((route) => route.operation);
  expect(without.filter((operation) => unpublished[operation] === undefined)).toEqual([]);
});

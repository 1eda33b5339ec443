import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod/v4';
import type { Azure } from '../../src/azure/azure';
import { check } from '../../src/azure/check';
import { type Operation, operation } from '../../src/azure/operation';
import { webAppId } from '../../src/azure/resource-id';
import { demoGroups } from '../../src/simulator/graph/directory-state';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';
import { beginAndWait, sent } from '../support/begin-and-wait';
import { app, healthUrl, production, server, storage, trail, vault } from '../support/demo-estate';
import { createGroup, createServer, deploy, geoRestore, templateUri } from '../support/demo-region';
import { actionOf, dataActionOf, permits } from './action-of';

const infra = join(__dirname, '..', '..', 'infra');
const role = z.strictObject({
  ...{ name: z.string(), description: z.string(), actions: z.array(z.string()) },
  /** What is done in a vault rather than with it. */
  dataActions: z.array(z.string()).default([]),
});
const roles = z
  .strictObject({
    ...{ read: role, restore: role, secrets: role, access: role, failOver: role, cleanUp: role },
    ...{ rebuild: role, remove: role },
  })
  .parse(JSON.parse(readFileSync(join(infra, 'roles.json'), 'utf8')));

const failoverGroup = 'apprequest-fog';
const partner = { ...server, resourceGroup: 'apprequest-dr', server: 'sql-apprequest-dr-demo01' };

const packages = { url: 'https://bi.powerstacks.com/appstoreforintune/bin', name: 'AppRequestPortal' };
const packageOf = (version: string) => `${packages.url}/latest/${packages.name}-${version}.zip`;

const network = { subscriptionId: server.subscriptionId, resourceGroup: 'apprequest-dr' };
const profile = { ...network, profile: 'apprequest-tm' };
const zone = { ...network, resourceGroup: 'contoso-dns', zone: 'contoso.example' };
const hostName = 'apps.contoso.example';
const redirect = {
  application: '00000000-0000-0000-0000-0000000000a2',
  platform: 'spa',
  uri: 'https://other.example',
} as const;
const newGroup = { ...network, resourceGroup: 'apprequest-roles' };
const trafficName = 'apprequest-portal.trafficmanager.net';

/** The certificate that an app of the demo has had since before the test. */
const thumbprintOf = ({ resourceGroup, app: name }: typeof app): string => {
  const { certificates } = simulator.estate()['network'] as {
    certificates: Record<string, { readonly thumbprint: string }>;
  };
  return certificates[`${resourceGroup}/${hostName}-${name}`]?.thumbprint ?? '';
};

/** What the bot asked Resource Manager for while something was done, as the actions that Azure would check. */
type Asked = ReadonlyMap<string, ReadonlySet<string>>;

const SPEED = 5_000;
let simulator: Simulator;
let byOperation: Asked;
let byReading: Asked;

beforeAll(async () => {
  simulator = await startSimulator({ seed: 'tier3', speed: SPEED });
  byReading = await doEveryReading();
  byOperation = await doEveryOperation();
});
afterAll(() => simulator.close());

test('every operation of the adapters was done, and every reading made', () => {
  const operations = operation.options.map((one) => one.shape.op.value);
  const checks = check.options.map((one) => one.shape.check.value);
  const readings = Object.entries(azureAgainst(simulator))
    .filter(([name]) => !['handler', 'read', 'enterSecret'].includes(name))
    .flatMap(([name, one]) =>
      typeof one === 'function' ? [name] : Object.keys(one).map((inner) => `${name}.${inner}`),
    );

  expect(new Set(byOperation.keys())).toEqual(new Set<string>(operations));
  expect(new Set(byReading.keys())).toEqual(new Set<string>([...checks, ...readings]));
});

/** Azure gives app settings only together with the secrets in them, so reading them is a right of its own. */
const withSecrets = new Set(['web.settings', 'web.settings-are', 'sql.usesListener']);
const listing = 'Microsoft.Web/sites/config/list/action';
/** Asking what a deployment would do takes the rights of deploying, to Azure. */
const asDeploying = new Set(['deployment.valid', 'deployment.what-if']);

test('the reader role permits every reading that the bot makes, but for those whose answer holds secrets', () => {
  for (const [reading, actions] of byReading) {
    const lacks = withSecrets.has(reading) ? [listing] : [];
    const role = asDeploying.has(reading)
      ? [...roles.read.actions, ...roles.rebuild.actions]
      : roles.read.actions;
    expect({ reading, lacks: lacking(onResources(actions), role) }).toEqual({ reading, lacks });
  }
  expect(roles.restore.actions).toContain(listing);
});

/** What every bot needs; the other roles may be left out, each for the operations that it is for. */
const usual = [...roles.read.actions, ...roles.restore.actions, ...roles.secrets.actions];
const apart: readonly (readonly [operations: RegExp, role: readonly string[]])[] = [
  [/^sql\.delete$/, roles.cleanUp.actions],
  [/^vault\.let-read$/, roles.access.actions],
  [/^(group\.create|deployment\.deploy|sql\.create-server)$/, roles.rebuild.actions],
  [/^group\.delete$/, roles.remove.actions],
  [/^(storage\.fail-over$|sql\.fail-over-group$|traffic\.|domain\.)/, roles.failOver.actions],
];

test('reader, restorer and the role for secrets permit every operation but those that have a role of their own', () => {
  for (const [name, actions] of byOperation) {
    const lacks = lacking(onResources(actions), usual);
    const [, role = []] = apart.find(([operations]) => operations.test(name)) ?? [];
    expect({ name, lacks: lacking(lacks, role), needsIt: lacks.length > 0 }).toEqual({
      ...{ name, lacks: [], needsIt: role.length > 0 },
    });
  }
});

test('what is done in vaults needs the data actions of the role for secrets, and no others', () => {
  const asked = [...byReading.values(), ...byOperation.values()].flatMap((actions) => [...actions]);

  expect([...new Set(asked.filter(isInVault))].toSorted()).toEqual(roles.secrets.dataActions);
  expect(roles.secrets.dataActions.filter((action) => /getSecret|purge|delete/.test(action))).toEqual([]);
});

test('no role permits anything that the bot does not do', () => {
  const asked = [...byReading.values(), ...byOperation.values()].flatMap((actions) => [...actions]);
  const granted = Object.values(roles).flatMap(({ actions }) => actions);

  expect(granted.filter((action) => !asked.some((wanted) => permits(action, wanted)))).toEqual([]);
});

test('the reader role has no action that changes anything', () => {
  expect(roles.read.actions.filter((action) => !action.endsWith('/read'))).toEqual([]);
});

test('a role that lacks an action which the bot uses is found out', () => {
  const without = roles.restore.actions.filter((action) => !action.endsWith('/move/action'));

  const lacks = lacking(byOperation.get('sql.rename') ?? new Set(), [...roles.read.actions, ...without]);

  expect(lacks).toEqual(['Microsoft.Sql/servers/databases/move/action']);
});

test('access.bicep takes every role and nothing but its actions from roles.json', () => {
  const template = readFileSync(join(infra, 'access.bicep'), 'utf8');

  expect(template).toContain("loadJsonContent('roles.json')");
  for (const name of Object.keys(roles)) expect(template).toContain(`actions: roles.${name}.actions`);
  expect(template.match(/ actions: /g)).toHaveLength(Object.keys(roles).length);
});

/** An action on what is in a vault: it is permitted by a data action. A template writes its secrets by an action. */
const isInVault = (action: string): boolean =>
  action.startsWith('Microsoft.KeyVault/vaults/secrets/') && !action.endsWith('/secrets/write');

const onResources = (actions: Iterable<string>): readonly string[] =>
  [...actions].filter((action) => !isInVault(action));

const lacking = (asked: Iterable<string>, granted: readonly string[]): readonly string[] =>
  [...asked].filter((wanted) => !granted.some((action) => permits(action, wanted)));

/** The actions behind the requests that reach Resource Manager while `act` runs. */
async function askedDuring(act: () => Promise<unknown>): Promise<ReadonlySet<string>> {
  const actions = new Set<string>();
  const stop = simulator.onRequest(({ method, url }) => {
    const { host } = new URL(url);
    if (isResource(host)) actions.add(actionOf(method, url));
    if (host.endsWith('.vault.azure.net')) actions.add(dataActionOf(method, url));
  });
  const before = rightsOfDeployments();
  try {
    await act();
    // What Resource Manager does for a deployment it does with the rights of who asked for it.
    for (const right of rightsOfDeployments()) if (!before.has(right)) actions.add(right);
  } finally {
    stop();
  }
  return actions;
}

/** What the deployments so far took beside the right to deploy. */
function rightsOfDeployments(): ReadonlySet<string> {
  const deployments = simulator.estate()['deployments'] as readonly { readonly rights: readonly string[] }[];
  return new Set(deployments.flatMap(({ rights }) => rights));
}

/** The hosts where an action on a resource is asked for: List Queues and List Containers are such actions too. */
const isResource = (host: string): boolean =>
  host === 'management.azure.com' || host.endsWith('.core.windows.net');

async function doEveryReading(): Promise<Asked> {
  const azure = azureAgainst(simulator);
  const databaseId = (await azure.database(server, production))?.databaseId ?? '';
  const readings: Record<string, () => Promise<unknown>> = {
    databaseNames: () => azure.databaseNames(server),
    database: () => azure.database(server, production),
    'sql.dropped': () => azure.sql.dropped(server),
    'sql.failoverGroups': () => azure.sql.failoverGroups(server),
    'sql.usesListener': () => azure.sql.usesListener(app, 'apprequest-fog.database.windows.net'),
    'audit.trail': () => azure.audit.trail(trail, lastDay()),
    'audit.changes': () => azure.audit.changes(server, production, lastDay()),
    locks: () => azure.locks(webAppId(app)),
    webApp: () => azure.webApp(app),
    'directory.user': () => azure.directory.user('00000000-0000-0000-0000-0000000000020'),
    'directory.membersOf': () => azure.directory.membersOf(demoGroups.approvers),
    health: () => azure.health(healthUrl),
    reachable: () => azure.reachable(server.subscriptionId),
    'insights.availability': () => azure.insights.availability(server),
    'insights.changes': () => azure.insights.changes(server, new Date(Date.now() - 86_400_000)),
    'insights.passwords': () => azure.insights.passwords('00000000-0000-0000-0000-0000000000a1'),
    'insights.signIn': () => azure.insights.signIn(null),
    'sql.restored-copy': () =>
      azure.read({
        ...{ check: 'sql.restored-copy', server, database: production },
        expected: { tier: 'S0', restorePoint: minutesAgo(30), sourceBytes: null, collation: null },
      }),
    'sql.database-is': () =>
      azure.read({ check: 'sql.database-is', server, database: production, databaseId }),
    'app.healthy': () => azure.read({ check: 'app.healthy', app, url: healthUrl }),
    'sql.group-led-by': () =>
      azure.read({ check: 'sql.group-led-by', server, failoverGroup, database: production }),
    'sql.replication-caught-up': () =>
      azure.read({
        check: 'sql.replication-caught-up',
        ...{ server, database: production, partnerServer: partner.server },
      }),
    'traffic.profile': () => azure.traffic.profile(profile),
    'traffic.leads-to': () => azure.read({ check: 'traffic.leads-to', profile, endpoint: 'primary' }),
    'domain.record': () => azure.domain.record(zone, 'apps'),
    'domain.binding': () => azure.domain.binding(app, hostName),
    'entra.redirectUris': () => azure.entra.redirectUris(redirect.application),
    'domain.leads-to': () => azure.read({ check: 'domain.leads-to', app, hostName, target: 'a.example' }),
    'resources.inGroup': () => azure.resources.inGroup(server),
    'sql.backups': () => azure.sql.backups(server, production),
    'web.settings': () => azure.web.settings(app),
    'web.settingsChanges': () => azure.web.settingsChanges(app, lastDay().since),
    'web.references': () => azure.web.references(app),
    'web.references-resolved': () =>
      azure.read({ check: 'web.references-resolved', app, settings: ['StorageConnectionString'] }),
    'vault.vault': () => azure.vault.vault(vault),
    'vault.deletedVault': () => azure.vault.deletedVault(vault),
    'vault.secrets': () => azure.vault.secrets(vault),
    'vault.deletedSecrets': () => azure.vault.deletedSecrets(vault),
    'web.report': () => azure.web.report(healthUrl),
    'storage.account': () => azure.storage.account(storage),
    'storage.reachable': () => azure.storage.reachable(storage),
    'storage.waiting': () => azure.storage.waiting(storage),
    'storage.nameAvailable': () => azure.storage.nameAvailable(storage.subscriptionId, 'stappreqdemo02'),
    'storage.answers': () => azure.read({ check: 'storage.answers', account: storage }),
    'storage.account-is': () =>
      azure.read({
        ...{ check: 'storage.account-is', account: storage, primaryLocation: 'eastus', sku: 'Standard_GRS' },
      }),
    'packages.versions': () => azure.packages.versions({ ...packages, channels: ['latest'] }, []),
    'web.settings-are': () =>
      azure.read({ check: 'web.settings-are', app, package: packageOf('1.34.0'), others: '', count: 0 }),
    'web.version-is': () => azure.read({ check: 'web.version-is', url: healthUrl, version: '1.34.0' }),
  };
  const { op: _op, resources: _resources, ...request } = { ...deploy, group: network };
  const rebuilding: Record<string, () => Promise<unknown>> = {
    'sql.geoBackup': () => azure.sql.geoBackup(server, production),
    'sql.server': () => azure.sql.server(server),
    'deployments.group': () => azure.deployments.group(server),
    'deployments.template': () => azure.deployments.template({ uri: templateUri }),
    'deployment.valid': () => azure.read({ check: 'deployment.valid', ...request }),
    'deployment.what-if': () => azure.read({ check: 'deployment.what-if', ...request, makes: [] }),
    'sql.fresh-database': () =>
      azure.read({
        ...{ check: 'sql.fresh-database', server, database: production },
        ...{ madeAfter: minutesAgo(1), atMostBytes: 1 },
      }),
    'sql.recovered-copy': () =>
      azure.read({ check: 'sql.recovered-copy', server, database: production, tier: null }),
  };
  return inTurn([...Object.entries(readings), ...Object.entries(rebuilding)]);
}

/** A whole restore of a replicated database with everything around it, each operation looked at as a resumed run does. */
async function doEveryOperation(): Promise<Asked> {
  const azure = azureAgainst(simulator);
  const idOf = async (where: typeof server, name: string) => {
    const databaseId = (await azure.database(where, name))?.databaseId;
    if (!databaseId) throw new Error(`There is no ${name} on ${where.server}.`);
    return databaseId;
  };
  const old = await idOf(partner, production);
  const dropped = await droppedDatabase(azure);
  const here = { server, database: production };
  simulator.vaults.deleteSecret(vault.vault, 'SqlConnectionString');
  const application = '00000000-0000-0000-0000-0000000000a1';
  const newServer = { ...newGroup, server: 'sql-apprequest-test-roles1' };
  const operations: readonly Operation[] = [
    { ...createGroup, group: newGroup },
    { ...createServer, server: newServer },
    { ...geoRestore, server: newServer },
    {
      ...{ ...deploy, group: newGroup },
      parameters: { ...deploy.parameters, environmentName: 'test', uniqueSuffix: 'roles1' },
    },
    { op: 'group.delete', group: newGroup, run: createGroup.run },
    { op: 'vault.recover-secret', vault, secret: 'SqlConnectionString' },
    {
      ...{ op: 'vault.set-secret', vault, secret: 'StorageConnectionString', mark: 'roles' },
      source: { from: 'storage-key', account: storage },
    },
    { op: 'entra.remove-password', application, mark: 'roles' },
    { op: 'sql.leave-failover-group', ...here, failoverGroup },
    { op: 'sql.end-replication', ...here, partnerServer: partner.server },
    { op: 'sql.rename', server: partner, from: production, to: 'set-aside', databaseId: old },
    {
      ...{ op: 'sql.point-in-time-restore', server, source: production, target: 'copy' },
      ...{ at: minutesAgo(30), tier: 'S0', location: 'eastus' },
    },
    {
      ...{ op: 'sql.restore-dropped', server, dropped, target: 'back', at: null },
      ...{ tier: 'S0', location: 'eastus' },
    },
    { op: 'sql.create-secondary', ...here, partner, partnerLocation: 'westus2', tier: 'S0' },
    { op: 'sql.join-failover-group', ...here, failoverGroup },
    { op: 'web.refresh-references', app, settings: ['StorageConnectionString'] },
    { op: 'app.restart', app },
    { op: 'web.set-package', app, from: packageOf('1.34.0'), to: packageOf('1.33.0') },
    { op: 'storage.fail-over', account: storage, how: 'planned', from: 'eastus', to: 'westus' },
    { op: 'storage.set-redundancy', account: storage, sku: 'Standard_RAGRS' },
    {
      ...{ op: 'storage.create-account', account: { ...storage, account: 'stappreqdemo02' } },
      ...{
        location: 'eastus',
        sku: 'Standard_GRS',
        kind: 'StorageV2',
        minimumTlsVersion: 'TLS1_2',
        tags: {},
      },
    },
    { op: 'sql.delete', server: partner, database: 'set-aside', databaseId: old },
    { op: 'vault.recover-vault', vault, location: 'eastus' },
    { op: 'vault.let-read', vault, principal: '5a17e000-0000-4000-8000-000000000001' },
    { op: 'domain.unbind-host-name', app, hostName },
    { op: 'domain.add-verification', zone, record: 'apps', app },
    { op: 'domain.bind-host-name', app, hostName },
    { op: 'domain.bind-certificate', app, hostName, thumbprint: thumbprintOf(app) },
    { op: 'domain.create-certificate', app, hostName },
    {
      op: 'domain.point-record',
      zone,
      record: 'apps',
      from: trafficName,
      to: `${app.app}.azurewebsites.net`,
    },
    { op: 'entra.add-redirect-uri', ...redirect },
    { op: 'entra.remove-redirect-uri', ...redirect },
    { op: 'traffic.set-endpoint', profile, endpoint: 'primary', status: 'Disabled' },
    { op: 'sql.fail-over-group', server: partner, failoverGroup, how: 'planned' },
    { op: 'sql.fail-over-group', server, failoverGroup, how: 'forced' },
    { op: 'sql.create-failover-group', server, failoverGroup: 'roles-fog', partner },
  ];
  return inTurn(
    operations.map((one) => [
      one.op,
      async () => {
        if (one.op === 'vault.recover-vault') simulator.vaults.deleteVault(vault.vault);
        // Slow enough to be asked how far it is: what it has made so far is a reading of its own.
        simulator.setSpeed(one.op === 'deployment.deploy' ? 100 : SPEED);
        const begun = sent(one.op);
        await azure.handler(one).look(one, { ...begun, resumed: true });
        await beginAndWait(azure, one, one.op);
        await azure.handler(one).look(one, { ...begun, resumed: true });
      },
    ]),
  );
}

/** Somebody has deleted a database; gives its name among the deleted ones. */
async function droppedDatabase(azure: Azure): Promise<string> {
  const gone = { server, source: production, target: 'gone', tier: 'S0', location: 'eastus' } as const;
  const made = await beginAndWait(azure, {
    ...{ op: 'sql.point-in-time-restore', ...gone },
    at: minutesAgo(30),
  });
  // Azure restores a deleted database only where a first backup of it was made.
  await new Promise((later) => setTimeout(later, 400));
  const databaseId = String(made['databaseId']);
  await beginAndWait(azure, { op: 'sql.delete', server, database: 'gone', databaseId });
  for (;;) {
    const [last] = await azure.sql.dropped(server);
    if (last) return last.id;
    await new Promise((later) => setTimeout(later, 25));
  }
}

const lastDay = () => ({ since: new Date(minutesAgo(1440)), until: new Date() });

async function inTurn(
  named: readonly (readonly [name: string, act: () => Promise<unknown>])[],
): Promise<Asked> {
  const asked = new Map<string, ReadonlySet<string>>();
  for (const [name, act] of named)
    asked.set(name, new Set([...(asked.get(name) ?? []), ...(await askedDuring(act))]));
  return asked;
}

const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

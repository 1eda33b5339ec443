import { seedActivity } from './arm/seed-activity';
import { DAY, HOUR, MINUTE } from './clock';
import { seedDirectory } from './graph/directory-state';
import { seedApplications } from './graph/seed-applications';
import { seedDomain } from './network/seed';
import { demoProfile, seedSecondSite } from './seed-second-site';
import { seedValue } from './seed-value';
import { GIB } from './sql/service-objectives';
import type { Database, DataChange, SeedName, Server, Site, State } from './state';
import { connectionStringOf, demoStorage } from './storage/seed';
import { seedVaults } from './vault/seed-vaults';
import { resolveReferences } from './web/key-vault-references';
import { startProcess } from './web/process';
import { RUNNING, releases, urlOf } from './web/releases';
import { newId } from './world';

/** Who the demo's client signs in as. The values open nothing but the simulator. */
export const demoCredentials = {
  tenantId: '00000000-0000-0000-0000-0000000000d0',
  clientId: '00000000-0000-0000-0000-0000000000b0',
  clientSecret: 'simulator-only-client-secret',
};

/** Who causes the disasters of the demo by hand: an owner of the subscription who may also use and delete secrets. */
export const demoAdministrator = {
  ...{ tenantId: demoCredentials.tenantId, clientId: '00000000-0000-0000-0000-0000000000ad' },
  clientSecret: 'simulator-only-administrator-secret',
};

const botObjectId = '00000000-0000-0000-0000-0000000000b1';
const administratorObjectId = '00000000-0000-0000-0000-0000000000ae';

/** The demo's subscription. */
export const demoSubscription = '00000000-0000-0000-0000-00000000d0c5';

const primaryServer: Server = {
  name: 'sql-apprequest-prod-demo01',
  resourceGroup: 'apprequest-prod',
  location: 'eastus',
  administratorLogin: 'appreqadmin',
  tags: { app: 'apprequest', env: 'prod' },
};

const secondaryServer: Server = {
  name: 'sql-apprequest-dr-demo01',
  resourceGroup: 'apprequest-dr',
  location: 'westus2',
  administratorLogin: 'appreqadmin',
  tags: { app: 'apprequest', env: 'dr' },
};

const groupName = 'apprequest-fog';

/** The demo's estate as it is when the simulator first starts: all well, but Anna has just deleted 214 requests. */
export function seedState(seed: SeedName, now: Date, speed: number): State {
  const tier3 = seed === 'tier3';
  const servers = tier3 ? [primaryServer, secondaryServer] : [primaryServer];
  const state: State = {
    version: 2,
    seed,
    clock: { realAnchor: now.getTime(), azureAnchor: 0, speed },
    idsGiven: 0,
    tenant: {
      id: demoCredentials.tenantId,
      domain: 'contoso.onmicrosoft.com',
      // The same for every seed: a reset of the estate does not sign anyone out.
      signingKey: seedValue('tenant', 'token signing'),
      applications: [
        {
          clientId: demoCredentials.clientId,
          objectId: botObjectId,
          secret: demoCredentials.clientSecret,
        },
        {
          clientId: demoAdministrator.clientId,
          objectId: administratorObjectId,
          secret: demoAdministrator.clientSecret,
        },
      ],
    },
    subscription: { id: demoSubscription, displayName: 'Contoso production' },
    resourceGroups: byName([
      { name: 'apprequest-prod', location: 'eastus', tags: { app: 'apprequest', env: 'prod' } },
      // Apart from either region: a group's records are kept in its own.
      { name: 'contoso-dns', location: 'centralus', tags: {} },
      { name: 'dr-bot', location: 'centralus', tags: { app: 'dr-bot' } },
      ...(tier3
        ? [{ name: 'apprequest-dr', location: 'westus2', tags: { app: 'apprequest', env: 'dr' } }]
        : []),
    ]),
    locks: {},
    roleAssignments: {},
    servers: byName(servers),
    databases: [],
    droppedDatabases: [],
    replicationLinks: [],
    failoverGroups: [],
    operations: {},
    sites: {},
    vaults: {},
    applications: {},
    directory: seedDirectory(),
    storageAccounts: {},
    network: { profiles: {}, zones: {}, bindings: {}, certificates: {} },
    regionsDown: {},
    activityLog: [],
    ...{ deployments: [], whatIfs: {}, plainResources: {} },
  };
  addDatabases(state, servers, now);
  if (tier3) {
    addReplication(state, now);
  }
  const storage = demoStorage(seed, now);
  state.storageAccounts[storage.name] = storage;
  seedVaults(state, now, tier3 ? groupName : primaryServer.name, connectionStringOf(storage), {
    bot: botObjectId,
    administrator: administratorObjectId,
  });
  seedApplications(state, now);
  addSite(state, now);
  if (tier3) {
    start(
      state,
      now,
      seedSecondSite(state, now, { sqlHost: groupName, bot: botObjectId, packageUrl: runningPackage() }),
    );
    const profile = demoProfile(state);
    state.network.profiles[profile.name] = profile;
  }
  const target = tier3 ? 'apprequest-portal.trafficmanager.net' : 'apprequest-prod-demo01.azurewebsites.net';
  seedDomain(state, now, target, Object.values(state.sites));
  seedActivity(
    state,
    now,
    `/subscriptions/${demoSubscription}/resourceGroups/apprequest-prod/providers/Microsoft.Sql/servers/${primaryServer.name}/databases/AppRequestPortal`,
  );
  return state;
}

function addDatabases(state: State, servers: readonly Server[], now: Date): void {
  const created = new Date(now.getTime() - 210 * DAY).toISOString();
  for (const server of servers) {
    const common = {
      server: server.name,
      status: 'Online' as const,
      creationDate: created,
      firstBackupDate: new Date(Date.parse(created) + 16 * MINUTE).toISOString(),
      collation: 'SQL_Latin1_General_CP1_CI_AS',
      backupRedundancy: 'Geo' as const,
      retentionDays: 7,
      diffBackupIntervalInHours: 12,
    };
    const portal: Database = {
      ...common,
      name: 'AppRequestPortal',
      databaseId: newId(state),
      objective: 'S0',
      maxSizeBytes: 250 * GIB,
      dataBytes: 4 * GIB,
      tags: { app: 'apprequest', owner: 'app-request-team' },
      history: requestHistory(now),
      system: false,
    };
    const master: Database = {
      ...common,
      name: 'master',
      databaseId: newId(state),
      objective: 'System',
      maxSizeBytes: 30 * GIB,
      dataBytes: GIB / 64,
      tags: {},
      history: [],
      system: true,
    };
    state.databases.push(master, portal);
  }
}

/** 1,284 requests made over the months and days before, 214 deleted 25 minutes ago, and 3 made since. */
function requestHistory(now: Date): readonly DataChange[] {
  const change = (ago: number, rows: number, by: string, what: string): DataChange => ({
    at: new Date(now.getTime() - ago).toISOString(),
    table: 'requests',
    rows,
    by,
    what,
  });
  const people = ['Anna', 'Bilal', 'Chen', 'Dora', 'Emil'];
  const recent = Array.from({ length: 64 }, (_, index) => {
    const rows = 2 + ((index * 7) % 5);
    const by = people[index % people.length] ?? 'Anna';
    return change(8 * DAY - index * 3 * HOUR, rows, by, `${by} made ${rows} requests`);
  });
  const made = recent.reduce((sum, { rows }) => sum + rows, 0);
  const earlier = 1_284 - made;
  return [
    change(200 * DAY, earlier, 'everyone', `${earlier} requests made in the months before`),
    ...recent,
    change(25 * MINUTE, -214, 'Anna', 'Anna deleted 214 requests'),
    change(12 * MINUTE, 2, 'Chen', 'Chen made 2 requests'),
    change(3 * MINUTE, 1, 'Dora', 'Dora made 1 request'),
  ];
}

function addReplication(state: State, now: Date): void {
  state.replicationLinks.push({
    id: newId(state),
    database: 'AppRequestPortal',
    primary: primaryServer.name,
    secondary: secondaryServer.name,
    startTime: new Date(now.getTime() - 90 * DAY).toISOString(),
    seeded: true,
  });
  state.failoverGroups.push({
    name: groupName,
    primary: primaryServer.name,
    secondary: secondaryServer.name,
    databases: ['AppRequestPortal'],
    readWrite: { policy: 'Manual' },
    readOnlyPolicy: 'Disabled',
    tags: {},
  });
}

function addSite(state: State, now: Date): void {
  const reference = (secret: string) =>
    `@Microsoft.KeyVault(SecretUri=https://kv-appreq-demo01.vault.azure.net/secrets/${secret}/)`;
  const started = new Date(now.getTime() - 9 * DAY);
  const site = {
    name: 'apprequest-prod-demo01',
    resourceGroup: 'apprequest-prod',
    location: 'eastus',
    plan: 'asp-apprequest-prod',
    state: 'Running' as const,
    settings: {
      ASPNETCORE_ENVIRONMENT: 'Production',
      AzureAd__ClientId: '00000000-0000-0000-0000-0000000000a1',
      AzureAd__ClientSecret: reference('AzureAdClientSecret'),
      ConnectionStrings__DefaultConnection: reference('SqlConnectionString'),
      StorageConnectionString: reference('StorageConnectionString'),
      WEBSITE_RUN_FROM_PACKAGE: runningPackage(),
    },
    slotSettingNames: ['ASPNETCORE_ENVIRONMENT'],
    references: {},
    process: null,
    lastModified: started.toISOString(),
  };
  start(state, now, site);
}

/** Puts an app in place that has been running for nine days. */
function start(state: State, now: Date, site: Site): void {
  const started = new Date(now.getTime() - 9 * DAY);
  state.sites[site.name] = site;
  const asOfStart = { state, now: () => started, log: () => undefined };
  resolveReferences(asOfStart, site);
  startProcess(asOfStart, site, 0);
}

function runningPackage(): string {
  const release = releases.find(({ version }) => version === RUNNING);
  return release === undefined ? '1' : urlOf(release);
}

function byName<Item extends { readonly name: string }>(items: readonly Item[]): Record<string, Item> {
  return Object.fromEntries(items.map((item) => [item.name.toLowerCase(), item]));
}

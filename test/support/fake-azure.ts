import { readFileSync, writeFileSync } from 'node:fs';
import type { AuditEntry } from '../../src/azure/audit/audit-trail';
import type { Azure, Database, Health } from '../../src/azure/azure';
import type { Check, Finding, Reading } from '../../src/azure/check';
import type { SqlServerRef } from '../../src/azure/refs';
import { databaseResourceId } from '../../src/azure/resource-id';
import { fakeInsights } from './fake-azure-insights';
import {
  type FakeNetwork,
  fakeDomain,
  fakeEntra,
  fakeNetworkReaders,
  fakeTraffic,
  freshNetwork,
} from './fake-azure-network';
import { fakeHandler } from './fake-azure-operations';
import {
  type FakeRegion,
  fakeDeploymentReadings,
  fakeGeoReadings,
  fakeRegionReaders,
} from './fake-azure-region';
import { fakeResources } from './fake-azure-resources';
import { fakeSqlReadings, groupsOn, leaderOf, linksOn } from './fake-azure-sql';
import {
  type FakeAccount,
  fakeStorageReaders,
  fakeStorageReadings,
  freshAccount,
} from './fake-azure-storage';
import {
  enterFakeSecret,
  type FakeVault,
  fakeStatus,
  fakeVaultReadings,
  freshVault,
} from './fake-azure-vault';
import { fakeWebReaders, fakeWebReadings } from './fake-azure-web';

/** A database as the small Azure keeps it. */
export interface FakeDatabase {
  readonly id: string;
  readonly status: 'Online' | 'Restoring';
  readonly tier: string;
  readonly createdAt: number;
  readonly retentionDays: number;
  readonly tags: { readonly [name: string]: string };
  /** What a copy was restored to, as ISO 8601. */
  readonly restorePoint?: string;
}

/** A deleted database of the primary server. Times are ISO 8601. */
interface FakeDropped {
  readonly name: string;
  readonly deletedAt: string;
  readonly earliestRestore: string;
  readonly tier: string;
}

/** Everything that this Azure knows. Plain JSON, so that it can outlive the process that changed it. */
export interface FakeState extends FakeRegion {
  /** By server and name. */
  databases: { [server: string]: { [name: string]: FakeDatabase } };
  links: { server: string; database: string; partner: string }[];
  groups: { name: string; server: string; partner: string; databases: string[] }[];
  storage: { [account: string]: FakeAccount };
  locks: { name: string; level: 'ReadOnly' | 'CanNotDelete'; scope: string }[];
  /** Deleted databases that can still be restored, by their own name in Azure. */
  dropped: { [id: string]: FakeDropped };
  /** What people did to the rows, as the app tells it. Times are ISO 8601. */
  trail: (Omit<AuditEntry, 'at'> & { readonly at: string })[];
  /** The app's settings, WEBSITE_RUN_FROM_PACKAGE among them. */
  settings: { [name: string]: string };
  /** The schema that the database has been moved to. */
  schema: number;
  /** When the app's settings were written, newest first, as ISO 8601. */
  deployments: string[];
  /** Every change that was made, oldest first: `sql.rename shop → shop-old`, with the request's id. */
  changes: { change: string; requestId: string }[];
  /** How often a copy that is being made is looked at before it is done. */
  looksToGo: { [target: string]: number };
  network: FakeNetwork;
  nextId: number;
  vault: FakeVault;
}

/** What a test does at a moment of a change: throw an `AzureProblem`, end the process, look. */
export interface FakeHooks {
  readonly before?: (change: string) => void;
  readonly after?: (change: string) => void;
}

/** A small Azure in memory, or in a file when it must outlive a process: databases in a map, and Azure's rules. */
export interface FakeAzure extends Azure {
  readonly state: FakeState;
  /** What was changed, in order. */
  readonly changes: () => readonly string[];
  /** Writes the state down, if it lives in a file. Everything that changes it must call this. */
  readonly save: () => void;
}

export const primary: SqlServerRef = { subscriptionId: 'sub', resourceGroup: 'group', server: 'sql-primary' };
const secondary: SqlServerRef = {
  subscriptionId: 'sub',
  resourceGroup: 'group',
  server: 'sql-secondary',
};
const regions: { readonly [server: string]: string } = {
  'sql-primary': 'eastus',
  'sql-secondary': 'westus2',
};

const online = (id: string): FakeDatabase => ({
  ...{ id, status: 'Online', tier: 'S0', createdAt: 0, retentionDays: 7, tags: {} },
});

/** One production database `shop`; with `replicated` it has a secondary, with `group` they are in a failover group. */
export const freshState = (more: { replicated?: boolean; group?: boolean } = {}): FakeState => ({
  databases: {
    'sql-primary': { shop: online('id-shop') },
    'sql-secondary': more.replicated || more.group ? { shop: online('id-shop-secondary') } : {},
  },
  links:
    more.replicated || more.group
      ? [{ server: 'sql-primary', database: 'shop', partner: 'sql-secondary' }]
      : [],
  groups: more.group
    ? [{ name: 'fog-shop', server: 'sql-primary', partner: 'sql-secondary', databases: ['shop'] }]
    : [],
  storage: { stshop: freshAccount() },
  ...{
    locks: [],
    dropped: {},
    changes: [],
    looksToGo: {},
    nextId: 1,
    vault: freshVault(),
    network: freshNetwork(),
  },
  trail: [],
  ...{ resourceGroups: {}, servers: {}, deployed: [] },
  settings: {
    WEBSITE_RUN_FROM_PACKAGE: 'https://packages.example/bin/latest/Shop-1.3.0.zip',
    Storage: 'a reference',
  },
  ...{ schema: 8, deployments: ['2026-02-14T11:30:00.000Z'] },
});

/** Makes a small Azure. With `file` it starts from what is there and writes every change down before it answers. */
export function createFakeAzure(options: {
  readonly now: () => Date;
  readonly state?: FakeState;
  readonly file?: string;
  readonly hooks?: FakeHooks;
}): FakeAzure {
  const state = options.file
    ? (JSON.parse(readFileSync(options.file, 'utf8')) as FakeState)
    : (options.state ?? freshState());
  const save = () => {
    if (options.file) writeFileSync(options.file, JSON.stringify(state));
  };
  const azure: FakeAzure = {
    ...{ state, save },
    changes: () => state.changes.map(({ change }) => change),
    databaseNames: async ({ server }) => Object.keys(state.databases[server] ?? {}),
    database: async (server, name) => databaseIn(state, server, name, options.now()),
    sql: { ...fakeSqlReadings(state), ...fakeGeoReadings(state, options.now) },
    deployments: fakeDeploymentReadings(state),
    audit: {
      trail: async (_ref, { since, until }) =>
        state.trail
          .map((entry) => ({ ...entry, at: new Date(entry.at) }))
          .filter(({ at }) => at >= since && at <= until),
      changes: async () => [],
    },
    locks: async (resourceId) => state.locks.filter((lock) => resourceId.startsWith(lock.scope)),
    directory: { user: async () => null, membersOf: async () => [] },
    webApp: async ({ app }) => ({
      name: app,
      resourceId: app,
      state: 'Running',
      location: 'eastus',
      hostNames: [],
      principalId: 'identity-of-the-app',
    }),
    vault: fakeVaultReadings(state),
    enterSecret: async ({ secret, mark }) => enterFakeSecret(state, secret, mark),
    health: async (url) => health(state, url),
    storage: fakeStorageReadings(state, options.now),
    traffic: fakeTraffic(state),
    domain: fakeDomain(state),
    entra: fakeEntra(state),
    reachable: async () => ({ ok: true, silent: false, words: 'answers', tenantId: null }),
    insights: fakeInsights,
    ...fakeWebReadings(state, async (url) => health(state, url)),
    resources: fakeResources(state),
    handler: (operation) => fakeHandler(azure, options.now, options.hooks ?? {}, operation),
    read: async (check) => reading(state, check),
  };
  return azure;
}

/**
 * The app is green as long as there is a database named `shop` that is online; the one in the second region as long as
 * its own server has one, or replication keeps one there.
 */
const health = (state: FakeState, url: string): Health =>
  (new URL(url).host === 'shop-dr.example' && state.links.length === 0
    ? state.databases['sql-dr']?.['shop']
    : state.databases['sql-primary']?.['shop']
  )?.status === 'Online'
    ? { green: true, status: 200, words: 'HTTP 200, Healthy' }
    : { green: false, status: 503, words: 'HTTP 503, the database does not answer' };

function databaseIn(state: FakeState, ref: SqlServerRef, name: string, now: Date): Database | null {
  const found = state.databases[ref.server]?.[name];
  if (!found) return null;
  const group = groupsOn(state, ref.server).find((one) => one.databases.includes(name));
  const links = linksOn(state, ref.server).filter((one) => one.database === name);
  const otherEnd = (one: { server: string; partner: string }): SqlServerRef => ({
    ...secondary,
    server: one.server === ref.server ? one.partner : one.server,
  });
  const isPrimary = (one: { server: string }) => leaderOf(state, one.server) === ref.server;
  return {
    ...{ name, databaseId: found.id, status: found.status, tier: found.tier, tags: found.tags },
    resourceId: databaseResourceId(ref, name),
    location: regions[ref.server] ?? 'nowhere',
    ...{ elasticPoolId: null, collation: 'SQL_Latin1_General_CP1_CI_AS', usedBytes: 1e9, maxBytes: 2e9 },
    earliestRestore: new Date(now.getTime() - found.retentionDays * 86_400_000),
    latestRestore: new Date(now.getTime() - 10 * 60_000),
    retentionDays: found.retentionDays,
    failoverGroup: group
      ? { name: group.name, role: isPrimary(group) ? 'Primary' : 'Secondary', partners: [otherEnd(group)] }
      : null,
    replication: links.map((link) => ({
      ...{ role: isPrimary(link) ? 'Primary' : 'Secondary', state: 'CATCH_UP', partnerDatabase: name },
      ...{ partnerServer: otherEnd(link).server, partner: otherEnd(link) },
      partnerLocation: regions[otherEnd(link).server] ?? 'nowhere',
    })),
  };
}

/** How the small Azure makes the readings of checks. */
type FakeReaders = {
  readonly [N in Check['check']]: (state: FakeState, check: Extract<Check, { check: N }>) => Reading;
};

const readers: FakeReaders = {
  ...fakeWebReaders,
  ...fakeRegionReaders,
  'app.healthy': (state, { url }) => {
    const { green, words, status } = health(state, url);
    return {
      findings: [{ what: 'Health endpoint', expected: 'green', found: words, ok: green }],
      facts: { green, status },
    };
  },
  'web.references-resolved': (state, { settings }) => ({
    findings: settings.map((setting) => compare(setting, 'Resolved', fakeStatus(state, setting))),
    facts: {},
  }),
  ...fakeStorageReaders,
  ...fakeNetworkReaders,
  'sql.group-led-by': (state, { server, failoverGroup, database }) =>
    databaseReading(state, server, database, () => {
      const group = groupsOn(state, server.server).find((one) => one.name === failoverGroup);
      return compare('Led by', server.server, group && leaderOf(state, group.server));
    }),
  'sql.replication-caught-up': (state, { server, database, partnerServer }) => {
    const link = linksOn(state, server.server).find((one) => one.database === database);
    const partner = link && [link.server, link.partner].find((one) => one !== server.server);
    return { findings: [compare('Replicated to', partnerServer, partner)], facts: {} };
  },
  'sql.database-is': (state, { server, database, databaseId }) =>
    databaseReading(state, server, database, (found) => compare('Database', databaseId, found?.id)),
  'sql.restored-copy': (state, { server, database, expected }) =>
    databaseReading(state, server, database, (found) =>
      compare('Restore point', expected.restorePoint, found?.restorePoint),
    ),
};

// The table pairs each check with its own reader; TypeScript cannot follow that through the union.
const reading = (state: FakeState, check: Check): Reading =>
  (readers[check.check] as (state: FakeState, check: Check) => Reading)(state, check);

const compare = (what: string, expected: string, seen: string | undefined): Finding => ({
  ...{ what, expected, found: seen ?? 'not there', ok: seen === expected },
});

function databaseReading(
  state: FakeState,
  { server }: SqlServerRef,
  name: string,
  asked: (found: FakeDatabase | undefined) => Finding,
): Reading {
  const found = state.databases[server]?.[name];
  return {
    findings: [compare('State', 'Online', found?.status), asked(found)],
    facts: { databaseId: found?.id ?? null },
  };
}

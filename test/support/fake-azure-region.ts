import type { Check, Finding, Reading } from '../../src/azure/check';
import type { DeploymentReadings } from '../../src/azure/deployments/readings';
import type { Begun, Look } from '../../src/azure/operation';
import type { SqlReadings } from '../../src/azure/sql/readings';
import type { FakeDatabase, FakeState } from './fake-azure';
import type { FakeOperations } from './fake-azure-operations';
import { refusal } from './refusal';

/** What the small Azure has of resource groups, servers and deployments. */
export interface FakeRegion {
  /** The run that made each group, by the group's name. */
  resourceGroups: { [name: string]: { run: string } };
  /** The run that made each server; what stood before is in the databases alone. */
  servers: { [name: string]: { run: string } };
  deployed: string[];
}

const absent: Look = { state: 'absent' };
const done: Look & Begun = { state: 'done', facts: {} };

/** Resource groups, templates, and databases from geo-backups. */
export const fakeRegion: FakeOperations<
  'group.create' | 'group.delete' | 'deployment.deploy' | 'sql.create-server' | 'sql.geo-restore'
> = {
  'group.create': {
    name: ({ group }) => group.resourceGroup,
    look: ({ resourceGroups }, { group, run }) => {
      const found = resourceGroups[group.resourceGroup];
      if (!found) return absent;
      return found.run === run ? done : { state: 'blocked', problem: refusal('NameTaken') };
    },
    change: (state, { group, run }) => {
      state.resourceGroups[group.resourceGroup] = { run };
      return done;
    },
  },
  'group.delete': {
    name: ({ group }) => group.resourceGroup,
    look: ({ resourceGroups }, { group, run }) => {
      const found = resourceGroups[group.resourceGroup];
      if (!found) return done;
      return found.run === run ? absent : { state: 'blocked', problem: refusal('NotOurs') };
    },
    change: (state, { group }) => {
      delete state.resourceGroups[group.resourceGroup];
      for (const server of Object.keys(state.servers)) {
        delete state.servers[server];
        delete state.databases[server];
      }
      return done;
    },
  },
  'deployment.deploy': {
    name: ({ name }) => name,
    look: ({ deployed }, { name }) => (deployed.includes(name) ? done : absent),
    change: (state, { group, name }, now) => {
      if (!state.resourceGroups[group.resourceGroup]) throw refusal('ResourceGroupNotFound', { status: 404 });
      for (const server of Object.keys(state.servers))
        state.databases[server] = {
          ...state.databases[server],
          shop: empty(`id-${state.nextId++}`, now.getTime()),
        };
      state.deployed.push(name);
      return done;
    },
  },
  'sql.create-server': {
    name: ({ server }) => server.server,
    look: ({ servers }, { server, run }) => {
      const found = servers[server.server];
      if (!found) return absent;
      return found.run === run ? done : { state: 'blocked', problem: refusal('NameTaken') };
    },
    change: (state, { server, run }) => {
      state.servers[server.server] = { run };
      state.databases[server.server] = {};
      return done;
    },
  },
  'sql.geo-restore': {
    name: ({ target }) => target,
    look: (state, { server, target }) => {
      const found = state.databases[server.server]?.[target];
      return found ? { state: 'done', facts: { databaseId: found.id } } : absent;
    },
    change: (state, { server, target, from, source, tier }, now) => {
      const original = state.databases[from.server]?.[source];
      const databases = state.databases[server.server];
      if (!original || !databases) throw refusal('InvalidRecoverableDatabaseId', { status: 400 });
      if (databases[target]) throw refusal('DatabaseNameInUse', { status: 400 });
      const id = `id-${state.nextId++}`;
      databases[target] = { ...original, id, tier: tier ?? 'GP_Gen5_2', createdAt: now.getTime() };
      return { state: 'done', facts: { databaseId: id } };
    },
  },
};

const empty = (id: string, createdAt: number): FakeDatabase => ({
  ...{ id, status: 'Online', tier: 'S0', createdAt, retentionDays: 7, tags: {} },
});

/** What is read of groups and templates. */
export const fakeDeploymentReadings = (state: FakeState): DeploymentReadings => ({
  group: async ({ resourceGroup }) => {
    const found = state.resourceGroups[resourceGroup];
    return found
      ? { name: resourceGroup, location: 'westus2', tags: { 'dr-bot-run': found.run }, state: 'Succeeded' }
      : null;
  },
  template: async () => ({
    sha256: 'the-seal-of-the-template',
    parameters: [{ name: 'sqlAdminPassword', secure: true, required: true }],
    count: 3,
    types: ['Microsoft.Web/sites', 'Microsoft.Sql/servers', 'Microsoft.Sql/servers/databases'],
  }),
});

/** What is read of servers and geo-backups. */
export const fakeGeoReadings = (
  state: FakeState,
  now: () => Date,
): Pick<SqlReadings, 'geoBackup' | 'server'> => ({
  geoBackup: async ({ server }, database) => {
    const found = state.databases[server]?.[database];
    return found ? { at: new Date(now().getTime() - 35 * 60_000), tier: found.tier } : null;
  },
  server: async ({ server }) =>
    server === 'sql-primary' || state.servers[server]
      ? { name: server, location: 'westus2', state: 'Ready', administrator: 'admin', tags: {} }
      : null,
});

const ok = (what: string, isOk = true): Finding => ({
  what,
  expected: 'yes',
  found: isOk ? 'yes' : 'no',
  ok: isOk,
});

/** How the checks of a rebuilt region are read. */
export const fakeRegionReaders = {
  'deployment.valid': (): Reading => ({ findings: [ok('valid')], facts: {} }),
  'deployment.what-if': (): Reading => ({ findings: [ok('deletes nothing')], facts: {} }),
  'sql.fresh-database': (
    state: FakeState,
    check: Extract<Check, { check: 'sql.fresh-database' }>,
  ): Reading => {
    const found = state.databases[check.server.server]?.[check.database];
    const fresh = found !== undefined && found.createdAt >= Date.parse(check.madeAfter);
    return { findings: [ok('fresh', fresh)], facts: { databaseId: found?.id ?? null } };
  },
  'sql.recovered-copy': (
    state: FakeState,
    check: Extract<Check, { check: 'sql.recovered-copy' }>,
  ): Reading => {
    const found = state.databases[check.server.server]?.[check.database];
    return { findings: [ok('online', found?.status === 'Online')], facts: { databaseId: found?.id ?? null } };
  },
};

import type { Begun, Look } from '../../src/azure/operation';
import type { SqlReadings } from '../../src/azure/sql/readings';
import type { FakeDatabase, FakeState } from './fake-azure';
import type { FakeOperations } from './fake-azure-operations';
import { refusal } from './refusal';

const absent: Look = { state: 'absent' };
const done: Look & Begun = { state: 'done', facts: {} };

const on = (state: FakeState, server: string): { [name: string]: FakeDatabase } => {
  state.databases[server] ??= {};
  return state.databases[server];
};

const groupOf = (state: FakeState, { failoverGroup }: { readonly failoverGroup: string }) => {
  const group = state.groups.find((one) => one.name === failoverGroup);
  if (!group) throw refusal('FailoverGroupNotFound', { status: 404 });
  return group;
};

const linkOf = (state: FakeState, database: string, partner: string) =>
  state.links.find((link) => link.database === database && link.partner === partner);

/** What the small Azure's SQL shows beside single databases. */
export const fakeSqlReadings = (state: FakeState): SqlReadings => ({
  dropped: async () =>
    Object.entries(state.dropped)
      .map(([id, one]) => ({
        ...{ id, name: one.name, tier: one.tier, location: 'eastus', tags: {} },
        deletedAt: new Date(one.deletedAt),
        earliestRestore: new Date(one.earliestRestore),
      }))
      .sort((a, b) => b.deletedAt.getTime() - a.deletedAt.getTime()),
  failoverGroups: async ({ server }) =>
    state.groups
      .filter((group) => [group.server, group.partner].includes(server))
      .map(({ name, server: primary, partner, databases }) => ({
        ...{ name, role: primary === server ? ('Primary' as const) : ('Secondary' as const), databases },
        partners: [
          { subscriptionId: 'sub', resourceGroup: 'group', server: primary === server ? partner : primary },
        ],
      })),
});

/** Azure SQL: databases in a map, their links and failover groups. */
export const fakeSql: FakeOperations<
  | 'sql.point-in-time-restore'
  | 'sql.restore-dropped'
  | 'sql.rename'
  | 'sql.delete'
  | 'sql.leave-failover-group'
  | 'sql.join-failover-group'
  | 'sql.end-replication'
  | 'sql.create-secondary'
> = {
  'sql.point-in-time-restore': {
    name: ({ target }) => target,
    look: (state, operation, sent) => {
      const found = on(state, operation.server.server)[operation.target];
      if (!found) return absent;
      comeOn(state, operation.server.server, operation.target);
      if (found.createdAt < sent.intendedAt.getTime())
        return { state: 'blocked', problem: refusal('NameTaken') };
      return on(state, operation.server.server)[operation.target]?.status === 'Online'
        ? { state: 'done', facts: { databaseId: found.id } }
        : { state: 'under way', percent: 50 };
    },
    change: (state, operation, now) => {
      const databases = on(state, operation.server.server);
      const source = databases[operation.source];
      if (databases[operation.target]) throw refusal('DatabaseNameInUse', { status: 400 });
      if (!source) throw refusal('SourceDatabaseNotFound', { status: 404 });
      databases[operation.target] = {
        ...{ ...source, tags: {}, id: `id-${state.nextId++}`, status: 'Restoring', tier: operation.tier },
        ...{ createdAt: now.getTime(), restorePoint: operation.at },
      };
      state.looksToGo[operation.target] = 2;
      return { state: 'accepted', token: operation.target };
    },
  },
  'sql.restore-dropped': {
    name: ({ dropped, target }) => `${dropped} → ${target}`,
    look: (state, operation, sent) => {
      const found = on(state, operation.server.server)[operation.target];
      if (!found) return absent;
      comeOn(state, operation.server.server, operation.target);
      if (found.createdAt < sent.intendedAt.getTime())
        return { state: 'blocked', problem: refusal('NameTaken') };
      return on(state, operation.server.server)[operation.target]?.status === 'Online'
        ? { state: 'done', facts: { databaseId: found.id } }
        : { state: 'under way', percent: 50 };
    },
    change: (state, operation, now) => {
      const databases = on(state, operation.server.server);
      const source = state.dropped[operation.dropped];
      if (databases[operation.target]) throw refusal('DatabaseNameInUse', { status: 400 });
      if (!source) throw refusal('InvalidDroppedDatabase', { status: 400 });
      databases[operation.target] = {
        ...{ id: `id-${state.nextId++}`, status: 'Restoring', tier: operation.tier ?? 'S0', tags: {} },
        ...{ createdAt: now.getTime(), retentionDays: 7, restorePoint: operation.at ?? source.deletedAt },
      };
      state.looksToGo[operation.target] = 2;
      return { state: 'accepted', token: operation.target };
    },
  },
  'sql.rename': {
    name: ({ from, to }) => `${from} → ${to}`,
    look: (state, operation) => {
      const databases = on(state, operation.server.server);
      const [there, here] = [databases[operation.to], databases[operation.from]];
      if (there?.id === operation.databaseId) return { state: 'done', facts: { databaseId: there.id } };
      if (there) return { state: 'blocked', problem: refusal('NameTaken') };
      if (here?.id === operation.databaseId) return absent;
      return { state: 'blocked', problem: refusal(here ? 'DatabaseReplaced' : 'SourceDatabaseNotFound') };
    },
    change: (state, operation) => {
      const databases = on(state, operation.server.server);
      const found = databases[operation.from];
      if (!found) throw refusal('SourceDatabaseNotFound', { status: 404 });
      if (databases[operation.to]) throw refusal('DatabaseNameInUse', { status: 400 });
      if (state.links.some((link) => link.database === operation.from))
        throw refusal('InvalidOperationForDatabaseInReplicationRelationship');
      databases[operation.to] = found;
      delete databases[operation.from];
      return { state: 'done', facts: { databaseId: found.id } };
    },
  },
  'sql.delete': {
    name: ({ database }) => database,
    look: (state, operation) => {
      return on(state, operation.server.server)[operation.database] ? absent : done;
    },
    change: (state, operation) => {
      delete on(state, operation.server.server)[operation.database];
      return done;
    },
  },
  'sql.leave-failover-group': {
    name: ({ database }) => database,
    look: (state, operation) => {
      return groupOf(state, operation).databases.includes(operation.database) ? absent : done;
    },
    change: (state, operation) => {
      const group = groupOf(state, operation);
      group.databases = group.databases.filter((one) => one !== operation.database);
      return done;
    },
  },
  'sql.join-failover-group': {
    name: ({ database }) => database,
    look: (state, operation) => {
      return groupOf(state, operation).databases.includes(operation.database) ? done : absent;
    },
    change: (state, operation) => {
      const group = groupOf(state, operation);
      group.databases.push(operation.database);
      // A database that is still replicated to the partner keeps its secondary.
      if (!linkOf(state, operation.database, group.partner))
        replicate(state, group.server, group.partner, operation.database);
      return done;
    },
  },
  'sql.end-replication': {
    name: ({ database }) => database,
    look: (state, operation) => {
      return linkOf(state, operation.database, operation.partnerServer) ? absent : done;
    },
    change: (state, operation) => {
      state.links = state.links.filter((link) => link.database !== operation.database);
      return done;
    },
  },
  'sql.create-secondary': {
    name: ({ database }) => database,
    look: (state, operation) => {
      return linkOf(state, operation.database, operation.partner.server) ? done : absent;
    },
    change: (state, operation) => {
      replicate(state, operation.server.server, operation.partner.server, operation.database);
      return done;
    },
  },
};

function replicate(state: FakeState, server: string, partner: string, database: string): void {
  const source = on(state, server)[database];
  if (!source) throw refusal('SourceDatabaseNotFound', { status: 404 });
  if (on(state, partner)[database]) throw refusal('DatabaseNameInUse', { status: 400 });
  on(state, partner)[database] = { ...source, id: `id-${state.nextId++}` };
  state.links.push({ server, database, partner });
}

/** A copy that is being made is a little further on whenever somebody looks. */
function comeOn(state: FakeState, server: string, name: string): void {
  const databases = on(state, server);
  const found = databases[name];
  const toGo = (state.looksToGo[name] ?? 0) - 1;
  state.looksToGo[name] = toGo;
  if (found && toGo <= 0) databases[name] = { ...found, status: 'Online' };
}

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
export const fakeSqlReadings = (state: FakeState): Omit<SqlReadings, 'geoBackup' | 'server'> => ({
  dropped: async () =>
    Object.entries(state.dropped)
      .map(([id, one]) => ({
        ...{ id, name: one.name, tier: one.tier, location: 'eastus', tags: {} },
        deletedAt: new Date(one.deletedAt),
        earliestRestore: new Date(one.earliestRestore),
      }))
      .sort((a, b) => b.deletedAt.getTime() - a.deletedAt.getTime()),
  usesListener: async () => true,
  failoverGroups: async ({ server }) => {
    if (state.network.down.includes(server)) throw refusal('GatewayTimeout', { status: 504, passing: true });
    return groupsOn(state, server).map(({ name, server: made, partner, databases }) => ({
      ...{ name, role: leaderOf(state, made) === server ? 'Primary' : 'Secondary', databases },
      ...{ policy: 'Manual', graceMinutes: null, listener: `${name}.database.windows.net` },
      partners: [{ subscriptionId: 'sub', resourceGroup: 'group', server: made === server ? partner : made }],
    }));
  },
  backups: async ({ server }, database) => {
    const found = state.databases[server]?.[database];
    return found ? { redundancy: 'Geo', days: found.retentionDays, differentialHours: 12 } : null;
  },
});

const isOff = (state: FakeState, group: string, database?: string): boolean =>
  state.network.off.includes(group) ||
  (database !== undefined && state.network.off.includes(`${group}/${database}`));

/** The failover groups that a server is in, with the members whose protection is on. */
export const groupsOn = (state: FakeState, server: string) =>
  state.groups
    .filter((group) => [group.server, group.partner].includes(server) && !isOff(state, group.name))
    .map((group) => ({
      ...group,
      databases: group.databases.filter((database) => !isOff(state, group.name, database)),
    }));

/** The links that start or end on a server; those of a group go with its members' protection. */
export const linksOn = (state: FakeState, server: string) =>
  state.links.filter(
    (link) =>
      [link.server, link.partner].includes(server) &&
      !state.groups.some(
        (group) => group.databases.includes(link.database) && isOff(state, group.name, link.database),
      ),
  );

/** The server that leads what was made on a server: it, or the one that its group was failed over to. */
export const leaderOf = (state: FakeState, made: string): string => {
  const group = state.groups.find((one) => one.server === made);
  return (group && state.network.leads[group.name]) ?? made;
};

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
  | 'sql.fail-over-group'
  | 'sql.create-failover-group'
> = {
  'sql.fail-over-group': {
    name: ({ server, how }) => `${server.server} ${how}`,
    look: (state, operation) =>
      leaderOf(state, groupOf(state, operation).server) === operation.server.server ? done : absent,
    change: (state, operation) => {
      const group = groupOf(state, operation);
      const leader = leaderOf(state, group.server);
      if (leader === operation.server.server)
        throw refusal('FailoverGroupFailoverRequestOnPrimary', { status: 400 });
      if (operation.how === 'planned' && state.network.down.includes(leader))
        throw refusal('PlannedFailoverTimedOut', { status: 400 });
      state.network.leads[group.name] = operation.server.server;
      return done;
    },
  },
  'sql.create-failover-group': {
    name: ({ failoverGroup }) => failoverGroup,
    look: (state, { failoverGroup }) =>
      state.groups.some((one) => one.name === failoverGroup) && !isOff(state, failoverGroup) ? done : absent,
    change: (state, { failoverGroup, server, partner }) => {
      const known = state.groups.find((one) => one.name === failoverGroup);
      // A new group holds no databases until they are added.
      if (known) {
        const members = known.databases.map((database) => `${failoverGroup}/${database}`);
        state.network.off = [...state.network.off.filter((one) => one !== failoverGroup), ...members];
      } else {
        state.groups.push({
          name: failoverGroup,
          server: server.server,
          partner: partner.server,
          databases: [],
        });
      }
      return done;
    },
  },
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
      if (linksOn(state, operation.server.server).some((link) => link.database === operation.from))
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
      const { name, databases } = groupOf(state, operation);
      const on = databases.includes(operation.database) && !isOff(state, name, operation.database);
      return on ? absent : done;
    },
    change: (state, operation) => {
      const group = groupOf(state, operation);
      const member = `${group.name}/${operation.database}`;
      if (state.network.remade.includes(member)) {
        state.network.off.push(member);
        return done;
      }
      group.databases = group.databases.filter((one) => one !== operation.database);
      return done;
    },
  },
  'sql.join-failover-group': {
    name: ({ database }) => database,
    look: (state, operation) => {
      const { name, databases } = groupOf(state, operation);
      return databases.includes(operation.database) && !isOff(state, name, operation.database)
        ? done
        : absent;
    },
    change: (state, operation) => {
      const group = groupOf(state, operation);
      const member = `${group.name}/${operation.database}`;
      const { off } = state.network;
      if (off.includes(member)) state.network.remade.push(member);
      state.network.off = off.filter((one) => one !== member);
      if (!group.databases.includes(operation.database)) group.databases.push(operation.database);
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

import type { Begun, Look, Operation, OperationHandler, Sent } from '../../src/azure/operation';
import type { FakeAzure, FakeDatabase, FakeHooks, FakeState } from './fake-azure';
import { refusal } from './refusal';

/** How the small Azure does an operation: the rules of Azure, without its network. */
export function fakeHandler<O extends Operation>(
  azure: FakeAzure,
  now: () => Date,
  hooks: FakeHooks,
  operation: O,
): OperationHandler<O> {
  const { state } = azure;
  const name = changeName(operation);
  return {
    rest: () => name,
    target: () => targetOf(operation),
    look: async (_, sent) => {
      const seen = look(state, operation, sent);
      azure.save();
      return seen;
    },
    begin: async (_, sent) => {
      hooks.before?.(name);
      const begun = change(state, operation, now());
      state.changes.push({ change: name, requestId: sent.requestId });
      azure.save();
      hooks.after?.(name);
      return begun;
    },
    poll: async () => {
      const seen = look(state, operation, { requestId: '', intendedAt: new Date(0), resumed: true });
      azure.save();
      return seen.state === 'done' ? seen : { state: 'under way', percent: 50, retryAfterMs: 20 };
    },
  };
}

function changeName(operation: Operation): string {
  switch (operation.op) {
    case 'sql.rename':
      return `${operation.op} ${operation.from} → ${operation.to}`;
    case 'sql.point-in-time-restore':
      return `${operation.op} ${operation.target}`;
    case 'app.restart':
      return `${operation.op} ${operation.app.app}`;
    default:
      return `${operation.op} ${operation.database}`;
  }
}

const targetOf = (operation: Operation): string => changeName(operation).split(' ')[1] ?? '';

const on = (state: FakeState, server: string): { [name: string]: FakeDatabase } => {
  state.databases[server] ??= {};
  return state.databases[server];
};

function look(state: FakeState, operation: Operation, sent: Sent): Look {
  const absent: Look = { state: 'absent' };
  const done: Look = { state: 'done', facts: {} };
  switch (operation.op) {
    case 'sql.point-in-time-restore': {
      const found = on(state, operation.server.server)[operation.target];
      if (!found) return absent;
      comeOn(state, operation.server.server, operation.target);
      if (found.createdAt < sent.intendedAt.getTime())
        return { state: 'blocked', problem: refusal('NameTaken') };
      return on(state, operation.server.server)[operation.target]?.status === 'Online'
        ? { state: 'done', facts: { databaseId: found.id } }
        : { state: 'under way', percent: 50 };
    }
    case 'sql.rename': {
      const databases = on(state, operation.server.server);
      const [there, here] = [databases[operation.to], databases[operation.from]];
      if (there?.id === operation.databaseId) return { state: 'done', facts: { databaseId: there.id } };
      if (there) return { state: 'blocked', problem: refusal('NameTaken') };
      if (here?.id === operation.databaseId) return absent;
      return { state: 'blocked', problem: refusal(here ? 'DatabaseReplaced' : 'SourceDatabaseNotFound') };
    }
    case 'sql.delete':
      return on(state, operation.server.server)[operation.database] ? absent : done;
    case 'sql.leave-failover-group':
      return groupOf(state, operation).databases.includes(operation.database) ? absent : done;
    case 'sql.join-failover-group':
      return groupOf(state, operation).databases.includes(operation.database) ? done : absent;
    case 'sql.end-replication':
      return linkOf(state, operation.database, operation.partnerServer) ? absent : done;
    case 'sql.create-secondary':
      return linkOf(state, operation.database, operation.partner.server) ? done : absent;
    case 'app.restart':
      // It leaves nothing behind but a line in the activity log, which is asked only by who may have sent it before.
      return sent.resumed && state.changes.some((one) => one.requestId === sent.requestId) ? done : absent;
  }
}

const groupOf = (state: FakeState, { failoverGroup }: { readonly failoverGroup: string }) => {
  const group = state.groups.find((one) => one.name === failoverGroup);
  if (!group) throw refusal('FailoverGroupNotFound', { status: 404 });
  return group;
};

const linkOf = (state: FakeState, database: string, partner: string) =>
  state.links.find((link) => link.database === database && link.partner === partner);

function change(state: FakeState, operation: Operation, now: Date): Begun {
  const done: Begun = { state: 'done', facts: {} };
  switch (operation.op) {
    case 'sql.point-in-time-restore': {
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
    }
    case 'sql.rename': {
      const databases = on(state, operation.server.server);
      const found = databases[operation.from];
      if (!found) throw refusal('SourceDatabaseNotFound', { status: 404 });
      if (databases[operation.to]) throw refusal('DatabaseNameInUse', { status: 400 });
      if (state.links.some((link) => link.database === operation.from))
        throw refusal('InvalidOperationForDatabaseInReplicationRelationship');
      databases[operation.to] = found;
      delete databases[operation.from];
      return { state: 'done', facts: { databaseId: found.id } };
    }
    case 'sql.delete':
      delete on(state, operation.server.server)[operation.database];
      return done;
    case 'sql.leave-failover-group': {
      const group = groupOf(state, operation);
      group.databases = group.databases.filter((one) => one !== operation.database);
      return done;
    }
    case 'sql.join-failover-group': {
      const group = groupOf(state, operation);
      group.databases.push(operation.database);
      // A database that is still replicated to the partner keeps its secondary.
      if (!linkOf(state, operation.database, group.partner))
        replicate(state, group.server, group.partner, operation.database);
      return done;
    }
    case 'sql.end-replication':
      state.links = state.links.filter((link) => link.database !== operation.database);
      return done;
    case 'sql.create-secondary':
      replicate(state, operation.server.server, operation.partner.server, operation.database);
      return done;
    case 'app.restart':
      return done;
  }
}

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

import { z } from 'zod/v4';
import type { Database, Lock } from '../azure/azure';
import { toTheSecond } from '../azure/to-the-second';
import type { CompileContext, Compiled, Runbook } from '../engine/runbook';
import { approvalGate, check, fact, gate, inOrder, step } from '../engine/stage-builders';
import type { Plan, Stage } from '../incidents/plan';
import { refuse } from './parts/refuse';
import {
  replicationBack,
  replicationOff,
  replicationWords,
  type Secondary,
  secondaryOf,
} from './parts/replication';
import { restoreTruth } from './parts/restore-truth';
import { afterwardsFor, lossFor, noticesFor, sizeWords } from './parts/restore-words';

const parameters = z.object({
  app: z.string(),
  database: z.string().min(1).max(100),
  /** The restore point, UTC. */
  at: z.iso.datetime(),
  /** `swap`: Option A of the document. `beside`: stop after the restored copy is checked. */
  how: z.enum(['swap', 'beside']),
  reason: z.string().max(2_000).default(''),
});
type Parameters = z.infer<typeof parameters>;

/** The names that a run creates: deterministic, so that a resumed run finds its own work. */
function namesFor({ database, at }: Parameters, run: string) {
  const stamp = at.slice(0, 16).replace(/[-:]/g, '').replace('T', '-');
  return { copy: `${database}-restored-${stamp}-${run}`, old: `${database}-old-${stamp}-${run}` };
}

/** Scenario 1, Options A and A2: point-in-time restore beside production, then the swap by renaming. */
export const runbook: Runbook<Parameters> = {
  name: 'restore-database',
  title: 'Restore a database',
  source: 'Scenario 1: Data deletion',
  summary: 'Brings a database back to an earlier moment, beside production or in its place.',
  estimateMinutes: [30, 60],
  command: {
    name: 'restore',
    words: ['restore', 'roll back', 'rollback'],
    summary: 'Bring a database back to an earlier moment',
    examples: ['restore db to 10:00', 'restore db to yesterday 6pm', 'restore db to 10 minutes ago'],
    takes: 'database and moment',
  },
  subject: ({ database, at, how }) =>
    `${String(database)} to ${String(at)}${how === 'beside' ? ', beside production' : ''}`,
  parameters,

  async form({ app, azure }, known) {
    const names = await azure.databaseNames(app.sqlServer);
    const asked = names.find((name) => name.toLowerCase() === String(known['database'] ?? '').toLowerCase());
    const database = asked ?? (names.includes(app.database) ? app.database : names[0]) ?? app.database;
    const live = await azure.database(app.sqlServer, database);
    return {
      ...{ app: app.name, appTitle: app.title, server: app.sqlServer.server, database },
      databases: names.map((name) => ({ title: name, value: name })),
      earliest: live?.earliestRestore?.toISOString() ?? null,
      latest: live?.latestRestore.toISOString() ?? null,
      tier: live?.tier ?? 'unknown',
      size: sizeWords(live?.usedBytes ?? null),
      replication: live ? replicationWords(live) : 'This database does not exist any more.',
      how: known['how'] === 'beside' ? 'beside' : 'swap',
      reason: String(known['reason'] ?? ''),
    };
  },

  async compile(wanted, context) {
    const { app, azure, begun } = context;
    const source = await azure.database(app.sqlServer, wanted.database);
    if (!source)
      return refuse('DatabaseNotFound', `${app.sqlServer.server} has no database "${wanted.database}".`);
    const locks = await azure.locks(source.resourceId);
    const names = namesFor(wanted, context.run);
    const problem = refusalFor(wanted, source, context) ?? lockRefusal(wanted, locks);
    if (problem) return problem;
    const taken = await azure.databaseNames(app.sqlServer);
    const wants = begun.has('restore') ? [names.old] : [names.copy, names.old];
    const collision = wants.find((name) => taken.includes(name));
    if (collision !== undefined)
      return refuse(
        'NameTaken',
        `${app.sqlServer.server} already has a database "${collision}". Remove or rename it first.`,
      );
    const secondaries = await Promise.all(source.replication.map((link) => secondaryOf(link, context)));
    return { plan: planFor(wanted, { source, names, locks, secondaries }, context) };
  },

  truth: restoreTruth,
};

function refusalFor(wanted: Parameters, source: Database, { now, begun }: CompileContext): Compiled | null {
  const at = new Date(wanted.at);
  if (source.status !== 'Online')
    return refuse('DatabaseNotOnline', `${source.name} is ${source.status}. A restore needs it Online.`);
  if (
    source.failoverGroup?.role === 'Secondary' ||
    source.replication.some((link) => link.role === 'Secondary')
  )
    return refuse(
      'RestoreOnSecondary',
      `${source.name} is a geo-secondary here. Restore on its primary server instead.`,
    );
  const stranger = source.replication.find((link) => link.partner === null);
  if (wanted.how === 'swap' && stranger)
    return refuse(
      'PartnerOutOfReach',
      `${source.name} is replicated to ${stranger.partnerServer}, which this subscription does not hold. Azure refuses to rename a replicated database and the bot cannot put that replica back. Restore it beside production instead, or end the replication first.`,
    );
  if (begun.has('restore')) return null;
  if (at >= now) return refuse('RestorePointInFuture', `${wanted.at} has not happened yet.`);
  if (source.earliestRestore && at < source.earliestRestore)
    return refuse(
      'RestorePointTooOld',
      `Azure can go back to ${toTheSecond(source.earliestRestore)} and no further.`,
    );
  if (at > source.latestRestore)
    return refuse(
      'RestorePointTooNew',
      `The newest moment that is sure to be in the backups is ${toTheSecond(source.latestRestore)}.`,
    );
  return null;
}

function lockRefusal(wanted: Parameters, locks: readonly Lock[]): Compiled | null {
  const lock = locks.find((one) => one.level === 'ReadOnly');
  return lock
    ? refuse(
        'ScopeLocked',
        `The lock "${lock.name}" (${lock.level}) on ${lock.scope} forbids every change to ${wanted.database}. Its owner must remove it first.`,
      )
    : null;
}

/** What a plan is made of: the database, the names it will use, and what stands around it. */
interface Found {
  readonly source: Database;
  readonly names: { readonly copy: string; readonly old: string };
  readonly locks: readonly Lock[];
  readonly secondaries: readonly Secondary[];
}

function planFor(wanted: Parameters, found: Found, context: CompileContext): Plan {
  const { app } = context;
  const { source, names, locks } = found;
  const stages =
    wanted.how === 'swap' ? swapStages(wanted, found, context) : besideStages(wanted, found, context);
  const restoreMinutes = context.past('restore-database', 'restore');
  return {
    ...{ runbook: 'restore-database', app: app.name, parameters: wanted, stages, objectives: app.objectives },
    title: `Restore ${wanted.database} to ${wanted.at.slice(0, 16).replace('T', ' ')} UTC${wanted.how === 'beside' ? ', beside production' : ''}`,
    notices: noticesFor(wanted, source, names),
    afterwards: afterwardsFor(wanted, source),
    loss: lossFor(wanted, context.requestedAt),
    duration:
      restoreMinutes === null
        ? { minutes: 60, basis: 'document', words: '30 to 60 minutes by the document; never run here yet' }
        : {
            ...{ minutes: Math.ceil(restoreMinutes + 3), basis: 'past runs' },
            words: `about ${Math.ceil(restoreMinutes + 3)} minutes, as our own past restores took`,
          },
    observed: {
      'database id': source.databaseId,
      status: source.status,
      tier: source.tier,
      region: source.location,
      'failover group': source.failoverGroup?.name ?? 'none',
      'replicated to': source.replication.map((link) => link.partnerServer).sort(),
      locks: locks.map((lock) => `${lock.name} (${lock.level})`).sort(),
    },
    recoveredAfter: wanted.how === 'swap' ? 'healthy' : 'verify',
  };
}

/** Restore beside production and prove that the copy is what was asked for. */
function besideStages(
  wanted: Parameters,
  { source, names }: Found,
  context: CompileContext,
): readonly Stage[] {
  const { app, azure } = context;
  const server = app.sqlServer;
  return inOrder([
    approvalGate('begin', {
      ...{ title: 'Approval to begin', policy: 'begin', covers: ['restore'] },
      question: `Restore ${wanted.database} into a new database beside production?`,
    }),
    step(azure, 'restore', {
      title: `Restore into ${names.copy}`,
      minutes: context.past('restore-database', 'restore') ?? 30,
      does: {
        ...{ op: 'sql.point-in-time-restore', server, source: wanted.database, target: names.copy },
        ...{ at: wanted.at, tier: source.tier, location: source.location },
      },
      // The copy stands beside production: there is nothing to take back, and it is kept for inspection.
      back: { undo: [] },
    }),
    check('verify', {
      title: 'Check the restored database',
      ...{ withinMinutes: 5, minutes: 1 },
      reads: {
        ...{ check: 'sql.restored-copy', server, database: names.copy },
        expected: {
          ...{ tier: source.tier, restorePoint: wanted.at },
          ...{ sourceBytes: source.usedBytes, collation: source.collation },
        },
      },
    }),
  ]);
}

/** The swap of Option A, with replication taken off before and put back after. */
function swapStages(wanted: Parameters, found: Found, context: CompileContext): readonly Stage[] {
  const { app, azure } = context;
  const { source, names } = found;
  const server = app.sqlServer;
  const { database } = wanted;
  const copyId = fact('restore.databaseId');
  const before = replicationOff(found, context);
  const after = replicationBack(found, context);
  const swap = [
    step(azure, 'set-aside', {
      title: `Rename ${database} to ${names.old}`,
      minutes: 1,
      does: { op: 'sql.rename', server, from: database, to: names.old, databaseId: source.databaseId },
      back: {
        undo: [
          { op: 'sql.rename', server, from: names.old, to: database, databaseId: source.databaseId },
          { op: 'app.restart', app: app.webApp },
        ],
      },
    }),
    step(azure, 'swap-in', {
      title: `Rename ${names.copy} to ${database}`,
      minutes: 1,
      does: { op: 'sql.rename', server, from: names.copy, to: database, databaseId: copyId },
      back: { undo: [{ op: 'sql.rename', server, from: database, to: names.copy, databaseId: copyId }] },
    }),
    step(azure, 'restart', {
      title: `Restart ${app.webApp.app}, so that it opens new connections`,
      minutes: 1,
      does: { op: 'app.restart', app: app.webApp },
      // Taking the renames back restarts the app as well; a restart by itself leaves nothing to take back.
      back: { undo: [] },
    }),
  ];
  return inOrder([
    ...besideStages(wanted, found, context),
    approvalGate('swap', {
      ...{ title: 'Approval to swap', policy: 'swap' },
      question: `Put the restored database in the place of ${database} now?`,
      covers: [...before, ...swap].map((stage) => stage.name),
    }),
    ...before,
    ...swap,
    check('healthy', {
      title: `Wait until ${app.title} is green`,
      ...{ minutes: 2, withinMinutes: app.healthWithinMinutes },
      reads: { check: 'app.healthy', app: app.webApp, url: app.healthUrl },
    }),
    gate(
      'commit',
      {
        ...{ title: 'Keep or swap back', policy: 'commit', covers: after.map((stage) => stage.name) },
        question: `The app is green on the restored data. Keep it, or swap back to ${names.old}?`,
      },
      [
        { choice: 'keep', label: 'Keep', leads: 'go-on', needsQuorum: false },
        { choice: 'swap-back', label: 'Swap back', leads: 'undo', needsQuorum: true },
      ],
    ),
    ...after,
  ]);
}

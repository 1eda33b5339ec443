import type { Database, Lock } from '../../azure/azure';
import { webAppId } from '../../azure/resource-id';
import { toTheSecond } from '../../azure/to-the-second';
import type { CompileContext, Compiled } from '../../engine/runbook';
import { check, fact, step } from '../../engine/stage-builders';
import type { CheckStage, StepStage } from '../../incidents/plan';
import { refuse } from './refuse';
import { type Secondary, secondaryOf } from './replication';

/** A database that is to go back to an earlier moment, and whether the copy takes production's place. */
export interface Wanted {
  readonly database: string;
  /** The restore point, UTC. */
  readonly at: string;
  readonly how: 'swap' | 'beside';
}

/** What a restore is planned with: the database, the names it will use, and what stands around it. */
export interface Found {
  readonly source: Database;
  readonly names: { readonly copy: string; readonly old: string };
  readonly locks: readonly Lock[];
  readonly secondaries: readonly Secondary[];
}

/** The names that a run creates: deterministic, so that a resumed run finds its own work. */
export function namesFor({ database, at }: Pick<Wanted, 'database' | 'at'>, run: string): Found['names'] {
  const stamp = at.slice(0, 16).replace(/[-:]/g, '').replace('T', '-');
  return { copy: `${database}-restored-${stamp}-${run}`, old: `${database}-old-${stamp}-${run}` };
}

/** Reads what a restore needs; or why it cannot be done. */
export async function findForRestore(
  wanted: Wanted,
  context: CompileContext,
): Promise<{ readonly found: Found } | Exclude<Compiled, { plan: unknown }>> {
  const { app, azure, begun } = context;
  const source = await azure.database(app.sqlServer, wanted.database);
  if (!source)
    return refuse('DatabaseNotFound', `${app.sqlServer.server} has no database "${wanted.database}".`);
  const locks = await azure.locks(source.resourceId);
  const names = namesFor(wanted, context.run);
  const problem =
    refusalFor(wanted, source, context) ??
    lockRefusal(wanted, locks) ??
    (wanted.how === 'swap' ? await restartRefusal(context) : null);
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
  return { found: { source, names, locks, secondaries } };
}

function refusalFor(wanted: Wanted, source: Database, { now, begun }: CompileContext) {
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

function lockRefusal(wanted: Wanted, locks: readonly Lock[]) {
  const lock = locks.find((one) => one.level === 'ReadOnly');
  return lock
    ? refuse(
        'ScopeLocked',
        `The lock "${lock.name}" (${lock.level}) on ${lock.scope} forbids every change to ${wanted.database}. Its owner must remove it first.`,
      )
    : null;
}

/** Why the app could not be restarted on a database that comes under the name which it connects to. */
export async function restartRefusal({ app, azure }: CompileContext) {
  const lock = (await azure.locks(webAppId(app.webApp))).find(({ level }) => level === 'ReadOnly');
  return lock
    ? refuse(
        'ScopeLocked',
        `The lock "${lock.name}" (${lock.level}) on ${lock.scope} forbids restarting ${app.webApp.app}, so that it would not connect to the restored database. Its owner must remove it first. A restore beside production needs no restart.`,
      )
    : null;
}

/** What the approval of a restore depends on. */
export const observedOf = ({ source, locks }: Found) => ({
  'database id': source.databaseId,
  status: source.status,
  // Its edges move by themselves; a point that has fallen out of it is a refusal, and that is a drift as well.
  'restorable window': source.retentionDays === null ? 'unknown' : `${source.retentionDays} days`,
  tier: source.tier,
  region: source.location,
  'failover group': source.failoverGroup?.name ?? 'none',
  'replicated to': source.replication.map((link) => link.partnerServer).sort(),
  locks: locks.map((lock) => `${lock.name} (${lock.level})`).sort(),
});

/** Restore beside production and prove that the copy is what was asked for: `restore`, then `verify`. */
export function restoreStages(
  wanted: Wanted,
  { source, names }: Found,
  { app, azure, past }: CompileContext,
): readonly [StepStage, CheckStage] {
  const server = app.sqlServer;
  return [
    step(azure, 'restore', {
      title: `Restore into ${names.copy}`,
      minutes: past('restore-database', 'restore') ?? 30,
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
  ];
}

/** The swap by two renames, and the restart that follows: `set-aside`, `swap-in`, `restart`. */
export function swapSteps(
  { database }: Wanted,
  { source, names }: Found,
  { app, azure }: CompileContext,
): readonly StepStage[] {
  const server = app.sqlServer;
  const copyId = fact('restore.databaseId');
  return [
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
}

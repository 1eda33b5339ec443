import type { Lock } from '../../azure/azure';
import { AzureProblem } from '../../azure/operation';
import { sqlServerId } from '../../azure/resource-id';
import type { DroppedDatabase } from '../../azure/sql/dropped-databases';
import type { ServerGroup } from '../../azure/sql/failover-groups';
import { toTheSecond } from '../../azure/to-the-second';
import { deletedName } from '../../engine/deleted-name';
import type { CompileContext, Compiled } from '../../engine/runbook';
import { refuse } from './refuse';
import { namesFor, restartRefusal, type Wanted } from './swap-database';

/** What bringing back a deleted database is planned with. */
export interface Gone {
  readonly dropped: DroppedDatabase;
  /** The name that it gets: its own, or one beside the database that has its name now. */
  readonly target: string;
  readonly locks: readonly Lock[];
  /** The failover groups that its server leads; it is in none of them, or Azure had not let anybody delete it. */
  readonly groups: readonly ServerGroup[];
  /** The servers of those groups on which a database of its name is left, its former secondary. */
  readonly leftOn: readonly string[];
  /** Who deleted it, as Azure's activity log has it; null where that does not tell. */
  readonly deletedBy: string | null;
}

/** Reads what is needed to bring back a deleted database; or why it cannot be done. */
export async function findGone(
  wanted: Wanted,
  context: CompileContext,
): Promise<{ readonly gone: Gone } | Exclude<Compiled, { plan: unknown }>> {
  const { app, azure, begun } = context;
  const server = app.sqlServer;
  const [all, names] = await Promise.all([azure.sql.dropped(server), azure.databaseNames(server)]);
  const dropped = all.find(({ id }) => id === wanted.database);
  if (!dropped) {
    const name = deletedName(wanted.database)?.name ?? wanted.database;
    return refuse(
      'DeletedDatabaseNotFound',
      `Azure's list of deleted databases on ${server.server} does not have this ${name} any more: its backups are kept only as long as its retention was. Ask again with "@dr restore" to see what there is.`,
    );
  }
  const { name } = dropped;
  const taken = names.some((one) => one.toLowerCase() === name.toLowerCase());
  if (wanted.how === 'swap' && taken && !begun.has('restore'))
    return refuse(
      'NameTaken',
      `${server.server} has a database "${name}" again, and nothing is overwritten. Ask for the deleted one beside it: "@dr restore ${name}", choose the deleted one and "beside production", and look at both.`,
    );
  const target = wanted.how === 'swap' ? name : namesFor({ ...wanted, database: name }, context.run).copy;
  if (wanted.how === 'beside' && names.includes(target) && !begun.has('restore'))
    return refuse('NameTaken', `${server.server} already has a database "${target}". Remove it first.`);
  const problem = begun.has('restore') ? null : pointRefusal(wanted, dropped);
  if (problem) return problem;
  const locks = await azure.locks(sqlServerId(server));
  const lock = locks.find(({ level }) => level === 'ReadOnly');
  if (lock)
    return refuse(
      'ScopeLocked',
      `The lock "${lock.name}" (${lock.level}) on ${lock.scope} forbids every change on ${server.server}. Its owner must remove it first.`,
    );
  const unable = wanted.how === 'swap' ? await restartRefusal(context) : null;
  if (unable) return unable;
  const groups = (await azure.sql.failoverGroups(server)).filter(({ role }) => role === 'Primary');
  const [leftOn, deletedBy] = await Promise.all([
    serversWith(name, groups, context),
    deleterOf(dropped, context),
  ]);
  return { gone: { dropped, target, locks, groups, leftOn, deletedBy } };
}

function pointRefusal({ at }: Wanted, { name, earliestRestore, deletedAt }: DroppedDatabase) {
  const point = new Date(at);
  if (earliestRestore && point < earliestRestore)
    return refuse(
      'RestorePointTooOld',
      `Azure can bring ${name} back as it was at ${toTheSecond(earliestRestore)}, and not as it was before that.`,
    );
  return point > deletedAt
    ? refuse(
        'RestorePointTooNew',
        `${name} was deleted ${toTheSecond(deletedAt)}: choose a moment up to that.`,
      )
    : null;
}

/** The partners of these groups that have a database of that name: a failover group can seed no other there. */
async function serversWith(
  name: string,
  groups: readonly ServerGroup[],
  { azure }: CompileContext,
): Promise<readonly string[]> {
  const partners = groups.flatMap(({ partners }) => partners);
  const found = await Promise.all(
    partners.map(async (partner) =>
      (await orElse(azure.databaseNames(partner), [])).includes(name) ? [partner.server] : [],
    ),
  );
  return found.flat();
}

/** How long a deletion may take from being asked for to being done. */
const DELETION_TAKES_MS = 3_600_000;

async function deleterOf(
  { name, deletedAt }: DroppedDatabase,
  { app, azure }: CompileContext,
): Promise<string | null> {
  const since = new Date(deletedAt.getTime() - DELETION_TAKES_MS);
  const changes = await orElse(azure.audit.changes(app.sqlServer, name, { since, until: deletedAt }), []);
  return changes.findLast(({ did }) => did === 'deleted')?.by ?? null;
}

/** The reading, or what stands for it where Azure does not give it: it only adds to what people are told. */
async function orElse<T>(reading: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof AzureProblem)) throw error;
    return otherwise;
  }
}

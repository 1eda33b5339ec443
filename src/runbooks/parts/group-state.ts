import { AzureProblem } from '../../azure/operation';
import type { SqlServerRef } from '../../azure/refs';
import { sameName } from '../../azure/resource-id';
import type { ServerGroup } from '../../azure/sql/failover-groups';
import type { Context } from '../../engine/runbook';
import { primarySite, type Site, secondarySite } from './sites';

/** The failover group of an app's database, as its two servers show it. */
export interface GroupState {
  readonly group: ServerGroup;
  readonly leader: Site;
  readonly follower: Site;
  /** Whether both servers answer: only then can nothing be lost. */
  readonly bothAnswer: boolean;
  /** The link from the leader, as far as either side shows it: `CATCH_UP`, `SEEDING`, `SUSPENDED`, …; null for none. */
  readonly replication: string | null;
}

/**
 * The failover group that holds the app's database, asked of both servers side by side; null when there is none, or
 * no second server, or the estate names no second place. A plan asks a server that does not answer once more: what it concludes
 * from silence may lose data. @throws AzureProblem when neither server answers,
 * or the second is not there although the first is in a group with it.
 */
export async function groupState({ app, azure }: Context, looks: 1 | 2 = 1): Promise<GroupState | null> {
  const second = secondarySite(app);
  if (!second) return null;
  const first = primarySite(app);
  const ask = (server: SqlServerRef) => answerOf(() => azure.sql.failoverGroups(server), looks);
  const [here, there] = await Promise.all([ask(first.sqlServer), orAbsent(ask(second.sqlServer))]);
  if (here instanceof AzureProblem && there instanceof AzureProblem) throw there;
  const ours = (groups: readonly ServerGroup[] | AzureProblem | Absent) =>
    groups instanceof AzureProblem || 'absence' in groups
      ? undefined
      : groups.find(({ databases }) => databases.some((name) => sameName(name, app.database)));
  const [byFirst, bySecond] = [ours(here), ours(there)];
  const group = bySecond ?? byFirst;
  if (!group) return null;
  if ('absence' in there) throw there.absence;
  const firstLeads = bySecond ? bySecond.role === 'Secondary' : byFirst?.role === 'Primary';
  const [leader, follower] = firstLeads ? [first, second] : [second, first];
  const bothAnswer = !(here instanceof AzureProblem) && !(there instanceof AzureProblem);
  const replication = await replicationOf(azure, (bySecond ? second : first).sqlServer, app.database);
  return { group, leader, follower, bothAnswer, replication };
}

/** That a server, or what belongs to it, is not there, in Azure's words. */
interface Absent {
  readonly absence: AzureProblem;
}

async function orAbsent<T>(answer: Promise<T>): Promise<T | Absent> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof AzureProblem && error.details.status === 404) return { absence: error };
    throw error;
  }
}

async function replicationOf(
  azure: Context['azure'],
  server: SqlServerRef,
  database: string,
): Promise<string | null> {
  const found = await orAbsent(azure.database(server, database));
  return found === null || 'absence' in found ? null : (found.replication[0]?.state ?? null);
}

/**
 * What a server answered, or that it does not. Only silence and the platform's own failures count as not answering: a
 * refusal or throttling is thrown, since a forced failover must not follow from it.
 */
async function answerOf<T>(ask: () => Promise<T>, looks: number): Promise<T | AzureProblem> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof AzureProblem)) throw error;
    const { status, passing } = error.details;
    const silent = status === null ? passing : status >= 500;
    if (!silent) throw error;
    return looks > 1 ? answerOf(ask, looks - 1) : error;
  }
}

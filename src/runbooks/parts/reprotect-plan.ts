import type { Database } from '../../azure/azure';
import { sameName } from '../../azure/resource-id';
import type { ServerGroup } from '../../azure/sql/failover-groups';
import type { CompileContext, Compiled } from '../../engine/runbook';
import { approvalGate, check, inOrder, step } from '../../engine/stage-builders';
import type { JsonObject } from '../../incidents/json';
import type { Plan, StepStage } from '../../incidents/plan';
import { refuse } from './refuse';
import type { Site } from './sites';

/** What stands at both places before the database is replicated again. */
interface Found {
  readonly source: Database;
  /** A database of the same name at the other place that is no copy of ours: it has to make room. */
  readonly inTheWay: Database | null;
  readonly group: ServerGroup | null;
}

/**
 * Failover group, then its member: Azure makes a group empty, and fills a new secondary from scratch when the database
 * joins. Whatever has the name at the other place is renamed first, and kept.
 */
export async function reprotectPlan(
  parameters: JsonObject,
  from: Site,
  to: Site,
  context: CompileContext,
): Promise<Compiled> {
  const { app, azure, begun } = context;
  const [source, there, groups] = await Promise.all([
    azure.database(from.sqlServer, app.database),
    azure.database(to.sqlServer, app.database),
    azure.sql.failoverGroups(from.sqlServer),
  ]);
  if (source?.status !== 'Online')
    return refuse(
      'DatabaseNotOnline',
      `${app.database} in ${from.region} is ${source?.status ?? 'not there'}: there is nothing to replicate. Choose the place whose database is in use.`,
    );
  const toUs = groups.find(({ partners }) =>
    partners.some((one) => sameName(one.server, to.sqlServer.server)),
  );
  if (toUs?.role === 'Secondary')
    return refuse(
      'LedFromThere',
      `${toUs.name} is led from ${to.region}. Replicate from there, or fail over to ${from.region} first.`,
    );
  const member = toUs?.databases.some((name) => sameName(name, app.database)) ?? false;
  if (member && !begun.has('join-failover-group'))
    return refuse(
      'AlreadyProtected',
      `${app.database} is in ${toUs?.name ?? 'its failover group'} and replicated to ${to.region} already (${source.replication[0]?.state ?? 'state unknown'}). There is nothing to do.`,
    );
  const linked = source.replication.some((link) => sameName(link.partnerServer, to.sqlServer.server));
  const aside = context.before?.stages.find(({ name }) => name === 'set-aside');
  const inTheWay = there && !linked && !begun.has('set-aside') ? there : null;
  const kept = begun.has('set-aside') && aside?.kind === 'step' ? aside : null;
  const found = { source, inTheWay, group: begun.has('create-failover-group') ? null : (toUs ?? null) };
  return { plan: planFor(parameters, { from, to, found, kept }, context) };
}

interface Reprotection {
  readonly from: Site;
  readonly to: Site;
  readonly found: Found;
  /** The renaming of a plan before this one that has been begun. */
  readonly kept: StepStage | null;
}

function planFor(parameters: JsonObject, reprotection: Reprotection, context: CompileContext): Plan {
  const { app } = context;
  const { from, to, found } = reprotection;
  const { source, inTheWay, group } = found;
  const minutes = context.past('reprotect-region', 'join-failover-group');
  return {
    ...{ runbook: 'reprotect-region', app: app.name, parameters, objectives: app.objectives },
    title: `Replicate ${app.database} from ${from.region} to ${to.region} again`,
    notices: [
      `${app.title} goes on working meanwhile. Until the copy in ${to.region} is filled, it is protected by its backups alone.`,
      ...(inTheWay
        ? [
            `${app.database} in ${to.region} is another database than the one in use. It is renamed and kept, with all that was written there; @dr restore and @dr remove find it under its new name.`,
          ]
        : []),
      'A second database costs as much as the first.',
    ],
    loss: { minutes: 0, words: 'None: production is only read.', from: null, settledBy: null },
    duration:
      minutes === null
        ? {
            minutes: null,
            basis: 'unknown',
            words: 'not known: Azure copies the whole database; never run here yet',
          }
        : {
            ...{ minutes: Math.ceil(minutes + 2), basis: 'past runs' },
            words: `about ${Math.ceil(minutes + 2)} minutes, as our own past runs took`,
          },
    observed: {
      'database id': source.databaseId,
      tier: source.tier,
      'failover group': group?.name ?? 'none',
      [`${app.database} in ${to.region}`]: inTheWay?.databaseId ?? 'nothing in the way',
    },
    stages: stagesFor(reprotection, context),
    recoveredAfter: 'healthy',
    afterwards: [
      `${app.title} can be failed over again: @dr ${from.region === app.primaryRegion ? `failover region to ${to.region}` : 'failback'}.`,
      'If the storage account became locally redundant in a failover, its copy is not made again by this: @dr protection shows it, @dr failover storage lists the way.',
    ],
  };
}

function stagesFor({ from, to, found, kept }: Reprotection, context: CompileContext): Plan['stages'] {
  const { app, azure, run } = context;
  const { database } = app;
  const { source, inTheWay, group } = found;
  const name = group?.name ?? `${app.name}-fog`;
  const server = from.sqlServer;
  const old = `${database}-old-${run}`;
  const aside = inTheWay
    ? [
        step(azure, 'set-aside', {
          ...{ title: `Rename ${database} in ${to.region} to ${old}`, minutes: 1 },
          does: {
            ...{ op: 'sql.rename', server: to.sqlServer, from: database, to: old },
            databaseId: inTheWay.databaseId,
          },
          // The name is taken by the copy that replication made: the old database stays aside, and nothing of it is lost.
          back: { undo: [] },
        }),
      ]
    : kept
      ? [kept]
      : [];
  const create =
    group === null
      ? [
          step(azure, 'create-failover-group', {
            ...{ title: `Make the failover group ${name}, which only people fail over`, minutes: 1 },
            does: { op: 'sql.create-failover-group', server, failoverGroup: name, partner: to.sqlServer },
            // An empty group protects nothing and costs nothing.
            back: { undo: [] },
          }),
        ]
      : [];
  const join = step(azure, 'join-failover-group', {
    title: `Put ${database} into ${name}; Azure fills a copy in ${to.region}`,
    minutes: context.past('reprotect-region', 'join-failover-group') ?? 15,
    does: { op: 'sql.join-failover-group', server, failoverGroup: name, database },
    touches: [to.sqlServer.server],
    // The copy goes on being filled: to end that too would leave the app with less than it had.
    back: { undo: [{ op: 'sql.leave-failover-group', server, failoverGroup: name, database }] },
  });
  const steps = [...aside, ...create, join];
  return inOrder([
    approvalGate('begin', {
      ...{ title: 'Approval to begin', policy: 'begin', covers: steps.map((stage) => stage.name) },
      question: `Replicate ${database} (${source.tier}) from ${from.region} to ${to.region} again?`,
    }),
    ...steps,
    check('caught-up', {
      ...{ title: `Check that everything has reached ${to.region}`, minutes: 1, withinMinutes: 5 },
      reads: {
        ...{ check: 'sql.replication-caught-up', server, database },
        partnerServer: to.sqlServer.server,
      },
    }),
    check('healthy', {
      ...{ title: `Check that ${app.title} is green in ${from.region}`, minutes: 1 },
      withinMinutes: app.healthWithinMinutes,
      reads: { check: 'app.healthy', app: from.webApp, url: from.healthUrl },
    }),
  ]);
}

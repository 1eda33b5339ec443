import { sqlServerId, webAppId } from '../../azure/resource-id';
import type { CompileContext, Compiled } from '../../engine/runbook';
import type { JsonObject } from '../../incidents/json';
import type { Plan } from '../../incidents/plan';
import type { GroupState } from './group-state';
import { type Move, moveStages, recoveredAt } from './move-to-site';
import { afterwardsOf, durationOf, irreversibleWords, lossOf, moveNotices, questionOf } from './move-words';
import { refuse } from './refuse';
import { primarySite, type Site, secondarySite } from './sites';
import { endpointsAsFound, trafficTo } from './traffic';
import { wayTo } from './way-to-app';

/** What is asked for: to which region, for which runbook, and whether by force although both sides answer. */
export interface MoveWanted {
  readonly runbook: 'failover-region' | 'failback-region';
  readonly parameters: JsonObject;
  readonly to: string;
  /** Fail over by force even where a planned failover would be possible. */
  readonly force: boolean;
}

/**
 * The short plan of Tier 3: the app's failover group is failed over to a region, and the app and the people follow it.
 * Planned where both sides answer, so that nothing is lost; by force, with the loss quoted, where they do not.
 */
export async function failoverGroupPlan(
  wanted: MoveWanted,
  state: GroupState,
  context: CompileContext,
): Promise<Compiled> {
  const { app, begun } = context;
  const sites = [primarySite(app), secondarySite(app)].filter((site) => site !== null);
  const to = sites.find(({ region }) => region === wanted.to);
  const from = sites.find(({ region }) => region !== wanted.to);
  if (!to || !from)
    return refuse(
      'RegionUnknown',
      `${app.title} has no place in ${wanted.to}. The estate file knows ${sites.map(({ region }) => region).join(' and ')}.`,
    );
  // Once this run has failed over, the group is led from there because of it.
  const leadsThere = !begun.has('fail-over') && state.leader.region === to.region;
  const how = leadsThere ? null : howOf(wanted, state, context);
  if (how !== null && typeof how !== 'string') return how;
  const locked = await lockRefusal(to, context);
  if (locked) return locked;
  const traffic = await trafficTo(to, from, context);
  if (!traffic && app.trafficManager && wanted.runbook === 'failback-region')
    return refuse(
      'NoTrafficEndpoint',
      `The Traffic Manager profile ${app.trafficManager.profile}, which the estate file names, is not there or has no endpoint for ${to.webApp.app}: nobody would be led back. ${from.region} goes on serving. Mend the profile, or take trafficManager out of the estate file if people are led another way; then ask again.`,
    );
  const [way, listener] = await Promise.all([
    wayTo({ to, from, byTraffic: traffic !== null }, context),
    context.azure.sql.usesListener(to.webApp, state.group.listener),
  ]);
  if (way.unread !== null && !traffic && wanted.runbook === 'failback-region')
    return refuse(
      'DomainUnread',
      `${app.domain?.hostName} could not be led back: ${way.unread} ${from.region} goes on serving. Mend that, then ask again.`,
    );
  const moves = how !== null || traffic?.opens || traffic?.closes || way.domain?.to;
  const health = moves ? null : await context.azure.health(to.healthUrl);
  if (health?.green)
    return refuse(
      'AlreadyThere',
      `${state.group.name} is led from ${to.region} already, people are led there, and ${app.title} is green: there is nothing to do. ${wanted.runbook === 'failover-region' ? 'The way back is @dr failback.' : ''}`.trim(),
    );
  const move: Move = {
    ...{ to, from, group: state.group.name, how, traffic, way },
    irreversible: irreversibleWords(to, from),
    question: questionOf(app, { to, how, back: wanted.runbook === 'failback-region' }),
    keep: {
      label: 'Keep or go back',
      question: `${app.title} is green in ${to.region}. Keep it there, or go back to ${from.region}?`,
    },
  };
  return { plan: planOf(wanted, move, { state, listener }, context) };
}

/** Planned where it is possible, by force where it is not or was asked for; or why neither can be. */
function howOf(
  { runbook, force }: MoveWanted,
  { bothAnswer, replication, group, leader, follower }: GroupState,
  { begun, before }: CompileContext,
): 'planned' | 'forced' | Compiled {
  const begunAs = before?.stages.find(({ name }) => name === 'fail-over');
  if (begun.has('fail-over') && begunAs?.kind === 'step') {
    const how = begunAs.does['how'];
    // A planned failover that the primary did not live to see is tried by force, with the people's consent.
    return how === 'planned' && bothAnswer ? 'planned' : 'forced';
  }
  if (replication === 'SEEDING' || replication === 'PENDING')
    return refuse(
      'ReplicationNotReady',
      `The copy in ${follower.region} is still being filled for the first time (${replication}), and Azure fails over to no half copy. Wait until the replication of ${group.name} says CATCH_UP, then ask again.`,
    );
  if (bothAnswer && replication === 'CATCH_UP' && !force) return 'planned';
  const says = `its replication says ${replication ?? 'nothing'}`;
  if (runbook === 'failover-region') {
    if (!bothAnswer || force) return 'forced';
    return {
      ...refuse(
        'ReplicationNotReady',
        `Both regions answer, but whether the copy in ${follower.region} has everything is not known: ${says}. Without data loss it can be failed over once that says CATCH_UP: wait a little, then ask again. If ${leader.region} is no good to anybody, fail over by force; what was not copied is lost then.`,
      ),
      choices: [{ words: 'Fail over by force', parameters: { how: 'forced' } }],
    };
  }
  return refuse(
    bothAnswer ? 'ReplicationNotReady' : 'RegionSilent',
    bothAnswer
      ? `Going back loses nothing only when the copy in ${follower.region} has everything, and ${says}. Wait until it says CATCH_UP, then ask again; if it does not come back by itself, @dr reprotect.`
      : `Going back needs both sides, and ${follower.region} or ${leader.region} does not answer yet. ${leader.region} goes on serving. Ask again when it does.`,
  );
}

async function lockRefusal(to: Site, { azure }: CompileContext): Promise<Compiled | null> {
  const locks = await Promise.all([azure.locks(sqlServerId(to.sqlServer)), azure.locks(webAppId(to.webApp))]);
  const lock = locks.flat().find(({ level }) => level === 'ReadOnly');
  return lock
    ? refuse(
        'ScopeLocked',
        `The lock "${lock.name}" (${lock.level}) on ${lock.scope} forbids failing over to ${to.region}. Its owner must remove it first.`,
      )
    : null;
}

function planOf(
  { runbook, parameters }: MoveWanted,
  move: Move,
  { state, listener }: { readonly state: GroupState; readonly listener: boolean | null },
  context: CompileContext,
): Plan {
  const { app, begun } = context;
  const { to, from, how, traffic, way } = move;
  const before = begun.has('fail-over') ? from : state.leader;
  return {
    ...{ runbook, app: app.name, parameters, objectives: app.objectives },
    title: `${runbook === 'failback-region' ? 'Fail back' : 'Fail over'} ${app.title} to ${to.region}`,
    notices: moveNotices(move, state, { listener }, context),
    loss: lossOf(move),
    duration: durationOf(runbook, context),
    observed: {
      'failover group': state.group.name,
      'led from': before.region,
      failover: how ?? 'done already',
      ...(traffic ? { 'Traffic Manager': endpointsAsFound(traffic, context) } : {}),
      ...way.observed,
    },
    stages: moveStages(move, context),
    ...(runbook === 'failover-region'
      ? { next: [{ words: `Fail back to ${from.region} …`, runbook: 'failback-region', known: {} }] }
      : {}),
    recoveredAfter: recoveredAt(move),
    // Taken back means that people are served from where they were before.
    afterUndo: {
      reads: { check: 'app.healthy', app: from.webApp, url: from.healthUrl },
      withinMinutes: app.healthWithinMinutes,
    },
    afterwards: [...way.afterwards, ...afterwardsOf(runbook, move, context)],
  };
}

import { toTheSecond } from '../../azure/to-the-second';
import type { CompileContext } from '../../engine/runbook';
import { approvalGate, check, inOrder, step } from '../../engine/stage-builders';
import type { Plan, Stage } from '../../incidents/plan';
import type { Gone } from './bring-back';
import { callerWords } from './happenings';
import { durationFor } from './restore-words';
import type { Wanted } from './swap-database';

/** The plan that brings a deleted database back: under its own name, or beside the one that has its name now. */
export function bringBackPlan(
  wanted: Wanted,
  gone: Gone,
  context: CompileContext,
): Omit<Plan, 'runbook' | 'app' | 'parameters' | 'objectives'> {
  const { dropped, groups, locks } = gone;
  const { name } = dropped;
  return {
    title: `Bring ${name} back ${asOf(wanted, gone)}${wanted.how === 'beside' ? ', beside production' : ''}`,
    notices: noticesFor(wanted, gone),
    afterwards: afterwardsFor(wanted, gone),
    loss: lossFor(wanted, gone),
    duration: durationFor(context.past('restore-database', 'restore'), 2),
    observed: {
      'deleted database': dropped.id,
      tier: dropped.tier ?? 'unknown',
      region: dropped.location,
      'failover groups': groups.map((group) => group.name).sort(),
      locks: locks.map((lock) => `${lock.name} (${lock.level})`).sort(),
    },
    stages: stagesFor(wanted, gone, context),
    recoveredAfter: wanted.how === 'swap' ? 'healthy' : 'verify',
  };
}

function stagesFor(wanted: Wanted, gone: Gone, { app, azure, past }: CompileContext): readonly Stage[] {
  const { dropped, target } = gone;
  const { name } = dropped;
  const server = app.sqlServer;
  const inPlace = wanted.how === 'swap';
  const isAtItsEnd = Date.parse(wanted.at) === dropped.deletedAt.getTime();
  return inOrder([
    approvalGate('begin', {
      ...{ title: 'Approval to bring it back', policy: 'begin' },
      covers: inPlace ? ['restore', 'restart'] : ['restore'],
      question: inPlace
        ? `Bring ${name} back under its own name, ${asOf(wanted, gone)}?`
        : `Restore the deleted ${name} beside production, ${asOf(wanted, gone)}?`,
    }),
    step(azure, 'restore', {
      title: `Restore the deleted ${name} into ${target}`,
      minutes: past('restore-database', 'restore') ?? 30,
      does: {
        ...{ op: 'sql.restore-dropped', server, dropped: dropped.id, target },
        ...{ at: isAtItsEnd ? null : wanted.at, tier: dropped.tier, location: dropped.location },
      },
      back: inPlace
        ? {
            irreversible: `It stays: taking it back would delete ${name} again. Nothing is overwritten, and the deleted one stays in Azure's list, so another moment of it can still be restored beside this one.`,
          }
        : // It stands beside production: there is nothing to take back, and it is kept for inspection.
          { undo: [] },
    }),
    check('verify', {
      title: 'Check the restored database',
      ...{ withinMinutes: 5, minutes: 1 },
      reads: {
        ...{ check: 'sql.restored-copy', server, database: target },
        // What a deleted database held, and how it was collated, Azure does not say.
        expected: { tier: dropped.tier, restorePoint: wanted.at, sourceBytes: null, collation: null },
      },
    }),
    ...(inPlace
      ? [
          step(azure, 'restart', {
            title: `Restart ${app.webApp.app}, so that it opens new connections`,
            minutes: 1,
            does: { op: 'app.restart', app: app.webApp },
            // A restart leaves nothing to take back.
            back: { undo: [] },
          }),
          check('healthy', {
            title: `Wait until ${app.title} is green`,
            ...{ minutes: 2, withinMinutes: app.healthWithinMinutes },
            reads: { check: 'app.healthy', app: app.webApp, url: app.healthUrl },
          }),
        ]
      : []),
  ]);
}

const asOf = ({ at }: Wanted, { dropped: { deletedAt } }: Gone): string =>
  Date.parse(at) === deletedAt.getTime()
    ? `as it was when it was deleted, ${toTheSecond(deletedAt)}`
    : `as it was at ${toTheSecond(new Date(at))}`;

function lossFor({ at }: Wanted, { dropped: { name, deletedAt } }: Gone): Plan['loss'] {
  const minutes = Math.max(0, Math.ceil((deletedAt.getTime() - Date.parse(at)) / 60_000));
  return minutes === 0
    ? {
        ...{ minutes, from: null, settledBy: null },
        words: `None: ${name} comes back as it was when it was deleted. What the app could not write since then was never written.`,
      }
    : {
        ...{ minutes, from: at, settledBy: null },
        words: `${minutes} ${minutes === 1 ? 'minute' : 'minutes'} of writes: everything between the restore point and the deletion. It can still be restored from the deleted database as long as Azure keeps that.`,
      };
}

function noticesFor(wanted: Wanted, { dropped, target, groups, leftOn, deletedBy }: Gone): string[] {
  const { name, deletedAt } = dropped;
  const when = `${name} was deleted ${toTheSecond(deletedAt)}${deletedBy === null ? '; by whom, the activity log does not tell' : ` by ${callerWords(deletedBy)}, says the activity log`}.`;
  if (wanted.how === 'beside')
    return [
      when,
      `Production is not touched: it is restored into ${target}, which costs as much as the deleted one did until it is removed.`,
    ];
  return [
    when,
    'Nothing has its name now, so nothing is swapped and nothing is overwritten.',
    ...groups.map(
      (group) =>
        `It is in no failover group: if it was a member of ${group.name} (with ${group.partners.map(({ server }) => server).join(', ')}), it was taken out before it was deleted, and comes back without replication.`,
    ),
    ...leftOn.map(
      (server) =>
        `${server} still has a database ${name}: its former secondary, with its own data. It is not touched.`,
    ),
    `The restored database has no restore history of its own until its first backups are done; what was before stays with the deleted one in Azure's list.`,
  ];
}

/** What Azure does not carry over, for people to set again. */
function afterwardsFor(wanted: Wanted, { dropped: { name, tags }, groups, leftOn }: Gone): string[] {
  if (wanted.how === 'beside') return [];
  return [
    ...groups.map(
      (group) =>
        `If ${name} belongs to ${group.name}, put it back${leftOn.length > 0 ? `, after the former secondary on ${leftOn.join(', ')} was renamed or removed` : ''}: az sql failover-group update --name ${group.name} --add-db ${name}`,
    ),
    "Backup retention starts at Azure's default of 7 days. Set it again if it was another, and long-term retention too.",
    ...(Object.keys(tags).length > 0
      ? [`Azure does not restore tags. Set them again: ${Object.keys(tags).join(', ')}.`]
      : []),
  ];
}

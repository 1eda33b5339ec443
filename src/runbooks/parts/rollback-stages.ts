import type { CompileContext } from '../../engine/runbook';
import { approvalGate, check, gate, inOrder, step } from '../../engine/stage-builders';
import type { CheckStage, GateStage, Stage, StepStage } from '../../incidents/plan';
import { replicationBack, replicationOff } from './replication';
import { type Found, restoreStages, swapSteps, type Wanted } from './swap-database';

/** A rollback, decided: from which package to which, and the database with it where its schema has moved on. */
export interface Rollback {
  readonly from: string;
  readonly to: string;
  readonly fromVersion: string;
  readonly toVersion: string;
  /** The seal over the app's other settings, and how many there are. */
  readonly others: string;
  readonly count: number;
  readonly database: { readonly wanted: Wanted; readonly found: Found } | null;
}

/** Set the package, prove that nothing else was touched, restart, and wait for the version and for green. */
export function packageStages(rollback: Rollback, context: CompileContext): readonly Stage[] {
  const [setting, settings] = setPackage(rollback, context);
  const { app, azure } = context;
  const restart = step(azure, 'restart', {
    title: `Restart ${app.webApp.app}`,
    minutes: 1,
    does: { op: 'app.restart', app: app.webApp },
    // Setting the package back restarts the app as well; a restart by itself leaves nothing to take back.
    back: { undo: [] },
  });
  return inOrder([
    approvalGate('begin', {
      ...{ title: 'Approval to begin', policy: 'begin', covers: ['set-package', 'restart'] },
      question: `Take ${app.title} back from ${rollback.fromVersion} to ${rollback.toVersion}?`,
    }),
    ...[setting, settings, restart],
    ...verification(rollback, context),
    keepOrPutBack(rollback),
  ]);
}

/**
 * The same together with the database: the restore runs beside production while the package is set, and the swap waits
 * for both. The app must run the earlier version before it meets the earlier database, or it would move it on again.
 */
export function packageAndDatabaseStages(
  rollback: Rollback,
  { wanted, found }: NonNullable<Rollback['database']>,
  context: CompileContext,
): readonly Stage[] {
  const { app } = context;
  const [setting, settings] = setPackage(rollback, context);
  const [restore, verify] = restoreStages(wanted, found, context);
  const before = replicationOff(found, context);
  const swap = swapSteps(wanted, found, context);
  const after = replicationBack(found, context);
  const begin = approvalGate('begin', {
    ...{ title: 'Approval to begin', policy: 'begin', covers: ['set-package', 'restore'] },
    question: `Take ${app.title} back from ${rollback.fromVersion} to ${rollback.toVersion}, and restore ${wanted.database} beside production?`,
  });
  const asked = approvalGate('swap', {
    ...{ title: 'Approval to swap', policy: 'swap', after: [settings.name, verify.name] },
    question: `Put the restored database in the place of ${wanted.database} now?`,
    // To keep it, one voice or silence is enough: what that leads on to is agreed to here.
    covers: [...before, ...swap, ...after].map((stage) => stage.name),
  });
  return [
    begin,
    ...inOrder([{ ...setting, after: [begin.name] }, settings]),
    ...inOrder([{ ...restore, after: [begin.name] }, verify]),
    ...inOrder([
      asked,
      ...before,
      ...swap,
      ...verification(rollback, context),
      keepOrPutBack(rollback),
      ...after,
    ]),
  ];
}

function setPackage(
  { from, to, fromVersion, toVersion, others, count }: Rollback,
  { app, azure }: CompileContext,
): readonly [StepStage, CheckStage] {
  return [
    step(azure, 'set-package', {
      title: `Set the package from ${fromVersion} to ${toVersion}`,
      minutes: 1,
      does: { op: 'web.set-package', app: app.webApp, from, to },
      back: { undo: [{ op: 'web.set-package', app: app.webApp, from: to, to: from }] },
    }),
    check('settings', {
      title: `Check that the ${count} other settings are untouched`,
      ...{ minutes: 1, withinMinutes: 1 },
      reads: { check: 'web.settings-are', app: app.webApp, package: to, others, count },
    }),
  ];
}

/** Which version answers is asked before whether it is well: a version that is taken back must still be seen as green. */
function verification({ toVersion }: Rollback, { app }: CompileContext): readonly CheckStage[] {
  return [
    check('version', {
      title: `Wait until ${toVersion} answers`,
      ...{ minutes: 2, withinMinutes: app.healthWithinMinutes },
      reads: { check: 'web.version-is', url: app.healthUrl, version: toVersion },
    }),
    check('healthy', {
      title: `Wait until ${app.title} is green`,
      ...{ minutes: 1, withinMinutes: app.healthWithinMinutes },
      reads: { check: 'app.healthy', app: app.webApp, url: app.healthUrl },
    }),
  ];
}

const keepOrPutBack = ({ fromVersion, toVersion, database }: Rollback): GateStage =>
  gate(
    'commit',
    {
      ...{ title: 'Keep or put back', policy: 'commit', covers: [] },
      question: `The app is green on ${toVersion}. Keep it, or put ${fromVersion}${database ? ' and the database of before' : ''} back?`,
    },
    [
      { choice: 'keep', label: 'Keep', leads: 'go-on', needsQuorum: false },
      { choice: 'put-back', label: 'Put back', leads: 'undo', needsQuorum: true },
    ],
  );

import type { Database } from '../../azure/azure';
import { databaseShown } from '../../engine/deleted-name';
import type { Runbook } from '../../engine/runbook';
import type { Plan, StepStage } from '../../incidents/plan';

/**
 * What stands under each name of a restore right now, for a person who must decide how to go on. Told apart by the
 * databases' own ids: somebody may have put another database under a name of the plan meanwhile.
 */
export const restoreTruth: Runbook['truth'] = async (plan, state, context) => {
  const { facts } = state;
  const { app, azure } = context;
  if (stepNamed(plan, 'restore')?.does.op === 'sql.restore-dropped')
    return bringBackTruth(plan, state, context);
  const database = String(plan.parameters['database']);
  const copy = String(stepNamed(plan, 'restore')?.does['target']);
  const old = stepNamed(plan, 'set-aside')?.does['to'];
  const [live, kept, restored] = await Promise.all([
    azure.database(app.sqlServer, database),
    typeof old === 'string' ? azure.database(app.sqlServer, old) : null,
    azure.database(app.sqlServer, copy),
  ]);
  const health = await azure.health(app.healthUrl);
  const data = ({ databaseId }: Database): 'original' | 'restored' | 'foreign' => {
    if (databaseId === plan.observed['database id']) return 'original';
    return databaseId === facts['restore.databaseId'] ? 'restored' : 'foreign';
  };
  return [
    live
      ? `${database} exists and is ${live.status}: ${liveWords[data(live)]}.`
      : `There is no database named ${database} right now, so the app cannot work.`,
    ...(kept
      ? [
          data(kept) === 'original'
            ? `The original data is safe in ${kept.name} (${kept.status}).`
            : `${kept.name} exists (${kept.status}), but it is not the original data.`,
        ]
      : []),
    ...(restored ? [`The restored copy is in ${restored.name} (${restored.status}).`] : []),
    `The app: ${health.words}`,
  ];
};

/** The same of a deleted database: what has its name, whether it can still be restored, and what the app says. */
const bringBackTruth: Runbook['truth'] = async (plan, { facts }, { app, azure }) => {
  const restore = stepNamed(plan, 'restore')?.does;
  const [target, dropped] = [String(restore?.['target']), String(restore?.['dropped'])];
  const [live, deleted] = await Promise.all([
    azure.database(app.sqlServer, target),
    azure.sql.dropped(app.sqlServer),
  ]);
  const health = await azure.health(app.healthUrl);
  return [
    live
      ? `${target} exists and is ${live.status}${live.databaseId === facts['restore.databaseId'] ? ': it is the restored data' : ''}.`
      : `There is no database named ${target} right now.`,
    deleted.some(({ id }) => id === dropped)
      ? `The deleted database (${databaseShown(dropped)}) can still be restored.`
      : `Azure does not list the deleted database (${databaseShown(dropped)}) any more.`,
    `The app: ${health.words}`,
  ];
};

const liveWords = {
  original: 'it is the original data',
  restored: 'it is the restored data',
  foreign: 'it is neither the original nor the restored data, so somebody else has put it there',
} as const;

const stepNamed = (plan: Plan, name: string): StepStage | undefined =>
  plan.stages.filter((stage) => stage.kind === 'step').find((stage) => stage.name === name);

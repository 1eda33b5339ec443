import type { Database } from '../../azure/azure';
import { databaseShown } from '../../engine/deleted-name';
import type { Context, Runbook } from '../../engine/runbook';
import type { Plan, StepStage } from '../../incidents/plan';
import { inWords } from './in-words';

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
  const stands = (name: string, words: (found: Database | null) => string | null) =>
    inWords(`How ${name} stands`, azure.database(app.sqlServer, name).then(words).then(asList));
  const data = ({ databaseId }: Database): 'original' | 'restored' | 'foreign' => {
    if (databaseId === plan.observed['database id']) return 'original';
    return databaseId === facts['restore.databaseId'] ? 'restored' : 'foreign';
  };
  const words = await Promise.all([
    stands(database, (live) =>
      live
        ? `${database} exists and is ${live.status}: ${liveWords[data(live)]}.`
        : `There is no database named ${database} right now, so the app cannot work.`,
    ),
    typeof old === 'string' ? stands(old, (kept) => kept && keptWords(kept, data(kept))) : [],
    stands(copy, (found) => found && `The restored copy is in ${found.name} (${found.status}).`),
    healthWords(context),
  ]);
  return words.flat();
};

const keptWords = ({ name, status }: Database, data: keyof typeof liveWords): string =>
  data === 'original'
    ? `The original data is safe in ${name} (${status}).`
    : `${name} exists (${status}), but it is not the original data.`;

const healthWords = async ({ app, azure }: Context): Promise<readonly string[]> => [
  `The app: ${(await azure.health(app.healthUrl)).words}`,
];

const asList = (words: string | null): readonly string[] => (words === null ? [] : [words]);

/** The same of a deleted database: what has its name, whether it can still be restored, and what the app says. */
const bringBackTruth: Runbook['truth'] = async (plan, { facts }, context) => {
  const { app, azure } = context;
  const restore = stepNamed(plan, 'restore')?.does;
  const [target, dropped] = [String(restore?.['target']), String(restore?.['dropped'])];
  const shown = databaseShown(dropped);
  const isRestored = ({ databaseId }: Database) => databaseId === facts['restore.databaseId'];
  const words = await Promise.all([
    inWords(
      `How ${target} stands`,
      azure
        .database(app.sqlServer, target)
        .then((live) => [
          live
            ? `${target} exists and is ${live.status}${isRestored(live) ? ': it is the restored data' : ''}.`
            : `There is no database named ${target} right now.`,
        ]),
    ),
    inWords(
      `Whether the deleted database (${shown}) can still be restored`,
      azure.sql
        .dropped(app.sqlServer)
        .then((deleted) => [
          deleted.some(({ id }) => id === dropped)
            ? `The deleted database (${shown}) can still be restored.`
            : `Azure does not list the deleted database (${shown}) any more.`,
        ]),
    ),
    healthWords(context),
  ]);
  return words.flat();
};

const liveWords = {
  original: 'it is the original data',
  restored: 'it is the restored data',
  foreign: 'it is neither the original nor the restored data, so somebody else has put it there',
} as const;

const stepNamed = (plan: Plan, name: string): StepStage | undefined =>
  plan.stages.filter((stage) => stage.kind === 'step').find((stage) => stage.name === name);

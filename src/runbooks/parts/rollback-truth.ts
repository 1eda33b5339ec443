import { AzureProblem } from '../../azure/operation';
import type { Runbook } from '../../engine/runbook';
import type { Plan } from '../../incidents/plan';
import { versionAt } from './app-package';
import { restoreTruth } from './restore-truth';

/** Which package is set and which version answers right now, and where the data is when the database goes back too. */
export const rollbackTruth: Runbook['truth'] = async (plan, state, context) => {
  const { app, azure } = context;
  const [package_, report, data] = await Promise.all([
    azure.web.settings(app.webApp).then((found) => found?.package ?? null, unreadable),
    azure.web.report(app.healthUrl),
    hasRestore(plan)
      ? restoreTruth({ ...plan, parameters: { ...plan.parameters, database: app.database } }, state, context)
      : [`The app: ${(await azure.health(app.healthUrl)).words}`],
  ]);
  const schema = report.schema === null ? '' : ` It finds schema ${report.schema} in its database.`;
  return [
    package_ === undefined
      ? 'Which package is set cannot be read right now.'
      : `${app.title} is set to run ${package_ === null ? 'no package at an address' : versionAt(app, package_)}.`,
    report.version === null ? 'No version answers.' : `${report.version} answers.${schema}`,
    ...data,
  ];
};

const hasRestore = (plan: Plan): boolean => plan.stages.some(({ name }) => name === 'restore');

function unreadable(error: unknown): undefined {
  if (error instanceof AzureProblem) return undefined;
  throw error;
}

import { z } from 'zod/v4';
import type { Runbook } from '../engine/runbook';
import { approvalGate, check, inOrder, step } from '../engine/stage-builders';
import type { Plan } from '../incidents/plan';
import { inWords } from './parts/in-words';
import { refuse } from './parts/refuse';

const parameters = z.object({
  app: z.string(),
  database: z.string().min(1).max(128),
  reason: z.string().max(2_000).default(''),
});
type Parameters = z.infer<typeof parameters>;

/** Only what a restore left behind can be removed here; production never can. */
const LEFT_BEHIND = /-(old|restored)-\d{8}-\d{4}-inc\d+-\d+$/;

/** The clean-up after Scenario 1: removes a database that a restore set aside or put beside production. */
export const runbook: Runbook<Parameters> = {
  name: 'remove-database',
  title: 'Remove a left-over database',
  source: 'Scenario 1: Data deletion (clean-up); Backup verification: Delete test database',
  summary: 'Deletes a database that a restore left behind, when nobody needs it any more.',
  estimateMinutes: [1, 5],
  command: {
    name: 'remove',
    words: ['remove', 'clean up', 'cleanup', 'delete'],
    summary: 'Remove a database that a restore left behind',
    examples: ['remove'],
    takes: (words) => (words === '' ? {} : { database: words.split(' ')[0] ?? '' }),
  },
  subject: ({ database }) => String(database),
  parameters,

  async form({ app, azure }, known) {
    const names = (await azure.databaseNames(app.sqlServer)).filter((name) => LEFT_BEHIND.test(name));
    const asked = names.find((name) => name.toLowerCase() === String(known['database'] ?? '').toLowerCase());
    return {
      ...{ app: app.name, appTitle: app.title, server: app.sqlServer.server },
      database: asked ?? names[0] ?? '',
      databases: names.map((name) => ({ title: name, value: name })),
      reason: String(known['reason'] ?? ''),
    };
  },

  async compile(wanted, context) {
    const { app, azure, past } = context;
    if (!LEFT_BEHIND.test(wanted.database))
      return refuse(
        'NotLeftBehind',
        `"${wanted.database}" was not left behind by a restore of this bot, so it is not removed here.`,
      );
    const database = await azure.database(app.sqlServer, wanted.database);
    if (!database)
      return context.begun.has('remove')
        ? refuse('AlreadyGone', `${wanted.database} is gone already.`)
        : refuse('DatabaseNotFound', `${app.sqlServer.server} has no database "${wanted.database}".`);
    const [lock] = await azure.locks(database.resourceId);
    if (lock)
      return refuse(
        'ScopeLocked',
        `The lock "${lock.name}" (${lock.level}) on ${lock.scope} forbids removing it.`,
      );
    const days = database.retentionDays ?? 7;
    const plan: Plan = {
      ...{ runbook: 'remove-database', app: app.name, parameters: wanted, objectives: app.objectives },
      title: `Remove ${wanted.database}`,
      notices: [
        `Production has no restore history from before the swap but the one of ${wanted.database}. Once it is gone, its data can be brought back only from Azure's list of dropped databases, for ${days} days.`,
      ],
      afterwards: [],
      loss: {
        minutes: 0,
        words: 'None in production: the app does not use this database.',
        from: null,
        settledBy: null,
      },
      duration: {
        minutes: past('remove-database', 'remove') ?? 5,
        basis: 'document',
        words: 'a few minutes',
      },
      observed: {
        'database id': database.databaseId,
        status: database.status,
        'failover group': database.failoverGroup?.name ?? 'none',
        'replicated to': database.replication.map((link) => link.partnerServer).sort(),
      },
      stages: inOrder([
        approvalGate('clean-up', {
          ...{ title: 'Approval to remove', policy: 'clean-up', covers: ['remove'] },
          question: `Remove ${wanted.database} for good?`,
        }),
        step(azure, 'remove', {
          ...{ title: `Delete ${wanted.database}`, minutes: 2 },
          does: {
            op: 'sql.delete',
            server: app.sqlServer,
            database: wanted.database,
            databaseId: database.databaseId,
          },
          back: {
            irreversible: `A deleted database comes back only as a restore from Azure's dropped databases, for ${days} days.`,
          },
        }),
        check('healthy', {
          ...{
            title: `Check that ${app.title} is green`,
            minutes: 1,
            withinMinutes: app.healthWithinMinutes,
          },
          reads: { check: 'app.healthy', app: app.webApp, url: app.healthUrl },
        }),
      ]),
      recoveredAfter: 'healthy',
    };
    return { plan };
  },

  async truth(plan, _state, { app, azure }) {
    const { database } = parameters.parse(plan.parameters);
    const stands = azure
      .database(app.sqlServer, database)
      .then((live) => [live ? `${database} still exists and is ${live.status}.` : `${database} is gone.`]);
    return [
      ...(await inWords(`How ${database} stands`, stands)),
      `The app: ${(await azure.health(app.healthUrl)).words}`,
    ];
  },
};

import { z } from 'zod/v4';
import type { CompileContext, Runbook } from '../engine/runbook';
import { approvalGate, check, gate, inOrder } from '../engine/stage-builders';
import type { Plan, Stage } from '../incidents/plan';
import { replicationBack, replicationOff, replicationWords } from './parts/replication';
import { restoreTruth } from './parts/restore-truth';
import { afterwardsFor, lossFor, noticesFor, sizeWords } from './parts/restore-words';
import { type Found, findForRestore, observedOf, restoreStages, swapSteps } from './parts/swap-database';

const parameters = z.object({
  app: z.string(),
  database: z.string().min(1).max(100),
  /** The restore point, UTC. */
  at: z.iso.datetime(),
  /** `swap`: Option A of the document. `beside`: stop after the restored copy is checked. */
  how: z.enum(['swap', 'beside']),
  reason: z.string().max(2_000).default(''),
});
type Parameters = z.infer<typeof parameters>;

/** Scenario 1, Options A and A2: point-in-time restore beside production, then the swap by renaming. */
export const runbook: Runbook<Parameters> = {
  name: 'restore-database',
  title: 'Restore a database',
  source: 'Scenario 1: Data deletion',
  summary: 'Brings a database back to an earlier moment, beside production or in its place.',
  estimateMinutes: [30, 60],
  command: {
    name: 'restore',
    words: ['restore', 'roll back', 'rollback'],
    summary: 'Bring a database back to an earlier moment',
    examples: ['restore db to 10:00', 'restore db to yesterday 6pm', 'restore db to 10 minutes ago'],
    takes: 'database and moment',
  },
  subject: ({ database, at, how }) =>
    `${String(database)} to ${String(at)}${how === 'beside' ? ', beside production' : ''}`,
  parameters,

  async form({ app, azure }, known) {
    const names = await azure.databaseNames(app.sqlServer);
    const asked = names.find((name) => name.toLowerCase() === String(known['database'] ?? '').toLowerCase());
    const database = asked ?? (names.includes(app.database) ? app.database : names[0]) ?? app.database;
    const live = await azure.database(app.sqlServer, database);
    return {
      ...{ app: app.name, appTitle: app.title, server: app.sqlServer.server, database },
      databases: names.map((name) => ({ title: name, value: name })),
      earliest: live?.earliestRestore?.toISOString() ?? null,
      latest: live?.latestRestore.toISOString() ?? null,
      tier: live?.tier ?? 'unknown',
      size: sizeWords(live?.usedBytes ?? null),
      replication: live ? replicationWords(live) : 'This database does not exist any more.',
      how: known['how'] === 'beside' ? 'beside' : 'swap',
      reason: String(known['reason'] ?? ''),
    };
  },

  async compile(wanted, context) {
    const looked = await findForRestore(wanted, context);
    return 'found' in looked ? { plan: planFor(wanted, looked.found, context) } : looked;
  },

  truth: restoreTruth,
};

function planFor(wanted: Parameters, found: Found, context: CompileContext): Plan {
  const { app } = context;
  const { source, names } = found;
  const stages =
    wanted.how === 'swap' ? swapStages(wanted, found, context) : besideStages(wanted, found, context);
  const restoreMinutes = context.past('restore-database', 'restore');
  return {
    ...{ runbook: 'restore-database', app: app.name, parameters: wanted, stages, objectives: app.objectives },
    title: `Restore ${wanted.database} to ${wanted.at.slice(0, 16).replace('T', ' ')} UTC${wanted.how === 'beside' ? ', beside production' : ''}`,
    notices: noticesFor(wanted, source, names),
    afterwards: afterwardsFor(wanted, source),
    loss: lossFor(wanted, context.requestedAt),
    duration:
      restoreMinutes === null
        ? { minutes: 60, basis: 'document', words: '30 to 60 minutes by the document; never run here yet' }
        : {
            ...{ minutes: Math.ceil(restoreMinutes + 3), basis: 'past runs' },
            words: `about ${Math.ceil(restoreMinutes + 3)} minutes, as our own past restores took`,
          },
    observed: observedOf(found),
    recoveredAfter: wanted.how === 'swap' ? 'healthy' : 'verify',
  };
}

/** Restore beside production and prove that the copy is what was asked for. */
const besideStages = (wanted: Parameters, found: Found, context: CompileContext): readonly Stage[] =>
  inOrder([
    approvalGate('begin', {
      ...{ title: 'Approval to begin', policy: 'begin', covers: ['restore'] },
      question: `Restore ${wanted.database} into a new database beside production?`,
    }),
    ...restoreStages(wanted, found, context),
  ]);

/** The swap of Option A, with replication taken off before and put back after. */
function swapStages(wanted: Parameters, found: Found, context: CompileContext): readonly Stage[] {
  const { app } = context;
  const { database } = wanted;
  const before = replicationOff(found, context);
  const after = replicationBack(found, context);
  const swap = swapSteps(wanted, found, context);
  return inOrder([
    ...besideStages(wanted, found, context),
    approvalGate('swap', {
      ...{ title: 'Approval to swap', policy: 'swap' },
      question: `Put the restored database in the place of ${database} now?`,
      covers: [...before, ...swap].map((stage) => stage.name),
    }),
    ...before,
    ...swap,
    check('healthy', {
      title: `Wait until ${app.title} is green`,
      ...{ minutes: 2, withinMinutes: app.healthWithinMinutes },
      reads: { check: 'app.healthy', app: app.webApp, url: app.healthUrl },
    }),
    gate(
      'commit',
      {
        ...{ title: 'Keep or swap back', policy: 'commit', covers: after.map((stage) => stage.name) },
        question: `The app is green on the restored data. Keep it, or swap back to ${found.names.old}?`,
      },
      [
        { choice: 'keep', label: 'Keep', leads: 'go-on', needsQuorum: false },
        { choice: 'swap-back', label: 'Swap back', leads: 'undo', needsQuorum: true },
      ],
    ),
    ...after,
  ]);
}

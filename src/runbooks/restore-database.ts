import { z } from 'zod/v4';
import { databaseShown, deletedName } from '../engine/deleted-name';
import type { CompileContext, Context, Runbook } from '../engine/runbook';
import { approvalGate, check, gate, inOrder } from '../engine/stage-builders';
import type { Json, JsonObject } from '../incidents/json';
import type { Plan, Stage } from '../incidents/plan';
import { boundEntry, boundNotice, boundRefusal } from './parts/bound-entry';
import { findGone } from './parts/bring-back';
import { bringBackPlan } from './parts/bring-back-plan';
import {
  choosable,
  databaseMeant,
  deletedDatabases,
  deletedRefusal,
  deletedValues,
} from './parts/deleted-database';
import { offeredMoments } from './parts/offered-moments';
import { replicationBack, replicationOff, replicationWords } from './parts/replication';
import { restoreTruth } from './parts/restore-truth';
import { afterwardsFor, durationFor, lossFor, noticesFor, sizeWords } from './parts/restore-words';
import { type Found, findForRestore, observedOf, restoreStages, swapSteps } from './parts/swap-database';

const parameters = z.object({
  app: z.string(),
  /** A database by its name; a deleted one by Azure's own name of it, `<name>,<deletion in ticks>`. */
  database: z.string().min(1).max(150),
  /** The restore point, UTC. */
  at: z.iso.datetime(),
  /** What the restore goes back behind, where it was chosen from a log and not typed. */
  entry: boundEntry.nullable().default(null),
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
    examples: ['restore db to 10:00', 'restore db to yesterday 6pm', 'restore db to before the deletion'],
    takes: 'database and moment',
  },
  subject: ({ database, at, how, entry }) =>
    `${databaseShown(String(database))} to ${String(at)}${behindWords(entry)}${how === 'beside' ? ', beside production' : ''}`,
  parameters,

  async form(context, known) {
    const { app, azure } = context;
    const [names, { deleted, unknown }] = await Promise.all([
      azure.databaseNames(app.sqlServer),
      deletedDatabases(context),
    ]);
    const meant =
      databaseMeant(String(known['database'] ?? app.database), names, deleted) ??
      databaseMeant(app.database, names, deleted) ??
      names[0] ??
      deleted[0] ??
      app.database;
    const values =
      typeof meant === 'string'
        ? await liveValues(meant, context, asksForMoment(known))
        : deletedValues(meant, names, deleted);
    return {
      ...{ app: app.name, appTitle: app.title, server: app.sqlServer.server },
      databases: choosable(names, deleted),
      ...values,
      notices: [...listOf(values['notices']), ...unknown],
      moments: asksForMoment(known) ? [] : listOf(values['moments']),
      how: known['how'] === 'beside' ? 'beside' : 'swap',
      reason: String(known['reason'] ?? ''),
    };
  },

  async compile(wanted, context) {
    if (deletedName(wanted.database)) {
      const looked = await findGone(wanted, context);
      if (!('gone' in looked)) return looked;
      const { name, objectives } = context.app;
      const about = { runbook: 'restore-database', app: name, parameters: wanted, objectives };
      return { plan: { ...about, ...bringBackPlan(wanted, looked.gone, context) } };
    }
    const { database, at, entry } = wanted;
    // Once the restore has begun its point is settled, and the app that tells the entry may be what is down.
    const unbound =
      entry && !context.begun.has('restore') ? await boundRefusal({ database, at, entry }, context) : null;
    if (unbound) return unbound;
    const looked = await findForRestore(wanted, context);
    if ('found' in looked) return { plan: planFor(wanted, looked.found, context) };
    return looked.refused.code === 'DatabaseNotFound'
      ? ((await deletedRefusal(database, context)) ?? looked)
      : looked;
  },

  truth: restoreTruth,
};

/** Whether somebody has named a moment already, so that none needs to be offered. */
const asksForMoment = ({ at, time }: JsonObject): boolean =>
  typeof at === 'string' || (typeof time === 'string' && time.trim() !== '');

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

/** The form's values about a database that is there, or should be. */
async function liveValues(name: string, context: Context, hasMoment: boolean): Promise<JsonObject> {
  const { app, azure } = context;
  const live = await azure.database(app.sqlServer, name);
  return {
    database: name,
    earliest: live?.earliestRestore?.toISOString() ?? null,
    latest: live?.latestRestore.toISOString() ?? null,
    ended: false,
    tier: live?.tier ?? 'unknown',
    size: sizeWords(live?.usedBytes ?? null),
    replication: live
      ? replicationWords(live)
      : 'It does not exist, and Azure lists no deletion of it. A deletion takes minutes to appear: try again.',
    ...(live && !hasMoment ? await offeredMoments(context, live) : {}),
  };
}

function behindWords(entry: Json | undefined): string {
  const bound = boundEntry.safeParse(entry).data;
  return bound ? `, just before "${bound.words}"` : '';
}

/** A moment that was typed, to the minute; one that was chosen from a log, to the second and with what it is about. */
const pointWords = ({ at, entry }: Parameters): string =>
  entry
    ? `just before "${entry.words}" (${at.slice(0, 19).replace('T', ' ')} UTC)`
    : `${at.slice(0, 16).replace('T', ' ')} UTC`;

function planFor(wanted: Parameters, found: Found, context: CompileContext): Plan {
  const { app } = context;
  const { source, names } = found;
  const stages =
    wanted.how === 'swap' ? swapStages(wanted, found, context) : besideStages(wanted, found, context);
  return {
    ...{ runbook: 'restore-database', app: app.name, parameters: wanted, stages, objectives: app.objectives },
    title: `Restore ${wanted.database} to ${pointWords(wanted)}${wanted.how === 'beside' ? ', beside production' : ''}`,
    notices: [...(wanted.entry ? [boundNotice(wanted.entry)] : []), ...noticesFor(wanted, source, names)],
    afterwards: afterwardsFor(wanted, source, names),
    loss: lossFor(wanted, context.requestedAt),
    duration: durationFor(context.past('restore-database', 'restore'), 3),
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
      // To keep the data, one voice or silence is enough: what it leads on to is agreed to here.
      covers: [...before, ...swap, ...after].map((stage) => stage.name),
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
        ...{ title: 'Keep or swap back', policy: 'commit', covers: [] },
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

import type { Pool } from 'pg';
import { AzureProblem } from '../azure/operation';
import { LEASE_MS } from '../store/stand-by';
import { readContext } from './compile-run';
import { registerConductor } from './conduct';
import { type Conducting, startConducting } from './conducting';
import type { ConductorPorts } from './conductor-ports';
import type { DurableStore } from './durable';
import type { Engine } from './engine';
import { enterValue } from './enter-value';
import { appNamed, personOf } from './estate';
import { FormUnread } from './form-unread';
import { heardAbort, heardDecision, heardWithdrawal, say } from './hear';
import { heardBreakGlass, heardDelegation, heardReturn, heardReview } from './hear-exceptions';
import { allViews, viewOf } from './incident-views';
import { heardLentVote, lendersTo } from './lenders';
import { pastMinutes } from './past-minutes';
import { createProgressBoard } from './progress-board';
import { personActor, requestRun } from './request-run';
import { takeNote } from './take-note';
import { watchStore } from './watch-store';

/** An engine that is at work, and how it is stopped. */
export interface RunningEngine extends Engine {
  readonly stop: () => Promise<void>;
}

/**
 * Starts the engine: takes up what a crash left unfinished, unless another process on the same store carries runs
 * out, then answers requests.
 * @throws Error when the store cannot be reached.
 */
export async function startEngine(
  options: Omit<ConductorPorts, 'past' | 'progress' | 'person'> & {
    /** By the lists of the estate file alone, unless told. */
    readonly person?: ConductorPorts['person'];
    readonly pool: Pool;
    readonly durable: DurableStore;
    /** Told what went wrong while nobody waits for it. */
    readonly warn?: (words: string, error: unknown) => void;
    /** How long a process that is not heard of keeps the right to carry runs out, in milliseconds. */
    readonly leaseMs?: number;
  },
): Promise<RunningEngine> {
  const { pool, durable, timeline, leaseMs = LEASE_MS, warn = () => undefined } = options;
  const listeners = new Set<(incident: string) => void>();
  const changed = (incident: string): void => {
    for (const listener of listeners) listener(incident);
  };
  const board = createProgressBoard(pool, (run) => changed(incidentName(run)));
  const { person = async (id: string, name: string) => personOf(options.estate, id, name) } = options;
  const ports: ConductorPorts = { ...options, person, past: () => pastMinutes(pool), progress: board.tell };
  const watch = await watchStore(pool, { changed, progressed: board.heard });
  const conducting = await startConducting({
    ...{ pool, timeline, durable, warn, leaseMs },
    register: (launched, fence) => registerConductor(launched, ports, fence),
  }).catch(async (error: unknown) => {
    await watch.stop();
    throw error;
  });
  return {
    ...answering(ports, conducting),
    carriesOut: conducting.here,
    progress: board.of,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: async () => {
      await watch.stop();
      await conducting.stop();
    },
  };
}

function answering(
  ports: ConductorPorts,
  conducting: Conducting,
): Omit<Engine, 'progress' | 'onChange' | 'carriesOut'> {
  const { timeline, estate, now } = ports;
  return {
    runbooks: ports.runbooks,
    request: (request) => requestRun(ports, conducting, request),
    form: async (app, name, known) => {
      const runbook = ports.runbooks.get(name);
      const subject = appNamed(estate, app);
      if (!runbook || !subject) throw new Error(`There is no runbook "${name}" for "${app}".`);
      const context = await readContext(ports, subject);
      return runbook.form(context, known).catch((error: unknown) => {
        throw error instanceof AzureProblem ? new FormUnread(error.message, { cause: error }) : error;
      });
    },
    vote: async (vote) => {
      const lenders = await lendersTo(ports, vote);
      return say(ports, conducting, vote.run, vote, (state) => heardLentVote(state, vote, lenders, now()));
    },
    withdraw: (vote) => say(ports, conducting, vote.run, vote, (state) => heardWithdrawal(state, vote)),
    decide: (decision) =>
      say(ports, conducting, decision.run, decision, (state) => heardDecision(state, decision)),
    abort: (abort) => say(ports, conducting, abort.run, abort, (state) => heardAbort(state, abort)),
    breakGlass: (alone) =>
      say(ports, conducting, alone.run, alone, (state) => heardBreakGlass(state, alone, now())),
    signReview: (review) =>
      say(ports, conducting, review.run, review, (state) => heardReview(state, review), 'also when over'),
    delegate: (loan) => say(ports, conducting, loan.run, loan, (state) => heardDelegation(state, loan)),
    endDelegation: (back) => say(ports, conducting, back.run, back, (state) => heardReturn(state, back)),
    values: {
      note: async ({ id, run, event, by, at }) => {
        const incident = await timeline.incidentOfRun(run);
        if (incident === null) return;
        await timeline.append(incident, [{ id, run, actor: personActor(by, ports), happenedAt: at, event }]);
      },
      enter: (entering, value) => enterValue(ports, entering, value),
    },
    note: (note) => takeNote(ports, note),
    incident: async (incident) => {
      const row = await timeline.incident(incident);
      return row && viewOf(timeline, row);
    },
    incidents: (which) => allViews(timeline, which),
    lengths: () => timeline.lengths(),
    incidentOfRun: async (run) => {
      const incident = await timeline.incidentOfRun(run);
      const row = incident === null ? null : await timeline.incident(incident);
      return row && viewOf(timeline, row);
    },
    moveTo: (incident, conversation) => timeline.moveTo(incident, conversation),
  };
}

const incidentName = (run: string): string => run.slice(0, run.lastIndexOf('-'));

import type { Pool } from 'pg';
import type { Timeline } from '../incidents/timeline';
import { readContext } from './compile-run';
import { CONDUCT, registerConductor } from './conduct';
import type { ConductInput, ConductorPorts } from './conductor-ports';
import type { Durable } from './durable';
import type { Engine, Progress } from './engine';
import { appNamed } from './estate';
import { heardAbort, heardDecision, heardVote, heardWithdrawal, say } from './hear';
import { allViews, viewOf } from './incident-views';
import { pastMinutes } from './past-minutes';
import { personActor, requestRun } from './request-run';
import { watchTimeline } from './watch-timeline';

/** An engine that is at work, and how it is stopped. */
export interface RunningEngine extends Engine {
  readonly stop: () => Promise<void>;
}

/**
 * Starts the engine: takes up what a crash left unfinished, then answers requests.
 * @throws Error when the store cannot be reached.
 */
export async function startEngine(
  options: Omit<ConductorPorts, 'past' | 'progress'> & { readonly pool: Pool; readonly durable: Durable },
): Promise<RunningEngine> {
  const { pool, durable, timeline } = options;
  const latest = new Map<string, Progress>();
  const listeners = new Set<(incident: string) => void>();
  const changed = (incident: string): void => {
    for (const listener of listeners) listener(incident);
  };
  const ports: ConductorPorts = {
    ...options,
    past: () => pastMinutes(pool),
    progress: (progress) => {
      latest.set(`${progress.run}/${progress.stage}`, progress);
      changed(incidentName(progress.run));
    },
  };
  registerConductor(durable, ports);
  await durable.launch();
  const watch = await watchTimeline(pool, changed);
  await resumeAll(timeline, durable);
  return {
    ...answering(ports, durable),
    progress: (run) => [...latest.values()].filter((progress) => progress.run === run),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: async () => {
      await watch.stop();
      await durable.stop();
    },
  };
}

function answering(ports: ConductorPorts, durable: Durable): Omit<Engine, 'progress' | 'onChange'> {
  const { timeline, estate, now } = ports;
  return {
    runbooks: ports.runbooks,
    request: (request) => requestRun(ports, durable, request),
    form: async (app, name, known) => {
      const runbook = ports.runbooks.get(name);
      const subject = appNamed(estate, app);
      if (!runbook || !subject) throw new Error(`There is no runbook "${name}" for "${app}".`);
      return runbook.form(await readContext(ports, subject), known);
    },
    vote: (vote) => say(ports, durable, vote.run, vote, (state) => heardVote(state, vote, now())),
    withdraw: (vote) => say(ports, durable, vote.run, vote, (state) => heardWithdrawal(state, vote)),
    decide: (decision) =>
      say(ports, durable, decision.run, decision, (state) => heardDecision(state, decision)),
    abort: (abort) => say(ports, durable, abort.run, abort, (state) => heardAbort(state, abort)),
    note: async ({ id, incident, event, by, at }) => {
      if (!(await timeline.incident(incident)))
        return { ok: false, words: `There is no incident ${incident}.` };
      await timeline.append(incident, [{ id, run: null, actor: personActor(by), happenedAt: at, event }]);
      return { ok: true };
    },
    incident: async (incident) => {
      const row = await timeline.incident(incident);
      return row && viewOf(timeline, row);
    },
    incidents: (which) => allViews(timeline, which),
    incidentOfRun: async (run) => {
      const incident = await timeline.incidentOfRun(run);
      const row = incident === null ? null : await timeline.incident(incident);
      return row && viewOf(timeline, row);
    },
  };
}

const incidentName = (run: string): string => run.slice(0, run.lastIndexOf('-'));

/** A crash between writing a request down and starting its workflow must not lose it. */
async function resumeAll(timeline: Timeline, durable: Durable): Promise<void> {
  for (const { runs, incident } of await allViews(timeline, 'open')) {
    for (const { run, finished } of runs)
      if (!finished) await durable.start<ConductInput>(CONDUCT, run, { incident, run });
  }
}

import type { Pool } from 'pg';
import type { Draft, Event } from '../incidents/event';
import { type RunState, runState } from '../incidents/run-state';
import type { IncidentRow, Timeline } from '../incidents/timeline';
import type { Person } from './approval';
import { voteRefusal } from './approval';
import { readContext } from './compile-run';
import { CONDUCT, registerConductor } from './conduct';
import { type ConductInput, type ConductorPorts, stateIn } from './conductor-ports';
import type { Durable } from './durable';
import type { Answer, Engine, IncidentView, Progress } from './engine';
import { appNamed } from './estate';
import { pastMinutes } from './past-minutes';
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
  const { pool, durable, timeline, estate } = options;
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
  const engine = engineOf(ports, durable, latest, listeners);
  await resumeAll(timeline, durable);
  return {
    ...engine,
    stop: async () => {
      await watch.stop();
      await durable.stop();
    },
  };

  function engineOf(
    ports: ConductorPorts,
    durable: Durable,
    latest: ReadonlyMap<string, Progress>,
    listeners: Set<(incident: string) => void>,
  ): Engine {
    const open = (which: 'open' | 'all') => allViews(timeline, which);
    return {
      runbooks: ports.runbooks,
      request: (request) => requestRun(ports, durable, request),
      form: async (app, name, known) => {
        const runbook = ports.runbooks.get(name);
        const subject = appNamed(estate, app);
        if (!runbook || !subject) throw new Error(`There is no runbook "${name}" for "${app}".`);
        return runbook.form(await readContext(ports, subject), known);
      },
      vote: (vote) =>
        say(ports, durable, vote.run, vote, (state) => {
          const gate = state.gates[vote.stage];
          if (gate && gate.planHash !== vote.planHash)
            return {
              ok: false,
              words: 'The plan has changed since this card was drawn. Look at the new one first.',
            };
          const refusal = voteRefusal(state, vote.stage, vote.choice, vote.by, ports.now());
          if (refusal) return { ok: false, words: refusal.words };
          const { stage, choice, reason, planHash } = vote;
          const round = gate?.round ?? state.round;
          return { type: 'vote.cast', stage, round, choice, reason, planHash, roles: vote.by.roles };
        }),
      withdraw: (vote) =>
        say(ports, durable, vote.run, vote, (state) => {
          const gate = state.gates[vote.stage];
          if (!gate || gate.closed)
            return { ok: false, words: 'It is too late to withdraw: this was answered already.' };
          if (!gate.votes.some((one) => one.by.id === vote.by.id))
            return { ok: false, words: 'You have no vote here that could be withdrawn.' };
          return { type: 'vote.withdrawn', stage: vote.stage, round: gate.round, reason: vote.reason };
        }),
      decide: (decision) =>
        say(ports, durable, decision.run, decision, (state) => {
          const { pause } = state;
          if (pause?.number !== decision.pause)
            return {
              ok: false,
              words: 'This question was already answered. The card shows where the run is now.',
            };
          if (decision.decision.choice === 'skip' && pause.because !== 'failed')
            return { ok: false, words: 'There is no failed stage to skip. Go on, undo, or stop.' };
          if (decision.decision.choice === 'undo' && state.undo)
            return { ok: false, words: 'This run is being taken back already. Retry, skip, or stop.' };
          return {
            type: 'run.decided',
            pause: pause.number,
            stage: pause.stage,
            decision: decision.decision,
          };
        }),
      abort: (abort) =>
        say(ports, durable, abort.run, abort, (state) =>
          state.abort || state.undo
            ? { ok: false, words: 'This run is being stopped or taken back already.' }
            : { type: 'abort.asked', reason: abort.reason },
        ),
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
      incidents: open,
      incidentOfRun: async (run) => {
        const incident = await timeline.incidentOfRun(run);
        const row = incident === null ? null : await timeline.incident(incident);
        return row && viewOf(timeline, row);
      },
      progress: (run) => [...latest.values()].filter((progress) => progress.run === run),
      onChange: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
  }
}

const incidentName = (run: string): string => run.slice(0, run.lastIndexOf('-'));

const personActor = (by: Person) => ({ kind: 'person', id: by.id, name: by.name }) as const;

/** A crash between writing a request down and starting its workflow must not lose it. */
async function resumeAll(timeline: Timeline, durable: Durable): Promise<void> {
  for (const { runs, incident } of await allViews(timeline, 'open')) {
    for (const { run, finished } of runs)
      if (!finished) await durable.start<ConductInput>(CONDUCT, run, { incident, run });
  }
}

async function requestRun(
  ports: ConductorPorts,
  durable: Durable,
  request: Parameters<Engine['request']>[0],
): ReturnType<Engine['request']> {
  const runbook = ports.runbooks.get(request.runbook);
  const app = appNamed(ports.estate, request.app);
  if (!runbook) return { refused: `There is no runbook "${request.runbook}".` };
  if (!app) return { refused: `The estate has no protected app "${request.app}".` };
  const parameters = { ...request.parameters, app: app.name };
  const parsed = runbook.parameters.safeParse(parameters);
  if (!parsed.success)
    return {
      refused: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
    };
  const opened = await ports.timeline.openRun({
    ...{ id: request.id, conversation: request.conversation, app: app.name, at: request.at },
    first: (incident, run, isNew) =>
      opening(ports, runbook.title, request, parameters, { incident, run, isNew }),
  });
  if ('busy' in opened)
    return {
      refused: `${opened.busy} is still open for ${app.title}. Finish or abort it first: two runs must not change the same app at once.`,
    };
  const { run, incident } = opened;
  await durable.start<ConductInput>(CONDUCT, run, { incident, run });
  return { incident, run };
}

function opening(
  ports: ConductorPorts,
  title: string,
  request: Parameters<Engine['request']>[0],
  parameters: Record<string, unknown> & Parameters<Engine['request']>[0]['parameters'],
  { run, isNew }: { readonly incident: string; readonly run: string; readonly isNew: boolean },
): readonly Draft[] {
  const actor = personActor(request.by);
  const { conversation, at: happenedAt, words } = request;
  const opened: Event = {
    ...{ type: 'incident.opened', title, severity: 'sev1', app: String(parameters['app']), conversation },
    simulated: ports.estate.simulated,
  };
  const requested: Event = { type: 'run.requested', runbook: request.runbook, title, parameters, words };
  return [
    ...(isNew ? [{ id: 'opened', run: null, actor, happenedAt, event: opened }] : []),
    { id: `${run}:requested`, run, actor, happenedAt, event: requested },
  ];
}

/** Writes down what a person said about a run, if it may be said, and wakes the run up. */
async function say(
  ports: ConductorPorts,
  durable: Durable,
  run: string,
  said: { readonly id: string; readonly by: Person; readonly at: Date },
  eventFor: (state: RunState) => Event | Extract<Answer, { ok: false }>,
): Promise<Answer> {
  const incident = await ports.timeline.incidentOfRun(run);
  if (incident === null) return { ok: false, words: `There is no run ${run}.` };
  const id = `${run}:said:${said.id}`;
  let answer: Answer = { ok: true };
  await ports.timeline.appendAfter(incident, (entries) => {
    if (entries.some((entry) => entry.id === id)) return [];
    const state = stateIn(entries, { incident, run });
    const event = state.finished ? tooLate(state.finished.words) : eventFor(state);
    if ('ok' in event) {
      answer = event;
      return [];
    }
    return [{ id, run, actor: personActor(said.by), happenedAt: said.at, event }];
  });
  if (answer.ok) await durable.signal(run);
  return answer;
}

const tooLate = (words: string) => ({ ok: false, words: `This run is over: ${words}` }) as const;

async function allViews(timeline: Timeline, which: 'open' | 'all'): Promise<readonly IncidentView[]> {
  return Promise.all((await timeline.incidents(which)).map((row) => viewOf(timeline, row)));
}

async function viewOf(timeline: Timeline, row: IncidentRow): Promise<IncidentView> {
  const entries = await timeline.entries(row.incident);
  const opened = entries.find((entry) => entry.event.type === 'incident.opened')?.event;
  const runs = [...new Set(entries.map((entry) => entry.run))];
  return {
    incident: row.incident,
    title: opened?.type === 'incident.opened' ? opened.title : row.incident,
    app: row.app,
    conversation: row.conversation,
    simulated: opened?.type === 'incident.opened' && opened.simulated,
    openedAt: row.openedAt,
    entries,
    runs: runs.flatMap((run) => (run === null ? [] : (runState(run, entries) ?? []))),
  };
}

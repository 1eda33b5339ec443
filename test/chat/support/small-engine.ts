import { createHash } from 'node:crypto';
import { z } from 'zod/v4';
import { voteRefusal } from '../../../src/engine/approval';
import type { Answer, Engine, IncidentView, Progress } from '../../../src/engine/engine';
import type { FormData, Runbook } from '../../../src/engine/runbook';
import type { Actor, Entry, Event, EventType } from '../../../src/incidents/event';
import type { JsonObject } from '../../../src/incidents/json';
import { type RunState, runState } from '../../../src/incidents/run-state';

/** What an engine was asked, in order. */
interface Asked {
  readonly call: string;
  readonly id: string;
  readonly by: string;
  readonly what: JsonObject;
}

const ofNoRun: ReadonlySet<EventType> = new Set(['incident.opened', 'note.added', 'entry.amended']);

/**
 * An engine that keeps what it is told in memory and does nothing by itself: the test says what happens next. It
 * outlives the chat around it, as the store does in a restart.
 */
export function smallEngine(now: () => Date) {
  const incidents = new Map<string, { readonly conversation: string; readonly entries: Entry[] }>();
  const listeners = new Set<(incident: string) => void>();
  const asked: Asked[] = [];
  const made = new Map<string, { incident: string; run: string }>();
  const progress: Progress[] = [];
  const forms: { read: () => Promise<FormData> } = { read: async () => formData };

  function happen(
    incident: string,
    event: Event,
    { actor = bot, run = `${incident}-1`, id = '', at = now() }: Happening = {},
  ): void {
    const kept = incidents.get(incident);
    if (!kept) throw new Error(`No incident ${incident}.`);
    const seq = kept.entries.length + 1;
    const whose = ofNoRun.has(event.type) ? null : run;
    const hash = createHash('sha256').update(String(seq)).digest('hex');
    kept.entries.push({
      id: id || `e${seq}`,
      incident,
      seq,
      run: whose,
      actor,
      happenedAt: at,
      recordedAt: now(),
      event,
      hash,
    });
    for (const listener of listeners) listener(incident);
  }

  function view(incident: string): IncidentView | null {
    const kept = incidents.get(incident);
    if (!kept) return null;
    const { entries, conversation } = kept;
    const runs = [...new Set(entries.flatMap((entry) => entry.run ?? []))].flatMap(
      (run) => runState(run, entries) ?? [],
    );
    const opened = entries[0]?.happenedAt ?? now();
    const title = runs[0]?.title ?? incident;
    return {
      incident,
      title,
      app: 'apprequest',
      conversation,
      simulated: true,
      openedAt: opened,
      entries: [...entries],
      head: { seq: entries.length, hash: entries.at(-1)?.hash ?? '' },
      runs,
    };
  }

  function said(
    call: string,
    told: {
      readonly id: string;
      readonly run: string;
      readonly by: { readonly id: string; readonly name: string };
    },
    what: JsonObject,
    eventFor: (state: RunState) => Event | string,
  ): Answer {
    const incident = told.run.slice(0, told.run.lastIndexOf('-'));
    const state = view(incident)?.runs.find((run) => run.run === told.run);
    if (!state) return { ok: false, words: `There is no run ${told.run}.` };
    asked.push({ call, id: told.id, by: told.by.name, what });
    if (incidents.get(incident)?.entries.some((entry) => entry.id === told.id)) return { ok: true };
    const event = eventFor(state);
    if (typeof event === 'string') return { ok: false, words: event };
    happen(incident, event, { actor: person(told.by), run: told.run, id: told.id });
    return { ok: true };
  }

  const engine: Engine = {
    runbooks: new Map([[restoring.name, restoring]]),
    request: async ({ id, parameters, words, by, conversation }) => {
      asked.push({ call: 'request', id, by: by.name, what: { ...parameters, conversation } });
      const before = made.get(id);
      if (before) return before;
      const incident = `inc${incidents.size + 1}`;
      const opened = { incident, run: `${incident}-1` };
      made.set(id, opened);
      incidents.set(incident, { conversation, entries: [] });
      const title = 'Restore a database';
      happen(
        incident,
        {
          type: 'incident.opened',
          title,
          severity: 'sev1',
          app: 'apprequest',
          conversation,
          simulated: true,
        },
        { actor: person(by) },
      );
      happen(
        incident,
        { type: 'run.requested', runbook: 'restore-database', title, parameters, words },
        { actor: person(by) },
      );
      return opened;
    },
    form: () => forms.read(),
    values: { note: async () => undefined, enter: async () => ({ ok: true }) },
    carriesOut: () => true,
    lengths: async () => new Map([...incidents].map(([incident, { entries }]) => [incident, entries.length])),
    moveTo: async (incident, conversation) => {
      const known = incidents.get(incident);
      if (known) incidents.set(incident, { ...known, conversation });
    },
    vote: async (vote) =>
      said('vote', vote, { choice: vote.choice, reason: vote.reason }, (state) => {
        const { stage, choice, reason, planHash, by } = vote;
        const refusal = voteRefusal(state, stage, choice, by, now());
        const round = state.gates[stage]?.round ?? 1;
        return (
          refusal?.words ?? { type: 'vote.cast', stage, round, choice, reason, planHash, roles: by.roles }
        );
      }),
    withdraw: async (vote) =>
      said('withdraw', vote, { stage: vote.stage }, () => ({
        type: 'vote.withdrawn',
        stage: vote.stage,
        round: 1,
        reason: vote.reason,
      })),
    decide: async (told) =>
      said('decide', told, { ...told.decision }, ({ pause }) =>
        pause?.number === told.pause
          ? { type: 'run.decided', pause: pause.number, stage: pause.stage, decision: told.decision }
          : 'This question was already answered.',
      ),
    breakGlass: async () => ({ ok: true }),
    signReview: async () => ({ ok: true }),
    delegate: async () => ({ ok: true }),
    endDelegation: async () => ({ ok: true }),
    abort: async (told) =>
      said('abort', told, { reason: told.reason }, () => ({ type: 'abort.asked', reason: told.reason })),
    note: async ({ id, incident, event, by, at }) => {
      asked.push({ call: 'note', id, by: by.name, what: { ...event } });
      const kept = incidents.get(incident)?.entries ?? [];
      const before = kept.find((entry) => entry.id === id);
      if (!before) happen(incident, event, { actor: person(by), id, at });
      return { ok: true, added: before === undefined, seq: before?.seq ?? kept.length };
    },
    incident: async (incident) => view(incident),
    incidents: async (which) =>
      [...incidents.keys()]
        .flatMap((incident) => view(incident) ?? [])
        .filter(({ runs }) => which === 'all' || runs.some((run) => !run.finished))
        .reverse(),
    incidentOfRun: async (run) => view(run.slice(0, Math.max(0, run.lastIndexOf('-')))),
    progress: (run) => progress.filter((one) => one.run === run),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };

  return {
    engine,
    asked,
    forms,
    happen,
    /** How far a stage is, as Azure says it. */
    moves: (one: Progress) => {
      progress.splice(0, progress.length, one);
      for (const listener of listeners) listener(one.run.slice(0, one.run.lastIndexOf('-')));
    },
    incidents: () => [...incidents.keys()],
  };
}

/** An engine in memory. */
export type SmallEngine = ReturnType<typeof smallEngine>;

interface Happening {
  readonly actor?: Actor;
  readonly run?: string;
  readonly id?: string;
  readonly at?: Date;
}

const bot: Actor = { kind: 'bot' };
const person = ({ id, name }: { readonly id: string; readonly name: string }): Actor => ({
  kind: 'person',
  id,
  name,
});

/** What the form reads from Azure: a week of backups up to a minute ago. */
export const formData: FormData = {
  app: 'apprequest',
  appTitle: 'App Store for Intune',
  server: 'sql-apprequest-prod-demo01',
  database: 'AppRequestPortal',
  databases: [{ title: 'AppRequestPortal', value: 'AppRequestPortal' }],
  earliest: '2026-02-07T00:00:00.000Z',
  latest: '2026-02-14T11:59:00.000Z',
  tier: 'GP_Gen5_2',
  size: '2.1 GB',
  replication: 'Not geo-replicated.',
  how: 'swap',
  reason: '',
};

const restoring: Runbook = {
  name: 'restore-database',
  title: 'Restore a database',
  source: 'Scenario 1: Data deletion',
  summary: 'Brings a database back to an earlier moment.',
  estimateMinutes: [30, 60],
  command: {
    name: 'restore',
    words: ['restore'],
    summary: 'Bring a database back to an earlier moment',
    examples: ['restore db to 10:00'],
    takes: 'database and moment',
  },
  parameters: z.object({
    app: z.string(),
    database: z.string(),
    at: z.string(),
    how: z.string(),
    reason: z.string(),
  }),
  form: async () => formData,
  compile: async () => {
    throw new Error('Tests say what the plan is.');
  },
  truth: async () => [],
};

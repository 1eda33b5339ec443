import { approvedPolicies } from './approved-policies';
import { type Delegation, delegated, takenBack } from './delegation';
import type { Actor, Draft, Event, GatePolicy, Guard, Outcome, Problem } from './event';
import { closed, escalated, type GateState, opened, voted } from './gate-state';
import type { JsonObject } from './json';
import type { Drift, NextRunbook, Plan } from './plan';
import { type Review, reviewSigned, wentAlone } from './review';
import { type StageState, untouched } from './stage-state';

export type { GateState, Vote } from './gate-state';
export type { StageState } from './stage-state';

/** What a run's person must decide, and the true state of the app while they do. */
interface Pause {
  /** 1 for the run's first pause. */
  readonly number: number;
  readonly stage: string;
  readonly attempt: number;
  readonly because: 'failed' | 'abort';
  readonly truth: readonly string[];
  readonly at: Date;
}

/** One run, computed from its entries. */
export interface RunState {
  readonly run: string;
  readonly runbook: string;
  readonly title: string;
  readonly parameters: JsonObject;
  readonly requester: Extract<Actor, { kind: 'person' }>;
  readonly requestedAt: Date;
  /**
   * The app's gate policies that hold for it: those that it was asked for with, and in place of each the one that its
   * predecessor has approved since. Null for a run of an older bot.
   */
  readonly policies: { readonly [policy: string]: GatePolicy } | null;
  /** The guards that its incident began with; null for a run of an older bot. */
  readonly guards: readonly Guard[] | null;
  readonly delegations: readonly Delegation[];
  readonly plan: Plan | null;
  readonly planHash: string | null;
  /** 1 for the first plan; every drift makes a new one. 0 before there is any. */
  readonly round: number;
  readonly refusal: Problem | null;
  /** What would work instead of what was refused. */
  readonly instead: readonly NextRunbook[];
  /** By stage name; gates of earlier rounds are replaced by the newest. */
  readonly gates: { readonly [stage: string]: GateState };
  /** One for each time that somebody went ahead alone, in whatever round, oldest first. */
  readonly reviews: readonly Review[];
  /** By stage name; undo steps are `undo:<step>:<n>`. */
  readonly stages: { readonly [stage: string]: StageState };
  readonly facts: JsonObject;
  /** The difference that voided the votes of the last round but one; stays, so that the card can name it. */
  readonly drift: { readonly before: string; readonly changes: readonly Drift[] } | null;
  /** True from the moment a drift is seen until a plan for the new state is there. */
  readonly driftOpen: boolean;
  readonly pause: Pause | null;
  /** How many pauses there have been. */
  readonly pauses: number;
  readonly abort: { readonly by: Actor; readonly reason: string } | null;
  /** What a person decided about a paused run beyond trying on: take back, or leave everything as it is. */
  readonly wish: { readonly choice: 'undo' | 'stop'; readonly by: Actor; readonly reason: string } | null;
  /** The undo steps still to do or done, in order; null when nothing is being taken back. */
  readonly undo: readonly string[] | null;
  /** When the plan's last reading was green: the recovery clock stops here. */
  readonly recoveredAt: Date | null;
  readonly finished: { readonly outcome: Outcome; readonly words: string; readonly at: Date } | null;
}

/** A stage's state; a stage that nothing has happened to is waiting for its first try. */
export const stageState = (state: RunState, name: string): StageState => state.stages[name] ?? untouched;

/** The state of a run after all of its entries, oldest first; null when there is no such run among them. */
export function runState(run: string, entries: readonly Draft[]): RunState | null {
  let state: RunState | null = null;
  for (const entry of entries) if (entry.run === run) state = after(state, entry);
  return state;
}

function after(state: RunState | null, entry: Draft): RunState | null {
  const { event, actor, happenedAt: at } = entry;
  if (event.type === 'run.requested') {
    if (state || entry.run === null || actor.kind !== 'person') return state;
    return requested(entry.run, event, actor, at);
  }
  return state && step(state, event, actor, at);
}

const requested = (
  run: string,
  event: Extract<Event, { type: 'run.requested' }>,
  requester: Extract<Actor, { kind: 'person' }>,
  at: Date,
): RunState => ({
  run,
  runbook: event.runbook,
  title: event.title,
  parameters: event.parameters,
  requester,
  requestedAt: at,
  policies: event.policies ?? null,
  guards: event.guards ?? null,
  delegations: [],
  plan: null,
  planHash: null,
  round: 0,
  refusal: null,
  instead: [],
  gates: {},
  reviews: [],
  stages: {},
  facts: {},
  drift: null,
  driftOpen: false,
  pause: null,
  pauses: 0,
  abort: null,
  wish: null,
  undo: null,
  recoveredAt: null,
  finished: null,
});

function step(state: RunState, event: Event, actor: Actor, at: Date): RunState {
  switch (event.type) {
    case 'plan.compiled':
      return {
        ...state,
        plan: event.plan,
        planHash: event.hash,
        round: event.round,
        refusal: null,
        instead: [],
        driftOpen: false,
      };
    case 'plan.refused':
      return { ...state, round: event.round, refusal: event.problem, instead: event.instead ?? [] };
    case 'gate.opened':
      return withGate(state, event.stage, () => opened(event, at));
    case 'vote.cast':
    case 'vote.withdrawn':
      return withGate(state, event.stage, (gate) => voted(gate, event, actor, at));
    case 'gate.closed':
      return withApproved(
        withGate(state, event.stage, (gate) => closed(gate, event, at)),
        event.stage,
      );
    case 'gate.escalated':
      return withGate(state, event.stage, (gate) => escalated(gate, event, at));
    case 'gate.broken':
      return withApproved({ ...state, ...wentAlone(state, event, actor, at) }, event.stage);
    case 'review.signed':
      return { ...state, reviews: reviewSigned(state.reviews, event, actor, at) };
    case 'role.delegated':
      return { ...state, delegations: delegated(state.delegations, event, actor, at) };
    case 'delegation.ended':
      return { ...state, delegations: takenBack(state.delegations, event, actor) };
    case 'plan.drifted':
      return { ...state, drift: { before: event.before, changes: event.changes }, driftOpen: true };
    case 'step.intended':
    case 'check.begun':
      return withStage(state, event.stage, {
        ...untouched,
        status: 'running',
        attempt: event.attempt,
        startedAt: at,
      });
    case 'step.done':
      return learned(
        withStage(state, event.stage, {
          status: 'done',
          attempt: event.attempt,
          endedAt: at,
          adopted: event.adopted,
          problem: null,
        }),
        event.stage,
        event.facts,
      );
    case 'check.passed':
      return learned(
        withStage(state, event.stage, {
          status: 'done',
          attempt: event.attempt,
          endedAt: at,
          findings: event.findings,
          problem: null,
        }),
        event.stage,
        event.facts,
      );
    case 'step.failed':
      return withStage(state, event.stage, {
        status: 'failed',
        attempt: event.attempt,
        endedAt: at,
        problem: event.problem,
      });
    case 'step.withdrawn':
      return withStage(state, event.stage, { ...untouched, attempt: event.attempt });
    case 'check.failed':
      return withStage(state, event.stage, {
        status: 'failed',
        attempt: event.attempt,
        endedAt: at,
        findings: event.findings,
        problem: event.problem,
      });
    case 'run.paused':
      return {
        ...state,
        pauses: event.pause,
        pause: {
          number: event.pause,
          stage: event.stage,
          attempt: event.attempt,
          because: event.because,
          truth: event.truth,
          at,
        },
      };
    case 'run.decided':
      return decided(state, event, actor, at);
    case 'abort.asked':
      return { ...state, abort: { by: actor, reason: event.reason } };
    case 'undo.begun':
      return { ...state, undo: event.steps, pause: null };
    case 'run.recovered':
      return { ...state, recoveredAt: state.recoveredAt ?? at };
    case 'run.finished':
      return { ...state, pause: null, finished: { outcome: event.outcome, words: event.words, at } };
    case 'incident.opened':
    case 'run.requested':
    case 'note.added':
    case 'entry.amended':
    case 'triage.made':
    case 'timeline.read':
    case 'value.link-given':
    case 'value.page-opened':
    case 'value.entered':
      return state;
  }
}

function withGate(
  state: RunState,
  stage: string,
  change: (gate: GateState | undefined) => GateState | undefined,
): RunState {
  const gate = change(state.gates[stage]);
  return gate ? { ...state, gates: { ...state.gates, [stage]: gate } } : state;
}

function withApproved(state: RunState, stage: string): RunState {
  const { plan, policies, gates, round } = state;
  const gate = gates[stage];
  return plan && gate?.round === round
    ? { ...state, policies: { ...policies, ...approvedPolicies(plan, gate) } }
    : state;
}

const withStage = (state: RunState, stage: string, change: Partial<StageState>): RunState => ({
  ...state,
  stages: { ...state.stages, [stage]: { ...stageState(state, stage), ...change } },
});

const learned = (state: RunState, stage: string, facts: JsonObject): RunState => ({
  ...state,
  facts: {
    ...state.facts,
    ...Object.fromEntries(Object.entries(facts).map(([name, value]) => [`${stage}.${name}`, value])),
  },
});

function decided(
  state: RunState,
  { pause: number, stage, decision }: Extract<Event, { type: 'run.decided' }>,
  actor: Actor,
  at: Date,
): RunState {
  const { pause } = state;
  if (pause?.number !== number || pause.stage !== stage) return state;
  // Where nothing failed there is nothing to leave out.
  if (decision.choice === 'skip' && pause.because !== 'failed') return state;
  const resumed: RunState = { ...state, pause: null, abort: null };
  switch (decision.choice) {
    case 'retry':
      if (state.refusal) return { ...resumed, refusal: null, driftOpen: true };
      return pause.because === 'abort'
        ? resumed
        : withStage(resumed, stage, { ...untouched, attempt: pause.attempt + 1 });
    case 'skip':
      return withStage(resumed, stage, { status: 'skipped', endedAt: at });
    case 'undo':
      return { ...resumed, wish: { choice: 'undo', by: actor, reason: '' } };
    case 'stop':
      return { ...resumed, wish: { choice: 'stop', by: actor, reason: decision.reason } };
  }
}

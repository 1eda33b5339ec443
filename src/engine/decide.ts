import type { Event, Outcome } from '../incidents/event';
import type { GateStage, Plan, Stage } from '../incidents/plan';
import { type GateState, type RunState, type StageState, stageState } from '../incidents/run-state';
import { stagesBefore } from '../incidents/side-by-side';
import { escalatesAt, gateClosing } from './approval';
import { isUndoVerification, undoStages, wasBegun } from './undo';

/** One thing to do next for a run. Doing it twice is harmless: entries have fixed ids, stages look before they act. */
export type Action =
  | { readonly do: 'compile'; readonly round: number }
  | { readonly do: 'open gate'; readonly stage: string; readonly round: number }
  | { readonly do: 'perform'; readonly stage: string; readonly attempt: number; readonly observe: boolean }
  | { readonly do: 'check'; readonly stage: string; readonly attempt: number; readonly observe: boolean }
  | {
      readonly do: 'pause';
      /** 1 for the run's first pause. */
      readonly pause: number;
      readonly stage: string;
      readonly attempt: number;
      readonly because: 'failed' | 'abort';
    }
  | { readonly do: 'append'; readonly id: string; readonly event: Event };

/** What a run does next: the actions that can start now, side by side, and when to look again at the latest. */
export interface Next {
  readonly actions: readonly Action[];
  readonly wakeAt: Date | null;
  readonly over: boolean;
}

const nothing: Next = { actions: [], wakeAt: null, over: false };
const act = (...actions: readonly Action[]): Next => ({ ...nothing, actions });

/** The next actions of a run. Pure: the same state and time give the same answer. */
export function decide(state: RunState, now: Date): Next {
  if (state.finished) return { ...nothing, over: true };
  if (state.wish?.choice === 'stop') return whenSettled(state, finish('aborted', stopWords(state)));
  if (state.undo) return undoing(state);
  if (state.wish?.choice === 'undo') return whenSettled(state, beginUndo(state, 'decision'));
  if (state.refusal) return refused(state);
  const { plan } = state;
  if (state.abort) return aborting(state);
  if (!plan || state.driftOpen) return act({ do: 'compile', round: state.round + 1 });
  return planned(state, plan, now);
}

/** Does something that ends the way forward, but not while Azure is still being changed on another branch. */
const whenSettled = (state: RunState, action: Action): Next => (anyRunning(state) ? nothing : act(action));

const anyRunning = (state: RunState): boolean =>
  Object.values(state.stages).some((stage) => stage.status === 'running');

const pauseAt = (state: RunState, stage: string, attempt: number, because: 'failed' | 'abort'): Action => ({
  ...{ do: 'pause', pause: state.pauses + 1, stage, attempt, because },
});

function planned(state: RunState, plan: Plan, now: Date): Next {
  const actions: Action[] = [];
  const wakes: Date[] = [];
  for (const stage of plan.stages) {
    if (!stage.after.every((name) => isBehind(state, plan, name))) continue;
    if (stage.kind === 'gate') {
      const next = atGate(state, plan, stage, now);
      if (next?.leads === 'ended') return next.next;
      if (next?.leads === 'act') actions.push(next.action);
      if (next?.leads === 'wait') wakes.push(next.until);
    } else {
      const next = atStage(state, plan, stage);
      if (next) actions.push(next);
    }
  }
  if (state.recoveredAt === null && isBehind(state, plan, plan.recoveredAfter))
    actions.unshift({
      do: 'append',
      id: 'recovered',
      event: { type: 'run.recovered', stage: plan.recoveredAfter },
    });
  if (actions.length === 0 && !state.pause && plan.stages.every((stage) => isBehind(state, plan, stage.name)))
    return act(finish('completed', completedWords(state)));
  const wakeAt = wakes.length > 0 ? new Date(Math.min(...wakes.map(Number))) : null;
  return { actions, wakeAt, over: false };
}

type AtGate =
  | { readonly leads: 'act'; readonly action: Action }
  | { readonly leads: 'wait'; readonly until: Date }
  | { readonly leads: 'ended'; readonly next: Next }
  | null;

function atGate(state: RunState, plan: Plan, stage: GateStage, now: Date): AtGate {
  if (isBehind(state, plan, stage.name)) return null;
  const gate = state.gates[stage.name];
  if (!gate || gate.round < state.round)
    return { leads: 'act', action: { do: 'open gate', stage: stage.name, round: state.round } };
  if (!gate.closed) {
    const closing = gateClosing(plan, gate, now);
    if (!closing) return waitAtGate(gate, now);
    return {
      leads: 'act',
      action: {
        do: 'append',
        id: `${stage.name}:closed:${gate.round}`,
        event: {
          type: 'gate.closed',
          stage: stage.name,
          round: gate.round,
          choice: closing.option.choice,
          because: closing.because,
        },
      },
    };
  }
  const leads = optionLeads(stage, gate.closed.choice);
  if (leads === 'undo') return { leads: 'ended', next: whenSettled(state, beginUndo(state, 'gate')) };
  return { leads: 'ended', next: whenSettled(state, endAt(state, stage, gate.closed)) };
}

/** A gate that nobody goes on behind ends the run; with the app recovered before it, the run has done its work. */
function endAt(state: RunState, stage: GateStage, closed: NonNullable<GateState['closed']>): Action {
  const expired = closed.because === 'expired';
  const label = stage.options.find(({ choice }) => choice === closed.choice)?.label ?? closed.choice;
  const words = gateWords(stage, expired ? null : label);
  return state.recoveredAt
    ? finish('completed', `The app has recovered. ${words}`)
    : finish(expired ? 'expired' : 'rejected', words);
}

/** Waits for people, and asks a second group when the policy's time for that has come. */
function waitAtGate(gate: GateState, now: Date): AtGate {
  const { stage, round, policy, expiresAt } = gate;
  const escalates = escalatesAt(gate);
  if (!escalates || !policy.escalation) return { leads: 'wait', until: expiresAt };
  if (now < escalates) return { leads: 'wait', until: escalates };
  const event: Event = { type: 'gate.escalated', stage, round, role: policy.escalation.role };
  return { leads: 'act', action: { do: 'append', id: `${stage}:escalated:${round}`, event } };
}

function atStage(state: RunState, plan: Plan, stage: Exclude<Stage, GateStage>): Action | null {
  const { status, attempt } = stageState(state, stage.name);
  if (status === 'failed') return state.pause ? null : pauseAt(state, stage.name, attempt, 'failed');
  // A new plan asks its gates anew, also those far before a stage whose predecessors are done.
  if (status !== 'waiting' || !gatesAreBehind(state, plan, stage)) return null;
  const observe = needsObservation(state, plan, stage);
  return { do: stage.kind === 'check' ? 'check' : 'perform', stage: stage.name, attempt, observe };
}

/**
 * Azure is looked at again just before whatever comes first behind a gate, up to its first step, before every step as
 * long as none has worked, and before every step without a way back. Once the app has recovered, Azure differs from what
 * was approved because the run itself changed it: then it is looked at only where there is no way back.
 */
function needsObservation(state: RunState, plan: Plan, stage: Exclude<Stage, GateStage>): boolean {
  if (stage.kind === 'step' && 'irreversible' in stage.back) return true;
  if (state.recoveredAt !== null) return false;
  return isNextBehindGate(plan, stage) || (stage.kind === 'step' && !anyDone(state, plan));
}

/** Whether any step has worked: until then the next one is the run's first change, also behind one that was left out. */
const anyDone = (state: RunState, plan: Plan): boolean =>
  plan.stages.some(({ kind, name }) => kind === 'step' && stageState(state, name).status === 'done');

/** Whether no gate before a stage, near or far, stands in its way. */
function gatesAreBehind(state: RunState, plan: Plan, stage: Stage): boolean {
  const before = stagesBefore(plan.stages, stage.name);
  return plan.stages.every(
    ({ kind, name }) => kind !== 'gate' || !before.has(name) || isBehind(state, plan, name),
  );
}

/** Whether nothing but checks stands between a gate and this stage. */
const isNextBehindGate = (plan: Plan, { after }: Stage): boolean =>
  plan.stages.some(
    (other) =>
      after.includes(other.name) &&
      (other.kind === 'gate' || (other.kind === 'check' && isNextBehindGate(plan, other))),
  );

/** Whether a stage no longer stands in anybody's way. */
function isBehind(state: RunState, plan: Plan, name: string): boolean {
  const stage = plan.stages.find((one) => one.name === name);
  if (!stage) return true;
  if (stage.kind !== 'gate') return ['done', 'skipped'].includes(stageState(state, name).status);
  const gate = state.gates[name];
  if (!gate?.closed) return false;
  if (optionLeads(stage, gate.closed.choice) !== 'go-on') return false;
  if (gate.round === state.round) return true;
  // What was said to an earlier plan counts only where all that it was said about is done.
  return stage.covers.length > 0 && stage.covers.every((step) => isBehind(state, plan, step));
}

const optionLeads = (stage: GateStage, choice: string) =>
  stage.options.find((option) => option.choice === choice)?.leads ?? 'stop';

function undoing(state: RunState): Next {
  for (const name of state.undo ?? []) {
    const { status, attempt } = stageState(state, name);
    if (status === 'done' || status === 'skipped') continue;
    if (state.pause) return nothing;
    if (status === 'running') return nothing;
    if (status === 'failed') return act(pauseAt(state, name, attempt, 'failed'));
    return act(
      isUndoVerification(name)
        ? { do: 'check', stage: name, attempt, observe: false }
        : { do: 'perform', stage: name, attempt, observe: false },
    );
  }
  return act(finish('undone', undoneWords(state)));
}

function refused(state: RunState): Next {
  if (!anyChange(state))
    return whenSettled(state, finish('refused', state.refusal?.what ?? 'The plan was refused.'));
  return askAtLast(state);
}

function aborting(state: RunState): Next {
  if (undoStages(state).length === 0) return whenSettled(state, finish('aborted', stopWords(state)));
  return askAtLast(state);
}

/** Asks a person how to go on after the stage that was touched last, once nothing is under way any more. */
function askAtLast(state: RunState): Next {
  if (state.pause) return nothing;
  const [name, stage] = lastTouched(state);
  return whenSettled(state, pauseAt(state, name, stage.attempt, 'abort'));
}

/** Whether Azure may have been changed. */
const anyChange = (state: RunState): boolean =>
  (state.plan?.stages ?? []).some(
    (stage) => stage.kind === 'step' && wasBegun(stageState(state, stage.name)),
  );

function lastTouched(state: RunState): readonly [string, StageState] {
  // A stage that waits to be tried again has no start yet: it is the one that was last decided about.
  const begunAt = (stage: StageState): number => stage.startedAt?.getTime() ?? Number.POSITIVE_INFINITY;
  const touched = Object.entries(state.stages).filter(([, stage]) => wasBegun(stage));
  const last = touched.sort(([, a], [, b]) => begunAt(a) - begunAt(b)).at(-1);
  if (!last) throw new Error(`Run ${state.run} has touched no stage.`);
  return last;
}

const beginUndo = (state: RunState, because: 'decision' | 'gate'): Action => ({
  do: 'append',
  id: 'undo',
  event: { type: 'undo.begun', because, steps: undoStages(state) },
});

const finish = (outcome: Outcome, words: string): Action => ({
  do: 'append',
  id: 'finished',
  event: { type: 'run.finished', outcome, words },
});

const stopWords = (state: RunState): string =>
  anyChange(state)
    ? 'Stopped. What was done so far was left as it is; see the entries above.'
    : 'Stopped before anything was changed.';

const completedWords = (state: RunState): string =>
  Object.values(state.stages).some((stage) => stage.status === 'skipped')
    ? 'Done, with stages left out by decision.'
    : 'Done. Every step worked and every check passed.';

function undoneWords(state: RunState): string {
  const left = (state.undo ?? []).filter((name) => stageState(state, name).status === 'skipped');
  if (left.length > 0) return `Taken back, except for what was left out by decision: ${left.join(', ')}.`;
  return state.undo?.length === 0
    ? 'There was nothing to take back.'
    : 'Everything that this run changed was taken back.';
}

const gateWords = ({ question }: GateStage, answer: string | null): string =>
  answer === null
    ? `Nobody answered "${question}" in time; what comes after it was not done.`
    : `"${question}" was answered with "${answer}"; what comes after it was not done.`;

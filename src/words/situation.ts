import { gateOf, missing, rolesAsked } from '../engine/approval';
import { awaitedValues } from '../engine/awaited-value';
import type { Progress } from '../engine/engine';
import { isUndo, isUndoVerification, undoOperation } from '../engine/undo';
import type { Outcome } from '../incidents/event';
import type { Json } from '../incidents/json';
import type { Plan, Stage } from '../incidents/plan';
import { type GateState, type RunState, stageState } from '../incidents/run-state';
import { sayCount, sayList } from './say';

/** Container styles of a card; never the only carrier of a meaning. */
export type Tone = 'default' | 'emphasis' | 'accent' | 'good' | 'warning' | 'attention';

/** Where a run stands, in one line for somebody who looks for the first time. */
export interface Situation {
  readonly line: string;
  readonly symbol: string;
  readonly tone: Tone;
  /** Who has to do something now; empty when it is over. */
  readonly holder: string;
  /** What comes after that; empty when nothing does. */
  readonly next: string;
}

/** The words for how a run ended. */
export const outcomeWords: { readonly [outcome in Outcome]: string } = {
  completed: 'Done',
  rejected: 'Rejected',
  expired: 'Expired: nobody answered in time',
  aborted: 'Stopped',
  undone: 'Taken back',
  refused: 'Refused: no plan could be made',
};

/** Where a run stands now. */
export function situation(run: RunState, progress: readonly Progress[]): Situation {
  if (run.finished) return finishedLine(run, run.finished.outcome);
  if (run.pause)
    return {
      line:
        run.pause.because === 'abort'
          ? 'Stopped on request: decide how to go on'
          : 'Paused: a decision is needed',
      symbol: '‖',
      tone: 'attention',
      holder: 'A responder or an approver must decide',
      next: '',
    };
  if (run.undo) return undoLine(run, run.undo, progress);
  if (!run.plan) return planning('Reading Azure and making the plan');
  if (run.driftOpen) return planning('Azure has changed: making a new plan');
  return planLine(run, run.plan, progress);
}

const planning = (line: string): Situation => ({
  line: `${line} …`,
  symbol: '●',
  tone: 'accent',
  holder: 'The bot',
  next: 'The plan is shown for approval',
});

function finishedLine(run: RunState, outcome: Outcome): Situation {
  const good = outcome === 'completed' || outcome === 'undone';
  const line = outcome === 'completed' && run.recoveredAt ? 'Recovered, and done' : outcomeWords[outcome];
  return { line, symbol: good ? '✓' : '■', tone: good ? 'good' : 'warning', holder: '', next: '' };
}

function undoLine(run: RunState, steps: readonly string[], progress: readonly Progress[]): Situation {
  const at = steps.find((name) => !isBehind(run, name)) ?? null;
  const following = at === null ? undefined : steps[steps.indexOf(at) + 1];
  return {
    line: at === null ? 'Taken back' : withPercent(stageTitle(run, at), at, progress),
    symbol: '↶',
    tone: 'warning',
    holder: 'Azure',
    next: following ? stageTitle(run, following) : '',
  };
}

function planLine(run: RunState, plan: Plan, progress: readonly Progress[]): Situation {
  const running = runningStages(run, plan);
  const [gate] = openGates(run);
  const [first] = running;
  const waits = awaitedValues(run).some(({ stage }) => stage === first?.name);
  const stopping = run.abort ? 'Stopping as soon as this is done: ' : '';
  if (first)
    return {
      line: `${stopping}${waits ? 'Waiting for people: ' : ''}${runningLine(running, progress)}`,
      symbol: '●',
      tone: run.abort ? 'warning' : 'accent',
      holder: sayList([
        waits ? 'A responder or an approver' : 'Azure',
        ...(gate ? [missingWords(run, gate)] : []),
      ]),
      next: nextTitle(run, plan),
    };
  if (gate) {
    const { question } = gateOf(plan, gate.stage);
    return {
      line: run.recoveredAt ? `Recovered. ${question}` : `Waiting for people: ${question}`,
      symbol: '◆',
      tone: run.recoveredAt ? 'good' : 'warning',
      holder: missingWords(run, gate),
      next: nextTitle(run, plan),
    };
  }
  return {
    line: run.recoveredAt ? 'Recovered; finishing' : 'Starting the next step',
    symbol: '●',
    tone: 'accent',
    holder: 'The bot',
    next: nextTitle(run, plan),
  };
}

/** What is under way; of several, those that take longest, each with how far it is. */
function runningLine(running: readonly Stage[], progress: readonly Progress[]): string {
  const [first, second, ...others] = [...running].sort(
    (a, b) => (b.expectedMinutes ?? 0) - (a.expectedMinutes ?? 0),
  );
  if (!first) return '';
  const said = [first, second].flatMap((stage) =>
    stage ? [withPercent(stage.title, stage.name, progress)] : [],
  );
  const more = others.length > 0 ? `, and ${others.length} more` : '';
  return second ? `Side by side: ${said.join('; ')}${more}` : said.join('');
}

/** The gates that wait for an answer now, in the plan's order. */
function openGates(run: RunState): readonly GateState[] {
  if (run.finished || run.driftOpen) return [];
  return (run.plan?.stages ?? []).flatMap((stage) => {
    const gate = run.gates[stage.name];
    return gate && !gate.closed ? [gate] : [];
  });
}

/** Who still has to answer a gate so that it goes on: `1 approver`, or anybody who may where one is enough. */
export function missingWords(run: RunState, gate: GateState): string {
  if (!run.plan) return '';
  const [goesOn] = gateOf(run.plan, gate.stage).options;
  if (!goesOn?.needsQuorum)
    return sayList([...new Set([...rolesAsked(gate), 'responder'])].map(withArticle), 'or');
  const votes = gate.votes.filter((vote) => vote.choice === goesOn.choice);
  return sayList(missing(gate, votes).map((need) => sayCount(need.count, need.role)));
}

const withArticle = (noun: string): string => `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;

const runningStages = (run: RunState, plan: Plan) =>
  plan.stages.filter((stage) => stageState(run, stage.name).status === 'running');

/** Whether a stage is behind the run: done or left out, or a gate that was answered. */
export function isBehind(run: RunState, name: string): boolean {
  const closed = run.gates[name]?.closed;
  return (
    ['done', 'skipped'].includes(stageState(run, name).status) ||
    (closed ? closed.because !== 'drift' : false)
  );
}

const nextTitle = (run: RunState, plan: Plan): string =>
  plan.stages.find((stage) => stageState(run, stage.name).status === 'waiting' && !run.gates[stage.name])
    ?.title ?? '';

/** A stage's title for people, also of a stage that takes another one back. */
export function stageTitle(run: RunState, name: string): string {
  const titleOf = (plain: string): string =>
    run.plan?.stages.find((stage) => stage.name === plain)?.title ?? plain;
  if (isUndoVerification(name)) return 'Check that the app is green again';
  if (!isUndo(name)) return titleOf(name);
  const { op, app } = run.plan ? undoOperation(run.plan, name) : { op: '', app: null };
  // What takes a step back may be several changes; the same words for two of them would look like one done twice.
  if (op === 'app.restart') return `Restart ${nameOf(app)}, so that it reads what was put back`;
  const [, step = '', part = 0] = /^undo:(.+):(\d+)$/.exec(name) ?? [];
  return `Take back: ${titleOf(step)}${Number(part) > 0 ? ` (part ${Number(part) + 1})` : ''}`;
}

function nameOf(resource: Json | undefined): string {
  if (typeof resource !== 'object' || resource === null || Array.isArray(resource)) return 'the app';
  return String(Object.entries(resource).find(([key]) => key === 'app')?.[1] ?? 'the app');
}

function withPercent(title: string, name: string, progress: readonly Progress[]): string {
  const percent = progress.find((one) => one.stage === name)?.percent ?? null;
  return percent === null ? title : `${title} — ${Math.round(percent)} %`;
}

import type { Progress } from '../engine/engine';
import type { GateStage } from '../incidents/plan';
import { type RunState, stageState } from '../incidents/run-state';
import { cut, type Limits } from './plain';
import { sayDuration, sayMinutes } from './say';
import { missingWords, stageTitle } from './situation';

/** One stage in a list: the symbol and the note say the same, so that neither has to be seen or known. */
type StageRow = {
  readonly symbol: string;
  readonly color: 'default' | 'accent' | 'good' | 'warning' | 'attention';
  readonly title: string;
  readonly note: string;
  readonly subtle: boolean;
  readonly bold: boolean;
};

/** How far the stages are: `at` is the one under way, 1 for the first. */
export interface Steps {
  readonly rows: readonly StageRow[];
  readonly at: number;
  readonly of: number;
  /** How many are done or left out, and how many are under way at the same time. */
  readonly behind: number;
  readonly atOnce: number;
  /** `███░░░░░░░` */
  readonly bar: string;
  readonly more: string;
}

/** The stages of a run, or what takes them back, with where each one stands; a long list is cut around now. */
export function stageRows(run: RunState, progress: readonly Progress[], limits: Limits): Steps {
  const all = (run.plan?.stages ?? []).map((stage) =>
    stage.kind === 'gate' ? gateRow(run, stage, limits) : workRow(run, stage.name, progress, limits),
  );
  const back = (run.undo ?? []).map((name) => workRow(run, name, progress, limits));
  const counted = run.undo ? back : all;
  const behind = counted.filter((row) => row.symbol === '✓' || row.symbol === '–').length;
  const under = counted.findIndex((row) => row.bold);
  const at = Math.min(counted.length, under < 0 ? behind + (run.finished ? 0 : 1) : under + 1);
  const rows = [...all, ...back];
  // What is under way counts, also where a branch beside it is further on.
  const current = rows.findIndex((row) => row.bold);
  const focus = current >= 0 ? current : rows.findLastIndex((row) => row.symbol === '✓');
  const atOnce = counted.filter((row) => row.bold).length;
  const { shown, more } = around(rows, Math.max(0, focus), limits.rows);
  const of = counted.length;
  return { rows: shown, at, of, behind, atOnce, bar: bar(behind + underWay(progress), counted.length), more };
}

function bar(behind: number, of: number): string {
  const filled = of === 0 ? 0 : Math.min(10, Math.round((10 * behind) / of));
  return '█'.repeat(filled) + '░'.repeat(10 - filled);
}

/** How much of the stages under way is done, where Azure says. */
const underWay = (progress: readonly Progress[]): number =>
  progress.reduce((sum, { percent }) => sum + Math.min(100, Math.max(0, percent ?? 0)) / 100, 0);

function around(
  rows: readonly StageRow[],
  focus: number,
  limit: number,
): { readonly shown: readonly StageRow[]; readonly more: string } {
  if (rows.length <= limit) return { shown: rows, more: '' };
  const from = Math.max(0, Math.min(focus - Math.floor(limit / 2), rows.length - limit));
  return {
    shown: rows.slice(from, from + limit),
    more: `… and ${rows.length - limit} more: @dr timeline`,
  };
}

function workRow(run: RunState, name: string, progress: readonly Progress[], limits: Limits): StageRow {
  const { status, startedAt, endedAt, adopted } = stageState(run, name);
  const row = { title: cut(stageTitle(run, name), limits.text), subtle: false, bold: false };
  const took = startedAt && endedAt ? sayDuration(endedAt.getTime() - startedAt.getTime()) : 'done';
  switch (status) {
    case 'done':
      return { ...row, symbol: '✓', color: 'good', note: adopted ? `${took}, found done` : took };
    case 'failed':
      return { ...row, symbol: '✗', color: 'attention', note: 'failed', bold: true };
    case 'skipped':
      return { ...row, symbol: '–', color: 'warning', note: 'left out' };
    case 'running':
      return { ...row, symbol: '●', color: 'accent', note: runningNote(name, progress, limits), bold: true };
    case 'waiting':
      return { ...row, symbol: '○', color: 'default', note: expected(run, name), subtle: true };
  }
}

function runningNote(name: string, progress: readonly Progress[], limits: Limits): string {
  const now = progress.find((one) => one.stage === name);
  if (!now) return 'under way';
  if (now.percent !== null) return `${Math.round(now.percent)} %`;
  return now.words === '' ? 'under way' : cut(now.words, Math.min(24, limits.text));
}

function expected(run: RunState, name: string): string {
  const minutes = run.plan?.stages.find((stage) => stage.name === name)?.expectedMinutes ?? null;
  return minutes === null || run.finished ? '' : `about ${sayMinutes(minutes)}`;
}

function gateRow(run: RunState, stage: GateStage, limits: Limits): StageRow {
  const gate = run.gates[stage.name];
  const row = { title: cut(stage.title, limits.text), subtle: false, bold: false };
  if (!gate || (run.finished && !gate.closed))
    return { ...row, symbol: '◇', color: 'default', note: run.finished ? '' : 'people decide', subtle: true };
  if (!gate.closed)
    return { ...row, symbol: '◆', color: 'warning', note: waitingNote(missingWords(run, gate)), bold: true };
  const option = optionOf(stage, gate.closed.choice);
  const answer = gate.closed.because === 'expired' ? 'expired' : (option?.label ?? gate.closed.choice);
  const goesOn = option?.leads === 'go-on';
  return goesOn
    ? { ...row, symbol: '✓', color: 'good', note: cut(answer, 24) }
    : { ...row, symbol: '✗', color: 'attention', note: cut(answer, 24) };
}

/** The note stands in a narrow column. */
const waitingNote = (words: string): string =>
  words.length > 0 && words.length <= 16 ? words : 'people decide';

const optionOf = (stage: GateStage, choice: string) =>
  stage.options.find((option) => option.choice === choice);

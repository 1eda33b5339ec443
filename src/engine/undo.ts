import { type OperationData, type Plan, type StepStage, stageOf } from '../incidents/plan';
import { type RunState, type StageState, stageState } from '../incidents/run-state';

const VERIFY = 'undo:verify';
const NAME = /^undo:(.+):(\d+)$/;

/** Whether a stage name belongs to taking steps back rather than to the plan itself. */
export const isUndo = (name: string): boolean => name.startsWith('undo:');

/** Whether this undo stage is the reading at the end that shows whether the app is green again. */
export const isUndoVerification = (name: string): boolean => name === VERIFY;

/** Whether a stage was tried at least once, so that Azure may have been changed by it. */
export const wasBegun = ({ status, attempt }: StageState): boolean => status !== 'waiting' || attempt > 1;

/**
 * The stages that take back what a run has done so far, newest first, ending in the plan's own verification. A
 * step that failed, is unfinished, waits to be tried again or was left out after it failed is taken back too,
 * because it may have half happened. Steps that changed nothing to be taken back are not named, and neither are those
 * that people have decided to keep. Empty when there is nothing to take back.
 */
export function undoStages(state: RunState): readonly string[] {
  const { plan } = state;
  if (!plan) return [];
  const kept = keptStages(plan, state);
  const begun = plan.stages.filter(
    (stage): stage is StepStage =>
      stage.kind === 'step' && !kept.has(stage.name) && wasBegun(stageState(state, stage.name)),
  );
  const names = begun
    .reverse()
    .flatMap((step) =>
      'undo' in step.back ? step.back.undo.map((_operation, index) => `undo:${step.name}:${index}`) : [],
    );
  return names.length > 0 ? [...names, VERIFY] : [];
}

/** The stages before a gate that offered to take them back and was answered by going on. */
function keptStages(plan: Plan, state: RunState): ReadonlySet<string> {
  const kept = new Set<string>();
  const keep = (names: readonly string[]): void => {
    for (const name of names) {
      if (kept.has(name)) continue;
      kept.add(name);
      keep(stageOf(plan, name).after);
    }
  };
  for (const stage of plan.stages) {
    if (stage.kind !== 'gate' || !stage.options.some((option) => option.leads === 'undo')) continue;
    const choice = state.gates[stage.name]?.closed?.choice;
    if (stage.options.some((option) => option.choice === choice && option.leads === 'go-on'))
      keep(stage.after);
  }
  return kept;
}

/** The step that an undo stage takes back. @throws when the plan has no such undo: a bug, not an event. */
export function undoneStep(plan: Plan, name: string): StepStage {
  const [, step] = NAME.exec(name) ?? [];
  const stage = step === undefined ? undefined : stageOf(plan, step);
  if (stage?.kind !== 'step') throw new Error(`The plan "${plan.title}" has no undo stage "${name}".`);
  return stage;
}

/** The Azure operation of an undo stage. @throws when the plan has no such undo: a bug, not an event. */
export function undoOperation(plan: Plan, name: string): OperationData {
  const { back } = undoneStep(plan, name);
  const operation = 'undo' in back ? back.undo[Number(NAME.exec(name)?.[2])] : undefined;
  if (!operation) throw new Error(`The plan "${plan.title}" has no undo stage "${name}".`);
  return operation;
}

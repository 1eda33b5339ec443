import { type OperationOf, operation } from '../azure/operation';
import type { OperationData } from '../incidents/plan';
import { type RunState, stageState } from '../incidents/run-state';

/** A step under way that waits until somebody enters a value. */
export interface AwaitedValue {
  readonly stage: string;
  readonly title: string;
  readonly change: OperationOf<'vault.set-secret'>;
}

/** Whether an operation as a plan has it waits for a person rather than for Azure. */
export function waitsForValue(data: OperationData): boolean {
  const change = operation.safeParse(data).data;
  return change?.op === 'vault.set-secret' && change.source.from === 'entered';
}

/** The steps of a run that wait for a value now, in the plan's order. Asking to abort ends the waiting. */
export function awaitedValues(state: RunState): readonly AwaitedValue[] {
  if (!state.plan || state.finished || state.abort) return [];
  return state.plan.stages.flatMap((stage): readonly AwaitedValue[] => {
    if (stage.kind !== 'step' || stageState(state, stage.name).status !== 'running') return [];
    const change = operation.safeParse(stage.does).data;
    return change?.op === 'vault.set-secret' && change.source.from === 'entered'
      ? [{ stage: stage.name, title: stage.title, change }]
      : [];
  });
}

import type { Event } from '../incidents/event';
import { type OperationData, stageOf } from '../incidents/plan';
import type { RunState } from '../incidents/run-state';
import type { ConductInput, ConductorPorts } from './conductor-ports';
import type { Action } from './decide';
import { isUndo, undoOperation } from './undo';

/** One try of one stage of a run. */
export interface StageInput extends ConductInput {
  readonly stage: string;
  readonly attempt: number;
  readonly round: number;
}

/** The same, and whether Azure is compared with the plan first. */
export type ObservedInput = StageInput & { readonly observe: boolean };

/** Gives the event while this try of this stage is what the run asks for: not after an abort, a new plan or the end. */
export const whileDue =
  ({ stage, attempt, round }: StageInput, event: Event) =>
  (actions: readonly Action[], state: RunState): Event | null =>
    state.round === round &&
    actions.some(
      (one) => (one.do === 'perform' || one.do === 'check') && one.stage === stage && one.attempt === attempt,
    )
      ? event
      : null;

/** What the timeline has of the intents of a step: when the first was, and how many tries of this number were withdrawn. */
export async function intentsOf(
  ports: ConductorPorts,
  { incident, run, stage, attempt }: Omit<StageInput, 'round'>,
): Promise<{ readonly firstAt: Date | null; readonly withdrawn: number }> {
  const own = (await ports.timeline.entries(incident)).filter((entry) => entry.run === run);
  const first = own.find(({ event }) => event.type === 'step.intended' && event.stage === stage);
  const withdrawn = own.filter(
    ({ event }) => event.type === 'step.withdrawn' && event.stage === stage && event.attempt === attempt,
  );
  return { firstAt: first?.happenedAt ?? null, withdrawn: withdrawn.length };
}

/** When the effect of a step was first meant to happen: what an earlier try left behind is ours as well. */
export async function firstIntentAt(ports: ConductorPorts, input: Omit<StageInput, 'round'>): Promise<Date> {
  const { firstAt } = await intentsOf(ports, input);
  if (!firstAt) throw new Error(`The timeline has no intent of "${input.stage}" in ${input.run}.`);
  return firstAt;
}

/** What a step or an undo stage does, as the plan has it. @throws when it is neither: a bug, not an event. */
export function operationOf(state: RunState, name: string): OperationData {
  const { plan } = state;
  if (!plan) throw new Error(`Run ${state.run} has no plan.`);
  if (isUndo(name)) return undoOperation(plan, name);
  const stage = stageOf(plan, name);
  if (stage.kind !== 'step') throw new Error(`"${name}" is a ${stage.kind}, not a step.`);
  return stage.does;
}

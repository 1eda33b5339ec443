import type { Operation } from '../azure/operation';
import type { Problem } from '../incidents/event';
import type { OperationData } from '../incidents/plan';
import { type RunState, stageState } from '../incidents/run-state';
import { type ConductorPorts, stateOfRun } from './conductor-ports';
import { standstillMs, untilSettled } from './follow';
import { firstIntentAt, type StageInput } from './one-try';
import { type Patience, requestIds, withFacts } from './perform';
import { isUndo, undoneStep } from './undo';

/**
 * Before a step is taken back: waits for the end of what Azure may still be doing of it. A failover that has not happened
 * yet looks as if it were taken back already. Null when it has ended, well or badly; else what stands in the way.
 */
export async function notSettled(
  ports: ConductorPorts,
  input: StageInput,
  patience: Patience,
): Promise<Problem | null> {
  if (!isUndo(input.stage)) return null;
  const state = await stateOfRun(ports.timeline, input);
  if (!state.plan) return null;
  const { name: stage, does, expectedMinutes } = undoneStep(state.plan, input.stage);
  const { status, attempt } = stageState(state, stage);
  if (status === 'done') return null;
  const change = composed(does, state);
  if (!change) return null;
  const intendedAt = await firstIntentAt(ports, { ...input, stage, attempt });
  const sent = { ...requestIds(input.run, stage, attempt), intendedAt, resumed: true };
  const longestMs = (ports.standstillMs ?? standstillMs)(expectedMinutes);
  return untilSettled(ports.azure, change, sent, patience, longestMs);
}

/** An operation with the run's facts; null while one is missing, so that it cannot have been sent. */
function composed(does: OperationData, state: RunState): Operation | null {
  try {
    return withFacts(does, state.facts);
  } catch {
    return null;
  }
}

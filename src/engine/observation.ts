import type { Event } from '../incidents/event';
import type { Drift } from '../incidents/plan';
import { type RunState, stageState } from '../incidents/run-state';
import { appendIfDue } from './append-if-due';
import { observeDrift } from './compile-run';
import { type ConductorPorts, stateOfRun } from './conductor-ports';
import { intentsOf, operationOf, type StageInput, whileDue } from './one-try';
import { requestIds, withFacts } from './perform';

/** What came of comparing Azure with the plan before a try, as it is recorded: text goes through the store. */
export interface Observed {
  readonly drifted: boolean;
  /** When Azure was found to be as approved; null where it was not compared, since a try before may have worked. */
  readonly at: string | null;
}

/** What a bot before this one recorded: whether Azure had drifted. */
type Recorded = Observed | boolean;

export const hasDrifted = (recorded: Recorded): boolean =>
  typeof recorded === 'boolean' ? recorded : recorded.drifted;

/** How old an observation may be when the change is sent, in milliseconds: a crash or a busy Azure may lie between. */
const FRESH_MS = 60_000;

/** Compares Azure with the plan before a try is begun; a difference is written down. */
export async function observe(ports: ConductorPorts, input: StageInput): Promise<Observed> {
  const state = await stateOfRun(ports.timeline, input);
  if (!state.plan || (await hasHappened(ports, input, state))) return { drifted: false, at: null };
  const at = ports.now().toISOString();
  const changes = await observeDrift(ports, state, state.plan);
  if (changes.length === 0) return { drifted: false, at };
  await appendIfDue(ports, input, `drift:${input.round}`, whileDue(input, driftOf(input, changes)));
  return { drifted: true, at };
}

/**
 * Whether the change may still be sent, asked at the last moment, when it was looked for and is absent in Azure. An
 * observation that is older than a minute is made anew; a difference is written down, and the try is to be withdrawn.
 */
export function stillAsApproved(
  ports: ConductorPorts,
  input: StageInput,
  recorded: Recorded,
): () => Promise<boolean> {
  let observedAt = typeof recorded === 'boolean' || recorded.at === null ? null : Date.parse(recorded.at);
  return async () => {
    const now = ports.now().getTime();
    // Another machine's clock may have written the time: one that has not come yet says nothing.
    if (observedAt !== null && now >= observedAt && now - observedAt <= FRESH_MS) return true;
    const state = await stateOfRun(ports.timeline, input);
    if (!state.plan || state.round !== input.round || state.driftOpen) return false;
    const changes = await observeDrift(ports, withoutTry(state, input.stage), state.plan);
    if (changes.length > 0) {
      await appendIfDue(ports, input, `drift:${input.round}`, whileTried(input, driftOf(input, changes)));
      return false;
    }
    observedAt = now;
    return true;
  };
}

const driftOf = ({ round, stage: before }: StageInput, changes: readonly Drift[]): Event => ({
  ...{ type: 'plan.drifted', round, before, changes },
});

/** The try that is about to be sent has changed nothing yet, so the plan is compared as if it had not begun. */
const withoutTry = (state: RunState, stage: string): RunState => ({
  ...state,
  stages: { ...state.stages, [stage]: { ...stageState(state, stage), status: 'waiting' } },
});

/** Gives the event while this try is meant and has not ended, in the plan that it was meant for. */
const whileTried =
  ({ stage, attempt, round }: StageInput, event: Event) =>
  (_: unknown, state: RunState): Event | null => {
    const tried = stageState(state, stage);
    return state.round === round && tried.status === 'running' && tried.attempt === attempt ? event : null;
  };

/** Whether a try before this one worked after all: then what differs in Azure is our own doing, and is no drift. */
async function hasHappened(ports: ConductorPorts, input: StageInput, state: RunState): Promise<boolean> {
  const { firstAt: intendedAt, withdrawn } = await intentsOf(ports, input);
  const tries = withdrawn > 0 ? input.attempt : input.attempt - 1;
  if (tries === 0 || !intendedAt) return false;
  try {
    const change = withFacts(operationOf(state, input.stage), state.facts);
    const ids = requestIds(input.run, input.stage, tries);
    const seen = await ports.azure.handler(change).look(change, { ...ids, intendedAt, resumed: true });
    return seen.state === 'done' || seen.state === 'under way';
  } catch {
    // Not being able to look means nothing here: the observation that follows says what Azure answers.
    return false;
  }
}

import type { Operation, Sent } from '../azure/operation';
import { type Fence, fenced } from '../fence';
import type { Event, Problem } from '../incidents/event';
import { type CheckStage, type OperationData, type Plan, stageOf } from '../incidents/plan';
import { type RunState, stageState } from '../incidents/run-state';
import { appendIfDue } from './append-if-due';
import { observeDrift } from './compile-run';
import { appendAs, type ConductInput, type ConductorPorts, stateOfRun } from './conductor-ports';
import type { Action } from './decide';
import type { Durable, Work } from './durable';
import { checkWithFacts, examine } from './examine';
import { follow, standstillMs, untilSettled } from './follow';
import { type Patience, problemOf, requestId, requestIds, type Sending, send, withFacts } from './perform';
import { isUndo, isUndoVerification, undoneStep, undoOperation } from './undo';

/** One try of one stage of a run. */
interface StageInput extends ConductInput {
  readonly stage: string;
  readonly attempt: number;
  readonly round: number;
}

/** The same, and whether Azure is compared with the plan first. */
type ObservedInput = StageInput & { readonly observe: boolean };

/** Registers the workflows that carry out single stages: `perform` for steps, `check` for checks. */
export function registerStages(durable: Durable, ports: ConductorPorts, fence: Fence): void {
  // A try whose intent was written down by this very process has not been sent by an earlier one.
  const intendedHere = new Set<string>();
  durable.register<ObservedInput>('perform', (work, input) =>
    perform(work, ports, input, intendedHere, fence),
  );
  durable.register<ObservedInput>('check', (work, input) => runCheck(work, ports, input));
}

async function perform(
  work: Work,
  ports: ConductorPorts,
  input: ObservedInput,
  intendedHere: Set<string>,
  fence: Fence,
): Promise<void> {
  const key = `${input.run}:${input.stage}:${input.round}.${input.attempt}`;
  if (input.observe && (await work.once('observe', () => drifted(ports, input))))
    return work.signal(input.run);
  const intended = await work.once('intend', () => intend(ports, input, intendedHere, key));
  if ('notDue' in intended) return work.signal(input.run);
  if ('problem' in intended) {
    await work.once('record', () => record(ports, input, { state: 'failed', problem: intended.problem }));
    return work.signal(input.run);
  }
  const { change, expectedMinutes } = intended;
  const sent = (): Sent => ({
    ...requestIds(input.run, input.stage, input.attempt),
    intendedAt: new Date(intended.at),
    // What the try before sent may still be under way: then this one goes on waiting for it.
    resumed: input.attempt > 1 || !intendedHere.has(key),
  });
  const patience = patienceOf(ports, input);
  const sending = await work.once('send', () =>
    fenced(fence, async (): Promise<Sending> => {
      const problem = await notSettled(ports, input, patience);
      return problem ? { state: 'failed', problem } : send(ports.azure, change, sent(), patience);
    }),
  );
  const end = sending.state === 'accepted' ? await followUp(sending) : sending;
  await work.once('record', () => record(ports, input, end));
  return work.signal(input.run);

  async function followUp({ token, adopted }: Extract<Sending, { state: 'accepted' }>): Promise<StepEnd> {
    const longestMs = (ports.standstillMs ?? standstillMs)(expectedMinutes);
    const ended = await work.once('follow', () =>
      // Some polls change something: a refresh of references is asked for again until it has worked.
      fenced(fence, () => follow(ports.azure, change, sent(), token, patience, longestMs)),
    );
    return ended.state === 'done' ? { ...ended, adopted } : ended;
  }
}

/**
 * Before a step is taken back: waits for the end of what Azure may still be doing of it. A failover that has not happened
 * yet looks as if it were taken back already. Null when it has ended, well or badly; else what stands in the way.
 */
async function notSettled(
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
  const intendedAt = await firstIntentAt(ports, { ...input, stage });
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

async function drifted(ports: ConductorPorts, input: StageInput): Promise<boolean> {
  const state = await stateOfRun(ports.timeline, input);
  if (!state.plan || (await hasHappened(ports, input, state))) return false;
  const changes = await observeDrift(ports, state, state.plan);
  if (changes.length === 0) return false;
  const { round, stage: before } = input;
  const event: Event = { type: 'plan.drifted', round, before, changes };
  await appendIfDue(ports, input, `drift:${round}`, whileDue(input, event));
  return true;
}

/** Whether a try before this one worked after all: then what differs in Azure is our own doing, and is no drift. */
async function hasHappened(ports: ConductorPorts, input: StageInput, state: RunState): Promise<boolean> {
  if (input.attempt === 1) return false;
  try {
    const change = withFacts(operationOf(state, input.stage), state.facts);
    const ids = requestIds(input.run, input.stage, input.attempt - 1);
    const intendedAt = await firstIntentAt(ports, input);
    const seen = await ports.azure.handler(change).look(change, { ...ids, intendedAt, resumed: true });
    return seen.state === 'done' || seen.state === 'under way';
  } catch {
    // Not being able to look means nothing here: the observation that follows says what Azure answers.
    return false;
  }
}

/** Gives the event while this try of this stage is what the run asks for: not after an abort, a new plan or the end. */
const whileDue =
  ({ stage, attempt, round }: StageInput, event: Event) =>
  (actions: readonly Action[], state: RunState): Event | null =>
    state.round === round &&
    actions.some(
      (one) => (one.do === 'perform' || one.do === 'check') && one.stage === stage && one.attempt === attempt,
    )
      ? event
      : null;

/** How a try of a step ended. */
type StepEnd = Exclude<Sending, { state: 'accepted' }>;

type Intended =
  | { readonly notDue: true }
  | { readonly change: Operation; readonly at: string; readonly expectedMinutes: number | null }
  | { readonly problem: ReturnType<typeof problemOf> };

/** Writes down what is about to be sent, before it is sent; nothing is sent that the run no longer asks for. */
async function intend(
  ports: ConductorPorts,
  input: StageInput,
  intendedHere: Set<string>,
  key: string,
): Promise<Intended> {
  const { stage, attempt } = input;
  const state = await stateOfRun(ports.timeline, input);
  const operation = operationOf(state, stage);
  const id = requestId(input.run, stage, attempt);
  const event = { type: 'step.intended', stage, attempt, operation, requestId: id } as const;
  const appended = await appendIfDue(ports, input, `${stage}:intended:${attempt}`, whileDue(input, event));
  if (appended === 'not due') return { notDue: true };
  if (appended === 'added') intendedHere.add(key);
  try {
    return {
      change: withFacts(operation, state.facts),
      at: (await firstIntentAt(ports, input)).toISOString(),
      expectedMinutes: state.plan?.stages.find(({ name }) => name === stage)?.expectedMinutes ?? null,
    };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

/** When the effect of a step was first meant to happen: what an earlier try left behind is ours as well. */
async function firstIntentAt(ports: ConductorPorts, { incident, run, stage }: StageInput): Promise<Date> {
  const entries = await ports.timeline.entries(incident);
  const [first] = entries.filter(
    ({ run: of, event }) => of === run && event.type === 'step.intended' && event.stage === stage,
  );
  if (!first) throw new Error(`The timeline has no intent of "${stage}" in ${run}.`);
  return first.happenedAt;
}

function operationOf(state: RunState, name: string) {
  const { plan } = state;
  if (!plan) throw new Error(`Run ${state.run} has no plan.`);
  if (isUndo(name)) return undoOperation(plan, name);
  const stage = stageOf(plan, name);
  if (stage.kind !== 'step') throw new Error(`"${name}" is a ${stage.kind}, not a step.`);
  return stage.does;
}

function record(ports: ConductorPorts, input: StageInput, end: StepEnd): Promise<number> {
  const { stage, attempt } = input;
  const event: Event =
    end.state === 'done'
      ? { type: 'step.done', stage, attempt, facts: end.facts, adopted: end.adopted }
      : { type: 'step.failed', stage, attempt, problem: end.problem };
  return appendAs(ports, input, `${stage}:ended:${attempt}`, event);
}

async function runCheck(work: Work, ports: ConductorPorts, input: ObservedInput): Promise<void> {
  const { stage, attempt } = input;
  if (input.observe && (await work.once('observe', () => drifted(ports, input))))
    return work.signal(input.run);
  const begun = await work.once('begin', () =>
    appendIfDue(
      ports,
      input,
      `${stage}:begun:${attempt}`,
      whileDue(input, { type: 'check.begun', stage, attempt }),
    ),
  );
  if (begun === 'not due') return work.signal(input.run);
  const examined = await work.once('examine', () => examineStage(ports, input));
  await work.once('record', () =>
    appendAs(ports, input, `${stage}:ended:${attempt}`, {
      ...(examined.passed
        ? { type: 'check.passed', stage, attempt, findings: examined.findings, facts: examined.facts }
        : { type: 'check.failed', stage, attempt, findings: examined.findings, problem: examined.problem }),
    }),
  );
  await work.signal(input.run);
}

async function examineStage(ports: ConductorPorts, input: StageInput) {
  const state = await stateOfRun(ports.timeline, input);
  if (!state.plan) throw new Error(`Run ${input.run} has no plan.`);
  const stage = checkOf(state.plan, input.stage);
  try {
    const reads = checkWithFacts(stage.reads, state.facts);
    return await examine(ports.azure, reads, stage.withinMinutes, patienceOf(ports, input));
  } catch (error) {
    return { passed: false as const, findings: [], problem: problemOf(error) };
  }
}

/** What a check reads, or what shows at the end of an undo that the app is green again. */
function checkOf(plan: Plan, name: string): Pick<CheckStage, 'reads' | 'withinMinutes'> {
  if (isUndoVerification(name) && plan.afterUndo) return plan.afterUndo;
  const stage = stageOf(plan, isUndoVerification(name) ? plan.recoveredAfter : name);
  if (stage.kind !== 'check') throw new Error(`"${stage.name}" is a ${stage.kind}, not a check.`);
  return stage;
}

const patienceOf = (ports: ConductorPorts, input: StageInput): Patience => ({
  now: ports.now,
  sleep: ports.sleep,
  tell: (percent, words) =>
    ports.progress({ run: input.run, stage: input.stage, percent, words, at: ports.now() }),
  stopAsked: async () => (await stateOfRun(ports.timeline, input)).abort !== null,
});

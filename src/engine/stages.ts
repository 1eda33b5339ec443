import type { Operation, Sent } from '../azure/operation';
import type { Event } from '../incidents/event';
import { stageOf } from '../incidents/plan';
import { type RunState, stageState } from '../incidents/run-state';
import { observeDrift } from './compile-run';
import { appendAs, type ConductInput, type ConductorPorts, stateOfRun } from './conductor-ports';
import type { Durable, Work } from './durable';
import { checkWithFacts, examine } from './examine';
import { follow, type Patience, problemOf, requestId, type Sending, send, withFacts } from './perform';
import { isUndo, isUndoVerification, undoOperation } from './undo';

/** One try of one stage of a run. */
interface StageInput extends ConductInput {
  readonly stage: string;
  readonly attempt: number;
  readonly round: number;
}

/** Registers the workflows that carry out single stages: `perform` for steps, `check` for checks. */
export function registerStages(durable: Durable, ports: ConductorPorts): void {
  // A try whose intent was written down by this very process has not been sent by an earlier one.
  const intendedHere = new Set<string>();
  durable.register<StageInput & { readonly observe: boolean }>('perform', (work, input) =>
    perform(work, ports, input, intendedHere),
  );
  durable.register<StageInput>('check', (work, input) => runCheck(work, ports, input));
}

async function perform(
  work: Work,
  ports: ConductorPorts,
  input: StageInput & { readonly observe: boolean },
  intendedHere: Set<string>,
): Promise<void> {
  const key = `${input.stage}:${input.round}.${input.attempt}`;
  if (input.observe && (await work.once('observe', () => drifted(ports, input))))
    return work.signal(input.run);
  const intended = await work.once('intend', () => intend(ports, input, intendedHere, key));
  if ('problem' in intended) {
    await work.once('record', () => record(ports, input, { state: 'failed', problem: intended.problem }));
    return work.signal(input.run);
  }
  const { change } = intended;
  const sent = (): Sent => ({
    requestId: requestId(input.run, input.stage, input.attempt),
    intendedAt: new Date(intended.at),
    resumed: !intendedHere.has(key),
  });
  const patience = patienceOf(ports, input);
  const sending = await work.once('send', () => send(ports.azure, change, sent(), patience));
  const end = sending.state === 'accepted' ? await followUp(sending) : sending;
  await work.once('record', () => record(ports, input, end));
  return work.signal(input.run);

  async function followUp({ token, adopted }: Extract<Sending, { state: 'accepted' }>): Promise<StepEnd> {
    const ended = await work.once('follow', () => follow(ports.azure, change, sent(), token, patience));
    return ended.state === 'done' ? { ...ended, adopted } : ended;
  }
}

async function drifted(ports: ConductorPorts, input: StageInput): Promise<boolean> {
  const state = await stateOfRun(ports.timeline, input);
  if (!state.plan) return false;
  const changes = await observeDrift(ports, state, state.plan);
  if (changes.length === 0) return false;
  const { round, stage: before } = input;
  await appendAs(ports, input, `drift:${round}`, { type: 'plan.drifted', round, before, changes });
  return true;
}

/** How a try of a step ended. */
type StepEnd = Exclude<Sending, { state: 'accepted' }>;

type Intended =
  | { readonly change: Operation; readonly at: string }
  | { readonly problem: ReturnType<typeof problemOf> };

/** Writes down what is about to be sent, before it is sent. */
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
  const added = await appendAs(ports, input, `${stage}:intended:${attempt}`, event);
  if (added > 0) intendedHere.add(key);
  // A resumed step's intent is as old as its entry, not as this attempt to write it down again.
  const { startedAt } = stageState(await stateOfRun(ports.timeline, input), stage);
  try {
    const at = (startedAt ?? ports.now()).toISOString();
    return { change: withFacts(operation, state.facts), at };
  } catch (error) {
    return { problem: problemOf(error) };
  }
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

async function runCheck(work: Work, ports: ConductorPorts, input: StageInput): Promise<void> {
  const { stage, attempt } = input;
  await work.once('begin', () =>
    appendAs(ports, input, `${stage}:begun:${attempt}`, { type: 'check.begun', stage, attempt }),
  );
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
  const stage = stageOf(
    state.plan,
    isUndoVerification(input.stage) ? state.plan.recoveredAfter : input.stage,
  );
  if (stage.kind !== 'check') throw new Error(`"${stage.name}" is a ${stage.kind}, not a check.`);
  try {
    const reads = checkWithFacts(stage.reads, state.facts);
    return await examine(ports.azure, reads, stage.withinMinutes, patienceOf(ports, input));
  } catch (error) {
    return { passed: false as const, findings: [], problem: problemOf(error) };
  }
}

const patienceOf = (ports: ConductorPorts, { run, stage }: StageInput): Patience => ({
  now: ports.now,
  sleep: ports.sleep,
  tell: (percent, words) => ports.progress({ run, stage, percent, words, at: ports.now() }),
});

import type { Operation, Sent } from '../azure/operation';
import { type Fence, fenced } from '../fence';
import type { Event } from '../incidents/event';
import { type CheckStage, type Plan, stageOf } from '../incidents/plan';
import { appendIfDue } from './append-if-due';
import { notSettled } from './before-undo';
import { appendAs, type ConductorPorts, stateOfRun } from './conductor-ports';
import type { Durable, Work } from './durable';
import { checkWithFacts, examine } from './examine';
import { follow, standstillMs } from './follow';
import { hasDrifted, observe, stillAsApproved } from './observation';
import {
  firstIntentAt,
  intentsOf,
  type ObservedInput,
  operationOf,
  type StageInput,
  whileDue,
} from './one-try';
import { type Patience, problemOf, requestId, requestIds, type Sending, send, withFacts } from './perform';
import { isUndoVerification } from './undo';

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
  const observed = input.observe ? await work.once('observe', () => observe(ports, input)) : null;
  if (observed !== null && hasDrifted(observed)) return work.signal(input.run);
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
    resumed: input.attempt > 1 || intended.again || !intendedHere.has(key),
    onItsWay: !intendedHere.has(key),
  });
  const patience = patienceOf(ports, input);
  const sending = await work.once('send', () =>
    fenced(fence, async (): Promise<Sending> => {
      const problem = await notSettled(ports, input, patience);
      if (problem) return { state: 'failed', problem };
      const mayBegin = observed === null ? undefined : stillAsApproved(ports, input, observed);
      return send(ports.azure, change, sent(), patience, mayBegin);
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

/** How a try of a step ended. */
type StepEnd = Exclude<Sending, { state: 'accepted' }>;

type Intended =
  | { readonly notDue: true }
  | {
      readonly change: Operation;
      readonly at: string;
      readonly expectedMinutes: number | null;
      /** Whether it was meant before, and withdrawn as far as could be seen. */
      readonly again: boolean;
    }
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
  const { withdrawn } = await intentsOf(ports, input);
  const entry = `${stage}:intended:${attempt}${withdrawn > 0 ? `:${withdrawn + 1}` : ''}`;
  const appended = await appendIfDue(ports, input, entry, whileDue(input, event));
  if (appended === 'not due') return { notDue: true };
  if (appended === 'added') intendedHere.add(key);
  try {
    return {
      change: withFacts(operation, state.facts),
      at: (await firstIntentAt(ports, input)).toISOString(),
      again: withdrawn > 0,
      expectedMinutes: state.plan?.stages.find(({ name }) => name === stage)?.expectedMinutes ?? null,
    };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

function record(ports: ConductorPorts, input: StageInput, end: StepEnd): Promise<number> {
  const { stage, attempt, round } = input;
  if (end.state === 'withdrawn') {
    const id = `${stage}:withdrawn:${round}.${attempt}`;
    return appendAs(ports, input, id, { type: 'step.withdrawn', stage, attempt });
  }
  const event: Event =
    end.state === 'done'
      ? { type: 'step.done', stage, attempt, facts: end.facts, adopted: end.adopted }
      : { type: 'step.failed', stage, attempt, problem: end.problem };
  return appendAs(ports, input, `${stage}:ended:${attempt}`, event);
}

async function runCheck(work: Work, ports: ConductorPorts, input: ObservedInput): Promise<void> {
  const { stage, attempt } = input;
  if (input.observe && hasDrifted(await work.once('observe', () => observe(ports, input))))
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
  arrivesWithinMs: ports.arrivesWithinMs,
});

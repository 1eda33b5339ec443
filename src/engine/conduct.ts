import type { Fence } from '../fence';
import type { Event } from '../incidents/event';
import { type NextRunbook, planHash } from '../incidents/plan';
import type { RunState } from '../incidents/run-state';
import { type Appended, appendIfDue } from './append-if-due';
import { gateOf } from './approval';
import { compile, observeDrift, readContext, subjectOf } from './compile-run';
import { type ConductInput, type ConductorPorts, stateIn, stateOfRun } from './conductor-ports';
import { type Action, decide, type Next } from './decide';
import type { Durable, Work } from './durable';
import { gatePolicy } from './estate';
import { fencedTimeline } from './fenced-timeline';
import { problemOf } from './perform';
import { askedAs } from './resource-gates';
import type { Choice } from './runbook';
import { registerStages } from './stages';

/** The workflow that carries one run from its request to its end. */
export const CONDUCT = 'conduct';

/** Registers the workflows that carry runs out. Must be called before the durable engine is launched. */
export function registerConductor(durable: Durable, unfenced: ConductorPorts, fence: Fence): void {
  const ports = { ...unfenced, timeline: fencedTimeline(unfenced.timeline, fence) };
  registerStages(durable, ports, fence);
  durable.register<ConductInput>(CONDUCT, async (work, input) => {
    const spawned = new Set<string>();
    for (;;) {
      const next = await work.once('decide', () => whatNext(ports, input));
      if (next.over) return;
      let moved = false;
      for (const action of next.actions)
        moved = (await carryOut(work, ports, input, action, next, spawned)) || moved;
      if (!moved) await work.wait(next.wakeAt === null ? null : new Date(next.wakeAt));
    }
  });
}

/** A recorded {@link Next}: times are text, since it goes through the store. */
type RecordedNext = Omit<Next, 'wakeAt'> & {
  readonly wakeAt: string | null;
  readonly round: number;
  /** Changes whenever a stage that was not carried out may have to be begun anew: by a new plan or an abort. */
  readonly turn: string;
};

async function whatNext(ports: ConductorPorts, input: ConductInput): Promise<RecordedNext> {
  const entries = await ports.timeline.entries(input.incident);
  const state = stateIn(entries, input);
  const next = decide(state, ports.now());
  const aborts = entries.filter((one) => one.run === input.run && one.event.type === 'abort.asked').length;
  return {
    ...next,
    wakeAt: next.wakeAt?.toISOString() ?? null,
    round: state.round,
    turn: `${state.round}.${aborts}`,
  };
}

/** Does one action; false when it only goes on in a workflow of its own that was started before. */
async function carryOut(
  work: Work,
  ports: ConductorPorts,
  input: ConductInput,
  action: Action,
  { round, turn }: RecordedNext,
  spawned: Set<string>,
): Promise<boolean> {
  switch (action.do) {
    case 'append':
      await work.once(`append ${action.id}`, () => appendIfDue(ports, input, action.id, theSame(action.id)));
      return true;
    case 'compile':
      await work.once(`compile ${action.round}`, () => compileRun(ports, input, action.round));
      return true;
    case 'open gate':
      await work.once(`open ${action.stage} ${action.round}`, () => openGate(ports, input, action));
      return true;
    case 'pause':
      await work.once(`pause ${action.pause}`, () => pause(ports, input, action));
      return true;
    case 'perform':
    case 'check': {
      const id = `${input.run}:${action.stage}:${turn}.${action.attempt}`;
      if (spawned.has(id)) return false;
      spawned.add(id);
      await work.spawn(action.do, id, { ...input, ...action, round });
      return false;
    }
  }
}

/** The event of the append with this id, as it is decided now. */
const theSame =
  (id: string) =>
  (actions: readonly Action[]): Event | null =>
    actions.flatMap((action) => (action.do === 'append' && action.id === id ? [action.event] : [])).at(0) ??
    null;

async function compileRun(ports: ConductorPorts, input: ConductInput, round: number): Promise<Appended> {
  const state = await stateOfRun(ports.timeline, input);
  const compiled = await compile(ports, state);
  const event: Event =
    'plan' in compiled
      ? { type: 'plan.compiled', round, hash: planHash(compiled.plan), plan: compiled.plan }
      : {
          ...{ type: 'plan.refused', round, problem: compiled.refused },
          ...(compiled.choices.length > 0 && {
            instead: compiled.choices.map((one) => askedWith(state, one)),
          }),
        };
  return appendIfDue(ports, input, `plan:${round}`, (actions) =>
    actions.some((action) => action.do === 'compile' && action.round === round) ? event : null,
  );
}

/** What was asked for, with the choice that would work in its place; of another runbook, only the choice. */
const askedWith = (
  { runbook, parameters: asked }: RunState,
  { words, runbook: other, parameters }: Choice,
): NextRunbook => ({
  words,
  runbook: other ?? runbook,
  known: { ...(other === undefined ? asked : {}), ...parameters },
});

async function openGate(
  ports: ConductorPorts,
  input: ConductInput,
  { stage, round }: Extract<Action, { do: 'open gate' }>,
): Promise<Appended> {
  const state = await stateOfRun(ports.timeline, input);
  const { plan, planHash: hash } = state;
  if (!plan || hash === null) return 'not due';
  const whileDue = (event: Event) => (actions: readonly Action[]) =>
    actions.some((one) => one.do === 'open gate' && one.stage === stage && one.round === round)
      ? event
      : null;
  const gate = gateOf(plan, stage);
  const isFirst = gate.after.length === 0;
  const changes = isFirst || state.recoveredAt ? [] : await observeDrift(ports, state, plan);
  if (changes.length > 0) {
    const drifted: Event = { type: 'plan.drifted', round, before: stage, changes };
    return appendIfDue(ports, input, `drift:${round}`, whileDue(drifted));
  }
  // As it was signed with the plan; a plan of an older bot carries none.
  const signed = plan.policies?.[gate.policy] ?? gatePolicy(subjectOf(ports, state).app, gate.policy);
  const policy = askedAs(signed, gate);
  const seconds = Math.ceil(ports.now().getTime() / 1_000 + policy.expiresAfterMinutes * 60);
  const expiresAt = new Date(seconds * 1_000).toISOString();
  const event: Event = { type: 'gate.opened', stage, round, planHash: hash, policy, expiresAt };
  return appendIfDue(ports, input, `${stage}:opened:${round}`, whileDue(event));
}

async function pause(
  ports: ConductorPorts,
  input: ConductInput,
  { pause: number, stage, attempt, because }: Extract<Action, { do: 'pause' }>,
): Promise<Appended> {
  const truth = await truthOf(ports, await stateOfRun(ports.timeline, input));
  const event: Event = { type: 'run.paused', pause: number, stage, attempt, because, truth };
  return appendIfDue(ports, input, `pause:${number}`, (actions) =>
    actions.some((one) => one.do === 'pause' && one.pause === number && one.stage === stage) ? event : null,
  );
}

async function truthOf(ports: ConductorPorts, state: RunState): Promise<readonly string[]> {
  if (!state.plan) return [];
  try {
    const { runbook, app } = subjectOf(ports, state);
    return await runbook.truth(state.plan, state, await readContext(ports, app));
  } catch (error) {
    return [`The state of Azure could not be read just now: ${problemOf(error).what}`];
  }
}

import type { Event } from '../incidents/event';
import { planHash } from '../incidents/plan';
import type { RunState } from '../incidents/run-state';
import { gateOf } from './approval';
import { compile, observeDrift, readContext, subjectOf } from './compile-run';
import { appendAs, type ConductInput, type ConductorPorts, stateOfRun } from './conductor-ports';
import { type Action, decide, type Next } from './decide';
import type { Durable, Work } from './durable';
import { gatePolicy } from './estate';
import { problemOf } from './perform';
import { registerStages } from './stages';

/** The workflow that carries one run from its request to its end. */
export const CONDUCT = 'conduct';

/** Registers the workflows that carry runs out. Must be called before the durable engine is launched. */
export function registerConductor(durable: Durable, ports: ConductorPorts): void {
  registerStages(durable, ports);
  durable.register<ConductInput>(CONDUCT, async (work, input) => {
    const spawned = new Set<string>();
    for (;;) {
      const next = await work.once('decide', () => whatNext(ports, input));
      if (next.over) return;
      let moved = false;
      for (const action of next.actions)
        moved = (await carryOut(work, ports, input, action, spawned)) || moved;
      if (!moved) await work.wait(next.wakeAt === null ? null : new Date(next.wakeAt));
    }
  });
}

/** A recorded {@link Next}: times are text, since it goes through the store. */
type RecordedNext = Omit<Next, 'wakeAt'> & { readonly wakeAt: string | null };

async function whatNext(ports: ConductorPorts, input: ConductInput): Promise<RecordedNext> {
  const next = decide(await stateOfRun(ports.timeline, input), ports.now());
  return { ...next, wakeAt: next.wakeAt?.toISOString() ?? null };
}

/** Does one action; false when it only goes on in a workflow of its own that was started before. */
async function carryOut(
  work: Work,
  ports: ConductorPorts,
  input: ConductInput,
  action: Action,
  spawned: Set<string>,
): Promise<boolean> {
  switch (action.do) {
    case 'append':
      await work.once(`append ${action.id}`, () => appendAs(ports, input, action.id, action.event));
      return true;
    case 'compile':
      await work.once(`compile ${action.round}`, () => compileRun(ports, input, action.round));
      return true;
    case 'open gate':
      await work.once(`open ${action.stage} ${action.round}`, () => openGate(ports, input, action));
      return true;
    case 'pause':
      await work.once(`pause ${action.stage} ${action.attempt}`, () => pause(ports, input, action));
      return true;
    case 'perform':
    case 'check': {
      const round = (await work.once('round', () => stateOfRun(ports.timeline, input))).round;
      const id = `${input.run}:${action.stage}:${round}.${action.attempt}`;
      if (spawned.has(id)) return false;
      spawned.add(id);
      await work.spawn(action.do, id, { ...input, ...action, round });
      return false;
    }
  }
}

async function compileRun(ports: ConductorPorts, input: ConductInput, round: number): Promise<number> {
  const compiled = await compile(ports, await stateOfRun(ports.timeline, input));
  const event: Event =
    'plan' in compiled
      ? { type: 'plan.compiled', round, hash: planHash(compiled.plan), plan: compiled.plan }
      : { type: 'plan.refused', round, problem: compiled.refused };
  return appendAs(ports, input, `plan:${round}`, event);
}

async function openGate(
  ports: ConductorPorts,
  input: ConductInput,
  { stage, round }: Extract<Action, { do: 'open gate' }>,
): Promise<number> {
  const state = await stateOfRun(ports.timeline, input);
  const { plan, planHash: hash } = state;
  if (!plan || hash === null) return 0;
  const isFirst = gateOf(plan, stage).after.length === 0;
  const changes = isFirst || state.recoveredAt ? [] : await observeDrift(ports, state, plan);
  if (changes.length > 0)
    return appendAs(ports, input, `drift:${round}`, { type: 'plan.drifted', round, before: stage, changes });
  const policy = gatePolicy(subjectOf(ports, state).app, gateOf(plan, stage).policy);
  const expiresAt = new Date(ports.now().getTime() + policy.expiresAfterMinutes * 60_000).toISOString();
  const event: Event = { type: 'gate.opened', stage, round, planHash: hash, policy, expiresAt };
  return appendAs(ports, input, `${stage}:opened:${round}`, event);
}

async function pause(
  ports: ConductorPorts,
  input: ConductInput,
  { stage, attempt, because }: Extract<Action, { do: 'pause' }>,
): Promise<number> {
  const state = await stateOfRun(ports.timeline, input);
  const number = state.pauses + 1;
  const truth = await truthOf(ports, state);
  return appendAs(ports, input, `pause:${number}`, {
    type: 'run.paused',
    pause: number,
    stage,
    attempt,
    because,
    truth,
  });
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

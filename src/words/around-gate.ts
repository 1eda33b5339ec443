import { criticalPath } from '../incidents/critical-path';
import type { Finding } from '../incidents/event';
import type { Plan, Stage } from '../incidents/plan';
import { type RunState, stageState } from '../incidents/run-state';

/** The stages that must be behind before this one starts, nearest and farthest. */
function stagesBefore(plan: Plan, name: string): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (one: string): void => {
    for (const before of plan.stages.find((stage) => stage.name === one)?.after ?? []) {
      if (found.has(before)) continue;
      found.add(before);
      visit(before);
    }
  };
  visit(name);
  return found;
}

/** What a gate lets happen: all stages behind it, up to and with the next gates. */
export function stagesUpToNextGate(plan: Plan, gate: string): readonly Stage[] {
  return plan.stages.filter((stage) => {
    const before = stagesBefore(plan, stage.name);
    if (!before.has(gate)) return false;
    return !plan.stages.some(
      (other) => other.kind === 'gate' && before.has(other.name) && stagesBefore(plan, other.name).has(gate),
    );
  });
}

/** Whether no other gate stands before this one: its card is the plan's own. */
export const isFirstGate = (plan: Plan, gate: string): boolean => {
  const before = stagesBefore(plan, gate);
  return !plan.stages.some((stage) => stage.kind === 'gate' && before.has(stage.name));
};

/** What the checks found since the gate before this one: what a person decides this one on. */
export function findingsFor(run: RunState, plan: Plan, gate: string): readonly Finding[] {
  const before = stagesBefore(plan, gate);
  const earlier = plan.stages.filter((stage) => stage.kind === 'gate' && before.has(stage.name));
  const known = new Set(earlier.flatMap((stage) => [...stagesBefore(plan, stage.name)]));
  return plan.stages
    .filter((stage) => stage.kind === 'check' && before.has(stage.name) && !known.has(stage.name))
    .flatMap((stage) => stageState(run, stage.name).findings);
}

/** Expected minutes of stages, the longest chain of them; null when one of them is unknown. Gates count as nothing. */
export function expectedMinutes(stages: readonly Stage[]): number | null {
  const chains = stages.map(
    ({ name }) =>
      criticalPath(stages, name, (stage) => (stage.kind === 'gate' ? 0 : stage.expectedMinutes)).length,
  );
  return chains.reduce<number | null>(
    (longest, one) => (longest === null || one === null ? null : Math.max(longest, one)),
    0,
  );
}

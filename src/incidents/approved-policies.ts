import type { GatePolicy } from './event';
import type { GateState } from './gate-state';
import { OLD_POLICY, type Plan } from './plan';

/** The new policies that a gate under the old one has approved: one, where the gate went on, else none. */
export function approvedPolicies(plan: Plan, gate: GateState): { readonly [policy: string]: GatePolicy } {
  const asked = plan.stages.find(({ name }) => name === gate.stage);
  if (asked?.kind !== 'gate' || !asked.policy.startsWith(OLD_POLICY)) return {};
  const answer = asked.options.find(({ choice }) => choice === gate.closed?.choice);
  const policy = asked.policy.slice(OLD_POLICY.length);
  const approved = plan.policies?.[policy];
  return answer?.leads === 'go-on' && approved ? { [policy]: approved } : {};
}

import type { GatePolicy, Guard } from '../incidents/event';
import { canonical } from '../incidents/json';
import { type GateStage, OLD_POLICY, type Plan, type Stage, type StepStage } from '../incidents/plan';
import type { RunState } from '../incidents/run-state';
import { stagesBefore } from '../incidents/side-by-side';
import { gatePolicy, type ProtectedApp } from './estate';
import { changes } from './guarded-resource';
import { approvalGate } from './stage-builders';

/**
 * A plan with the gates that belong to the estate's resources: whatever a runbook says, no step changes a guarded
 * resource without the approval that the estate asks for. A gate that stands before it already is enough. The guards
 * that the incident began with hold in it to its end, so that an edit of the file takes no gate away.
 */
export function withGuards(
  plan: Plan,
  { guards }: Pick<ProtectedApp, 'guards'>,
  held: RunState['guards'],
): Plan {
  const gone = (held ?? []).filter((one) => !guards.some((other) => canonical(other) === canonical(one)));
  const all: readonly Held[] = [
    ...guards.map((guard) => ({ ...guard, gone: false })),
    ...gone.map((guard) => ({ ...guard, gone: true })),
  ];
  if (all.length === 0) return plan;
  const policies = [...new Set(all.map(({ policy }) => policy))];
  const gated = policies.reduce(
    (so, policy) =>
      guarded(
        so,
        policy,
        all.filter((one) => one.policy === policy),
      ),
    plan,
  );
  const asked = guards.map(({ resource, policy }) => `${resource} (${policy})`).sort();
  return { ...gated, observed: { ...gated.observed, 'guarded resources': asked } };
}

/** A guard, and whether the estate file no longer has it. */
type Held = Guard & { readonly gone: boolean };

function guarded(plan: Plan, policy: string, guards: readonly Held[]): Plan {
  const open = plan.stages.filter(
    (stage): stage is StepStage =>
      stage.kind === 'step' &&
      guards.some(({ resource }) => changes(stage, resource)) &&
      !hasGate(plan, stage, policy),
  );
  const [first] = open;
  if (!first) return plan;
  const touched = guards.filter(({ resource }) => open.some((stage) => changes(stage, resource)));
  const gate = approvalGate(`guard-${policy}`, {
    ...{ title: `Approval for ${resourcesOf(touched).join(', ')}`, policy, after: first.after },
    question: `May this run change ${resourcesOf(touched).join(' and ')}? ${askedWords(policy, touched)}`,
    covers: open.map(({ name }) => name),
  });
  return { ...plan, stages: inserted(plan.stages, gate, open) };
}

const resourcesOf = (guards: readonly Held[]): readonly string[] => [
  ...new Set(guards.map(({ resource }) => resource)),
];

function askedWords(policy: string, touched: readonly Held[]): string {
  const gone = resourcesOf(touched.filter((one) => one.gone));
  if (gone.length === 0) return `The estate asks for it (${policy}).`;
  return `The estate asked for it (${policy}) when this incident began; its file no longer does for ${gone.join(' and ')}.`;
}

/** A gate put into a plan directly before the first of these stages, and all of them put behind it. */
const inserted = (all: readonly Stage[], gate: GateStage, before: readonly Stage[]): readonly Stage[] =>
  all.flatMap((stage) => {
    if (!before.includes(stage)) return [stage];
    const behind = { ...stage, after: stage === before[0] ? [gate.name] : [...stage.after, gate.name] };
    return stage === before[0] ? [gate, behind] : [behind];
  });

/** Whether a gate of this policy stands before a stage, near or far. */
function hasGate(plan: Plan, stage: Stage, policy: string): boolean {
  const before = stagesBefore(plan.stages, stage.name);
  return plan.stages.some((one) => one.kind === 'gate' && one.policy === policy && before.has(one.name));
}

/**
 * A plan that carries the policies of its gates. They are part of what people sign, so a change of the estate file in
 * an open incident is a drift; and where a policy is not the one that holds for the run, a gate under that one stands
 * before the first that would use the new one.
 */
export function withPolicies(plan: Plan, app: ProtectedApp, held: RunState['policies']): Plan {
  const used = [...new Set(plan.stages.flatMap((stage) => (stage.kind === 'gate' ? [stage.policy] : [])))];
  const now = Object.fromEntries(used.map((policy) => [policy, gatePolicy(app, policy)]));
  const changed = used.filter((policy) => {
    const was = held?.[policy];
    return was !== undefined && canonical(was) !== canonical(now[policy]);
  });
  const old = Object.fromEntries(changed.map((policy) => [`${OLD_POLICY}${policy}`, held?.[policy]]));
  const observed = Object.fromEntries(
    used.flatMap((policy) => {
      const found = now[policy];
      return found ? [[`approval "${policy}"`, policyWords(found)]] : [];
    }),
  );
  const stages = changed.reduce<readonly Stage[]>(
    (all, policy) => withOldGate(all, policy, held?.[policy], now[policy]),
    plan.stages,
  );
  const policies: { readonly [policy: string]: GatePolicy } = JSON.parse(JSON.stringify({ ...now, ...old }));
  return { ...plan, stages, policies, observed: { ...plan.observed, ...observed } };
}

function withOldGate(
  all: readonly Stage[],
  policy: string,
  was: GatePolicy | undefined,
  is: GatePolicy | undefined,
): readonly Stage[] {
  const asking = all.filter((stage): stage is GateStage => stage.kind === 'gate' && stage.policy === policy);
  if (!was || !is || asking.length === 0) return all;
  const gate = approvalGate(`policy-${policy}`, {
    ...{ title: `Approval of the new policy for "${policy}"`, policy: `${OLD_POLICY}${policy}` },
    ...{ after: asking[0]?.after ?? [], covers: [...new Set(asking.flatMap(({ covers }) => covers))] },
    question: `The estate file was changed while this incident is open. It asked for: ${policyWords(was)}. Now it asks for: ${policyWords(is)}. Does the new policy hold for this run?`,
  });
  return inserted(all, gate, asking);
}

/**
 * A policy as a gate asks it. Whatever the estate file says, silence neither stands in for a quorum nor begins a step:
 * it may only keep what is there already.
 */
export function askedAs(policy: GatePolicy, { covers, options }: GateStage): GatePolicy {
  const byOne = options.some(({ leads, needsQuorum }) => leads === 'go-on' && !needsQuorum);
  return byOne && covers.length === 0 ? policy : { ...policy, onExpiry: 'stop' };
}

/** A policy in one line, with everything in it, so that any change of it shows. */
export function policyWords(policy: GatePolicy): string {
  const { needs, expiresAfterMinutes, onExpiry, escalation, breakGlass } = policy;
  return [
    needs.map(({ role, count }) => `${count} ${role}`).join(' and '),
    `${expiresAfterMinutes} min, then ${onExpiry === 'stop' ? 'no' : 'yes'}`,
    ...(escalation ? [`${escalation.role} too after ${escalation.afterMinutes} min`] : []),
    ...(breakGlass ? [`break-glass by ${breakGlass}`] : []),
  ].join('; ');
}

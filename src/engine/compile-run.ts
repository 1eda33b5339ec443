import { type Drift, driftBetween, type Plan } from '../incidents/plan';
import type { RunState } from '../incidents/run-state';
import type { ConductorPorts } from './conductor-ports';
import { appNamed, type ProtectedApp } from './estate';
import { GIVE_UP_AFTER_MS, problemOf, whilePassing } from './perform';
import { withGuards, withPolicies } from './resource-gates';
import type { CompileContext, Compiled, Context, Runbook } from './runbook';
import { wasBegun } from './undo';

/** A throttled or stumbling Azure is waited out this long before a plan is given up. */
const PLAN_WITHIN_MS = 3 * 60_000;

/**
 * Compiles a run's plan against Azure as it is now. What passes is waited out; what cannot be planned comes back as a
 * refusal, in words.
 */
export async function compile(
  ports: ConductorPorts,
  state: RunState,
  giveUpAfterMs = PLAN_WITHIN_MS,
): Promise<Compiled> {
  const { run } = state;
  try {
    return await whilePassing(() => compileLive(ports, state), giveUpAfterMs, {
      ...{ now: ports.now, sleep: ports.sleep },
      tell: (percent, words) => ports.progress({ run, stage: 'plan', percent, words, at: ports.now() }),
    });
  } catch (error) {
    return { refused: problemOf(error), choices: [] };
  }
}

async function compileLive(ports: ConductorPorts, state: RunState): Promise<Compiled> {
  const { runbook, app } = subjectOf(ports, state);
  const parameters = runbook.parameters.parse(state.parameters);
  const compiled = await runbook.compile(parameters, await compileContext(ports, app, state));
  if (!('plan' in compiled)) return compiled;
  const guarded = withGuards(withVersion(compiled.plan, runbook), app, state.guards);
  return { plan: withPolicies(guarded, app, state.policies) };
}

/** A plan that says by which version of its runbook it was made; another one in the middle of a run is a drift. */
const withVersion = (plan: Plan, { version }: Runbook): Plan =>
  version === undefined
    ? plan
    : { ...plan, version, observed: { ...plan.observed, 'runbook version': version } };

async function compileContext(
  ports: ConductorPorts,
  app: ProtectedApp,
  state: RunState,
): Promise<CompileContext> {
  const begun = Object.entries(state.stages).filter(([, stage]) => wasBegun(stage));
  return {
    ...(await readContext(ports, app)),
    run: state.run,
    begun: new Set(begun.map(([name]) => name)),
    requestedAt: state.requestedAt,
    ...(state.plan && { before: state.plan }),
  };
}

/** What a runbook has at hand to read Azure with. */
export const readContext = async (ports: ConductorPorts, app: ProtectedApp): Promise<Context> => ({
  app,
  azure: ports.azure,
  now: ports.now(),
  past: await ports.past(),
});

/** The runbook and the protected app of a run. @throws Error when either is gone from the bot or the estate. */
export function subjectOf(ports: ConductorPorts, state: RunState): { runbook: Runbook; app: ProtectedApp } {
  const runbook = ports.runbooks.get(state.runbook);
  if (!runbook) throw new Error(`There is no runbook "${state.runbook}".`);
  const name = String(state.parameters['app'] ?? '');
  const app = appNamed(ports.estate, name);
  if (!app) throw new Error(`The estate file has no protected app "${name}".`);
  return { runbook, app };
}

/**
 * What is no longer as the approved plan assumed; empty when everything is. Reads Azure, and waits out what passes
 * by itself: a throttled reading must not void people's votes.
 */
export async function observeDrift(
  ports: ConductorPorts,
  state: RunState,
  plan: Plan,
): Promise<readonly Drift[]> {
  const compiled = await compile(ports, state, GIVE_UP_AFTER_MS);
  if ('plan' in compiled) return driftBetween(plan.observed, compiled.plan.observed);
  return [{ field: 'whether the plan is possible', was: 'yes', is: compiled.refused.what }];
}

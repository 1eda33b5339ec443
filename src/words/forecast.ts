import type { Progress } from '../engine/engine';
import { criticalPath } from '../incidents/critical-path';
import type { Plan } from '../incidents/plan';
import { type RunState, stageState } from '../incidents/run-state';
import { stagesBefore } from '../incidents/side-by-side';
import { sayDuration, sayMinutes } from './say';

/** Whether the recovery time objective will be kept, and how a person is told. */
export interface Forecast {
  readonly verdict: 'within' | 'at risk' | 'missed' | 'unknown';
  readonly words: string;
}

/**
 * The expected recovery time against the objective: what has passed, and the longest chain of stages that is
 * still before the recovery. Nobody knows how long people take, so waiting for them is left out and said so.
 * @param total milliseconds since the request
 */
export function forecast(
  run: RunState,
  plan: Plan,
  progress: readonly Progress[],
  total: number,
  now: Date,
): Forecast {
  const [lower, upper] = plan.objectives.rtoMinutes;
  const objective = `RTO ${sayRange(plan.objectives.rtoMinutes)}`;
  if (run.recoveredAt) return verdictOf(total, plan, `Recovered in ${sayDuration(total)}`);
  if (total > upper * minute)
    return { verdict: 'missed', words: `${objective} is missed: ${sayDuration(total)} so far.` };
  const left = remaining(plan, run, progress, now);
  if (left === null)
    return { verdict: 'unknown', words: `${objective}: how long the rest takes is not known.` };
  const expected = total + left;
  const waits = gatesAhead(plan, run) ? ', plus the time people take to answer' : '';
  const about = `about ${sayMinutes(expected / minute)} in all${waits}`;
  if (expected > upper * minute)
    return { verdict: 'missed', words: `${objective} will be missed: ${about}.` };
  if (expected > lower * minute) return { verdict: 'at risk', words: `${objective} is at risk: ${about}.` };
  return { verdict: 'within', words: `On course for ${objective}: ${about}.` };
}

const minute = 60_000;

/** `60 min to 2 h`, or one figure where both ends are the same. */
export const sayRange = ([lower, upper]: readonly [number, number]): string =>
  lower === upper ? sayMinutes(upper) : `${sayMinutes(lower)} to ${sayMinutes(upper)}`;

/** A measured recovery time against the objective. */
function verdictOf(total: number, plan: Plan, measured: string): Forecast {
  const [lower, upper] = plan.objectives.rtoMinutes;
  const objective = `RTO ${sayRange(plan.objectives.rtoMinutes)}`;
  if (total > upper * minute) return { verdict: 'missed', words: `${measured}: ${objective} was missed.` };
  if (total > lower * minute)
    return { verdict: 'within', words: `${measured}: within ${objective}, above its lower end.` };
  return { verdict: 'within', words: `${measured}: within ${objective}.` };
}

/** Milliseconds on the longest chain of stages up to the recovery; null when one of them is unknown. */
function remaining(plan: Plan, run: RunState, progress: readonly Progress[], now: Date): number | null {
  return criticalPath(plan.stages, plan.recoveredAfter, (stage) =>
    stage.kind === 'gate' ? 0 : ownTime(run, stage.name, stage.expectedMinutes, progress, now),
  ).length;
}

function ownTime(
  run: RunState,
  name: string,
  expectedMinutes: number | null,
  progress: readonly Progress[],
  now: Date,
): number | null {
  const { status, startedAt } = stageState(run, name);
  if (status === 'done' || status === 'skipped') return 0;
  const expected = expectedMinutes === null ? null : expectedMinutes * minute;
  if (status !== 'running' || !startedAt) return expected;
  const elapsed = Math.max(0, now.getTime() - startedAt.getTime());
  const percent = progress.find((one) => one.stage === name)?.percent ?? null;
  // Below 5 % the figure says more about Azure's start-up than about the speed.
  if (percent !== null && percent >= 5) return (elapsed * (100 - percent)) / percent;
  return expected === null ? null : Math.max(0, expected - elapsed);
}

function gatesAhead(plan: Plan, run: RunState): boolean {
  const before = stagesBefore(plan.stages, plan.recoveredAfter);
  return plan.stages.some(
    ({ kind, name }) =>
      kind === 'gate' && (name === plan.recoveredAfter || before.has(name)) && !run.gates[name]?.closed,
  );
}

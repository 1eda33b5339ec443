import { type RunState, stageState } from './run-state';

/** Minutes of data that are gone from production because of a run; null where nobody can tell. */
export function dataLossMinutes(run: RunState): number | null {
  const changed = Object.values(run.stages).some((stage) => stage.startedAt !== null);
  if (!changed) return 0;
  if (run.recoveredAt === null || run.finished?.outcome === 'undone' || !run.plan) return null;
  const { from, settledBy, minutes } = run.plan.loss;
  const settledAt = settledBy === null ? null : stageState(run, settledBy).startedAt;
  return from && settledAt ? Math.ceil((settledAt.getTime() - Date.parse(from)) / 60_000) : minutes;
}

import { AzureProblem } from '../../azure/operation';
import type { Context } from '../../engine/runbook';
import { type GroupState, groupState } from './group-state';

/** The failover group of an app's database; null too where the second region has no server that could follow. */
export async function groupOrNull(context: Context): Promise<GroupState | null> {
  try {
    return await groupState(context);
  } catch (error) {
    if (error instanceof AzureProblem && error.details.status === 404) return null;
    throw error;
  }
}

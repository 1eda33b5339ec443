import { AzureProblem } from '../../azure/operation';
import type { Context, FormData } from '../../engine/runbook';
import type { JsonObject } from '../../incidents/json';
import { type GroupState, groupState } from './group-state';
import { primarySite, secondarySite } from './sites';

/** The values of a form that takes an app to a region: who leads now, how both places are, and what stands in the way. */
export async function moveForm(context: Context, known: JsonObject, to: string): Promise<FormData> {
  const { app, azure } = context;
  const sites = [primarySite(app), secondarySite(app)].filter((site) => site !== null);
  const [state, ...places] = await Promise.all([
    groupState(context).catch(asWords),
    ...sites.map(async ({ region, healthUrl }) => ({
      ...{ region, health: (await azure.health(healthUrl)).words },
    })),
  ]);
  return {
    ...{ app: app.name, appTitle: app.title, to, places, reason: String(known['reason'] ?? '') },
    ...(typeof state === 'string'
      ? { leads: `not known: ${state}`, replication: 'not known', blocked: '' }
      : stateWords(state, app.database, to)),
  };
}

function stateWords(state: GroupState | null, database: string, to: string) {
  if (!state)
    return {
      leads: `${database} is in no failover group`,
      replication: 'none',
      blocked: `Nothing copies the data to ${to}. Replicate it again first: @dr reprotect.`,
    };
  const { group, leader, bothAnswer, replication } = state;
  return {
    leads: `${leader.region} (${leader.sqlServer.server}, failover group ${group.name})`,
    replication: bothAnswer
      ? replication === 'CATCH_UP'
        ? 'everything is copied (CATCH_UP)'
        : (replication ?? 'none')
      : 'not known: one side does not answer',
    blocked: leader.region === to ? `The database is led from ${to} already.` : '',
  };
}

function asWords(error: unknown): string {
  if (error instanceof AzureProblem) return error.details.code;
  throw error;
}

import { AzureProblem } from '../../azure/operation';
import type { ProtectedApp } from '../../engine/estate';
import type { Context, FormData } from '../../engine/runbook';
import type { JsonObject } from '../../incidents/json';
import { type GroupState, groupState } from './group-state';
import { type GreenAt, noGroupWords } from './move-words';
import { primarySite, secondarySite } from './sites';

/** The values of a form that takes an app to a region: who leads now, how both places are, and what stands in the way. */
export async function moveForm(context: Context, known: JsonObject, to: string): Promise<FormData> {
  const { app, azure } = context;
  const sites = [primarySite(app), secondarySite(app)].filter((site) => site !== null);
  const [state, ...places] = await Promise.all([
    groupState(context).catch(asWords),
    ...sites.map(async ({ region, healthUrl }) => ({ region, ...(await azure.health(healthUrl)) })),
  ]);
  const [first, second] = places;
  const green = { first: first?.green === true, second: second?.green === true };
  return {
    ...{ app: app.name, appTitle: app.title, to, reason: String(known['reason'] ?? '') },
    places: places.map(({ region, words }) => ({ region, health: words })),
    ...(typeof state === 'string'
      ? { leads: `not known: ${state}`, replication: 'not known', blocked: '' }
      : stateWords(state, app, to, green)),
  };
}

function stateWords(state: GroupState | null, app: ProtectedApp, to: string, green: GreenAt) {
  if (!state)
    return {
      leads: `${app.database} is in no failover group`,
      replication: 'none',
      blocked: noGroupWords(app, green),
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

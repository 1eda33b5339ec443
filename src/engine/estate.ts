import type { SqlServerRef, WebAppRef } from '../azure/operation';
import type { GatePolicy } from '../incidents/event';
import type { Objectives } from '../incidents/plan';
import type { Person } from './approval';

/** A set of Azure resources that recover together, and who decides about them. */
export interface ProtectedApp {
  readonly name: string;
  readonly title: string;
  readonly tier: 2 | 3;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly primaryRegion: string;
  readonly secondaryRegion: string;
  readonly sqlServer: SqlServerRef;
  /** The database that the app lives on; the server may hold others. */
  readonly database: string;
  readonly webApp: WebAppRef;
  readonly healthUrl: string;
  readonly objectives: Objectives;
  /** How long the app is given to turn green after a change, in minutes. */
  readonly healthWithinMinutes: number;
  /** The Teams channel where its incidents are handled: the channel's conversation id. */
  readonly channel: string;
  /** Who answers which gate; a runbook names a policy, the estate says what it asks. */
  readonly gates: { readonly [policy: string]: GatePolicy };
}

/** All protected apps, and the people who may do something about them. */
export interface Estate {
  readonly apps: readonly ProtectedApp[];
  readonly people: readonly Person[];
  /** Whether Azure is the simulator: its times are not Azure's, and every card says so. */
  readonly simulated: boolean;
}

/** The protected app of that name, in any letter case. */
export const appNamed = (estate: Estate, name: string): ProtectedApp | undefined =>
  estate.apps.find((app) => app.name.toLowerCase() === name.toLowerCase());

/** A person by their Entra object id; somebody unknown has no roles. */
export const personOf = (estate: Estate, id: string, name: string): Person =>
  estate.people.find((person) => person.id.toLowerCase() === id.toLowerCase()) ?? { id, name, roles: [] };

/**
 * Who must answer a gate of an app. @throws when the estate has no such policy: a runbook cannot leave a gate out,
 * so an unknown policy must stop the run before it starts.
 */
export function gatePolicy(app: ProtectedApp, policy: string): GatePolicy {
  const found = app.gates[policy];
  if (!found) {
    throw new Error(
      `The estate file has no gate policy "${policy}" for ${app.name}. Add it under apps[].gates, then ask again.`,
    );
  }
  return found;
}

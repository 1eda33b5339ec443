import { DefaultAzureCredential } from '@azure/identity';
import { type Clients, clientsOf } from '../../../src/azure/clients';
import type { Simulator } from '../../../src/simulator/simulator';
import { pointAt } from '../azure-against';
import { server } from '../demo-estate';

/** Somebody changes Azure while people look at a plan that was made for how it was. */
export interface Drift {
  /** What somebody does, in a few words. */
  readonly what: string;
  /** The scenario that it happens in: `restore-database: deleted rows, full swap`. */
  readonly during: string;
  readonly happens: (simulator: Simulator, azure: Clients) => unknown;
  /** How the plan's field names it, and its value before and after. */
  readonly field: string;
  readonly was: unknown;
  readonly is: unknown;
  /** Where no plan is possible any more, nobody is asked again: the run ends with the reason. */
  readonly ends?: 'refused';
}

/** The field that says that no plan is possible any more. */
export const impossible = { field: 'whether the plan is possible', was: 'yes', ends: 'refused' } as const;

/** Azure's own SDK clients, as whoever changes something by hand has them. */
export function clientsAgainst(simulator: Simulator): Clients {
  pointAt(simulator);
  return clientsOf(new DefaultAzureCredential())(server.subscriptionId);
}

/** Locks a resource of the demo's subscription, named from its resource group on: `apprequest-prod/providers/…`. */
export const lockOn =
  (scope: string, level: 'CanNotDelete' | 'ReadOnly' = 'CanNotDelete') =>
  (_simulator: Simulator, { locks }: Clients) =>
    locks.managementLocks.createOrUpdateByScope(
      `subscriptions/${server.subscriptionId}/resourceGroups/${scope}`,
      'audit',
      { level },
    );

/** Changes the app's settings as the portal does: all of them, with some changed. */
export async function changeSettings(
  { web }: Clients,
  change: (values: Readonly<Record<string, string>>) => Record<string, string>,
): Promise<void> {
  const { resourceGroup } = server;
  const app = 'apprequest-prod-demo01';
  const { properties = {} } = await web.webApps.listApplicationSettings(resourceGroup, app);
  await web.webApps.updateApplicationSettings(resourceGroup, app, { properties: change(properties) });
}

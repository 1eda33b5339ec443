import { SqlManagementClient } from '@azure/arm-sql';
import { DefaultAzureCredential } from '@azure/identity';
import { azureAgainst, pointAt } from '../../support/azure-against';
import { changesIn } from '../../support/changes';
import { healthUrl, server as primaryServer, production } from '../../support/demo-estate';
import { lock } from '../../support/lock';
import type { World } from '../../support/world';

/** A database as it stands in the simulated Azure; `requests` are the rows that people care about. */
export interface DatabaseNow {
  readonly name: string;
  readonly server: string;
  readonly databaseId: string;
  readonly status: string;
  readonly objective: string;
  readonly requests: number;
}

/** The databases of the primary server, without `master`, by name. */
export function databases(
  { simulator }: World,
  server = 'sql-apprequest-prod-demo01',
): readonly DatabaseNow[] {
  const all = simulator.estate()['databases'] as readonly (DatabaseNow & { readonly system: boolean })[];
  return all
    .filter((one) => one.server === server && !one.system)
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** The database that the app uses. @throws when there is none. */
export function productionNow(world: World): DatabaseNow {
  const found = databases(world).find(({ name }) => name === production);
  if (!found) throw new Error(`There is no ${production}.`);
  return found;
}

/** Whether the app says that all is well, as anybody can see from outside. */
export const isGreen = async ({ simulator }: World): Promise<boolean> =>
  (await azureAgainst(simulator).health(healthUrl)).green;

/** What was asked of Azure, without the run's own suffix: `PUT AppRequestPortal-restored`. */
export const changes = ({ simulator }: World): readonly string[] =>
  changesIn(simulator).map((change) => change.replace(/-(restored|old)-\d{8}-\d{4}-inc\d+-\d+/g, '-$1'));

/** The rows before the deletion by mistake, 25 minutes ago, and now. */
export const rows = { before: 1_284, now: 1_073 } as const;

/** Somebody scales the production database by hand, as the portal would; ends when Azure shows it. */
export async function scaleByHand({ simulator }: World, objective: string): Promise<void> {
  pointAt(simulator);
  const { subscriptionId, resourceGroup, server } = primaryServer;
  const client = new SqlManagementClient(new DefaultAzureCredential(), subscriptionId);
  await client.databases.beginUpdate(resourceGroup, server, production, { sku: { name: objective } });
}

/** Somebody deletes the production database. */
export async function deleteByHand({ simulator }: World): Promise<void> {
  pointAt(simulator);
  const { subscriptionId, resourceGroup, server } = primaryServer;
  const client = new SqlManagementClient(new DefaultAzureCredential(), subscriptionId);
  await client.databases.beginDelete(resourceGroup, server, production);
}

/** Somebody locks the production database. */
export async function lockByHand({ simulator }: World, level: 'ReadOnly' | 'CanNotDelete'): Promise<void> {
  pointAt(simulator);
  const { subscriptionId, resourceGroup, server } = primaryServer;
  const scope = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Sql/servers/${server}/databases/${production}`;
  await lock(scope, 'frozen-by-audit', level);
}

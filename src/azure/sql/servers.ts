import { all, orNull } from '../call';
import { type Connection, reading } from '../connection';
import type { SqlServerRef } from '../refs';
import { sameName } from '../resource-id';

/** A logical SQL server as Azure shows it now. */
export interface SqlServer {
  readonly name: string;
  readonly location: string;
  readonly state: string;
  readonly administrator: string | null;
  readonly tags: { readonly [name: string]: string };
}

/** Servers_Get; null when there is no such server, or no such group. */
export async function sqlServer(azure: Connection, server: SqlServerRef): Promise<SqlServer | null> {
  const { sql } = azure.clients(server.subscriptionId);
  const found = await orNull(
    azure.call(reading(`SQL server "${server.server}"`), (abortSignal) =>
      sql.servers.get(server.resourceGroup, server.server, { abortSignal }),
    ),
    'ResourceGroupNotFound',
  );
  return (
    found && {
      name: found.name ?? server.server,
      location: found.location,
      state: found.state ?? 'Unknown',
      administrator: found.administratorLogin ?? null,
      tags: found.tags ?? {},
    }
  );
}

/**
 * Servers_ListByResourceGroup: whether the server is in its group's list. One that was taken for absent would be given
 * another administrator's password by being made.
 */
export async function isListed(
  azure: Connection,
  { subscriptionId, resourceGroup, server }: SqlServerRef,
): Promise<boolean> {
  const { sql } = azure.clients(subscriptionId);
  const listed = await orNull(
    azure.call(reading(`SQL servers of "${resourceGroup}"`), (abortSignal) =>
      all(sql.servers.listByResourceGroup(resourceGroup, { abortSignal })),
    ),
    'ResourceGroupNotFound',
  );
  return listed?.some(({ name = '' }) => sameName(name, server)) ?? false;
}

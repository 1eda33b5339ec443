import type { ReplicationLink as SdkLink } from '@azure/arm-sql';
import type { ReplicationLink } from '../azure';
import { all } from '../call';
import { type Connection, databaseWords, reading } from '../connection';
import { AzureProblem } from '../operation';
import type { SqlServerRef } from '../refs';
import { sameName, sqlServerOf } from '../resource-id';
import { sdkDatabase } from './sdk-database';

/**
 * ReplicationLinks_ListByDatabase as the SDK gives it; empty when the database does not exist.
 * @throws AzureProblem where the list is denied of a database that exists: taken for "none", a plan would leave out
 * ending the replication, and Azure would refuse every rename after that.
 */
export async function sdkLinks(
  azure: Connection,
  server: SqlServerRef,
  database: string,
): Promise<readonly SdkLink[]> {
  const { sql } = azure.clients(server.subscriptionId);
  try {
    return await azure.call(reading(`the replication of ${databaseWords(server, database)}`), (abortSignal) =>
      all(
        sql.replicationLinks.listByDatabase(server.resourceGroup, server.server, database, { abortSignal }),
      ),
    );
  } catch (error) {
    const denied = error instanceof AzureProblem && error.details.status === 404;
    if (!denied || (await sdkDatabase(azure, server, database))) throw error;
    return [];
  }
}

/** The link to one partner server; null when there is none. */
export async function linkTo(
  azure: Connection,
  server: SqlServerRef,
  database: string,
  partnerServer: string,
): Promise<SdkLink | null> {
  const links = await sdkLinks(azure, server, database);
  return links.find((link) => sameName(link.partnerServer, partnerServer)) ?? null;
}

/** A database's geo-replication links, each with the address of its partner's server where we can see it. */
export async function replicationLinks(
  azure: Connection,
  server: SqlServerRef,
  database: string,
): Promise<readonly ReplicationLink[]> {
  const links = await sdkLinks(azure, server, database);
  const servers = links.length === 0 ? [] : await serversIn(azure, server.subscriptionId);
  return links.map((link) => ({
    role: link.role ?? 'Unknown',
    state: link.replicationState ?? 'Unknown',
    partnerServer: link.partnerServer ?? '',
    partnerDatabase: link.partnerDatabase ?? '',
    partnerLocation: link.partnerLocation ?? '',
    partner: servers.find((candidate) => sameName(candidate.server, link.partnerServer)) ?? null,
  }));
}

/** Servers_List: the names of SQL servers are unique in the whole world, so a name alone finds the address. */
async function serversIn(azure: Connection, subscriptionId: string): Promise<readonly SqlServerRef[]> {
  const { sql } = azure.clients(subscriptionId);
  const servers = await azure.call(reading('the SQL servers of the subscription'), (abortSignal) =>
    all(sql.servers.list({ abortSignal })),
  );
  return servers.flatMap(({ id }) => sqlServerOf(id ?? '') ?? []);
}

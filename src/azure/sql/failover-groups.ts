import type { FailoverGroup } from '@azure/arm-sql';
import type { FailoverGroupRef } from '../azure';
import { all } from '../call';
import { type Connection, reading } from '../connection';
import { observedProblem } from '../problem';
import type { SqlServerRef } from '../refs';
import { databaseResourceId, sameName, sqlServerOf } from '../resource-id';

/** A failover group as one of its servers shows it. */
export interface ServerGroup extends FailoverGroupRef {
  /** The names of its databases: those that fail over with it. A new group has none. */
  readonly databases: readonly string[];
  /** `Automatic`: Azure fails it over by itself, by force, once the grace period is over. */
  readonly policy: 'Manual' | 'Automatic';
  /** How long Azure waits before it does, in minutes; at least an hour. Null with the policy `Manual`. */
  readonly graceMinutes: number | null;
  /** The host name that always leads to the server that leads. */
  readonly listener: string;
}

/** FailoverGroups_ListByServer: the groups that a server leads or follows. */
export async function failoverGroupsOf(
  azure: Connection,
  server: SqlServerRef,
): Promise<readonly ServerGroup[]> {
  const groups = await sdkGroups({ ...azure, call: azure.callBriefly }, server);
  return groups.map((group) => ({
    ...refOf(group),
    databases: (group.databases ?? []).map((id) => id.slice(id.lastIndexOf('/') + 1)),
    policy: group.readWriteEndpoint?.failoverPolicy === 'Automatic' ? 'Automatic' : 'Manual',
    graceMinutes: group.readWriteEndpoint?.failoverWithDataLossGracePeriodMinutes ?? null,
    listener: `${group.name ?? ''}.database.windows.net`,
  }));
}

/** The failover group that a database is a member of, or null (FailoverGroups_ListByServer). */
export async function failoverGroupOf(
  azure: Connection,
  server: SqlServerRef,
  database: string,
): Promise<FailoverGroupRef | null> {
  const groups = await sdkGroups(azure, server);
  const group = groups.find((candidate) => isMember(candidate, server, database));
  return group ? refOf(group) : null;
}

function sdkGroups(azure: Connection, server: SqlServerRef): Promise<readonly FailoverGroup[]> {
  const { sql } = azure.clients(server.subscriptionId);
  return azure.call(reading(`the failover groups of ${server.server}`), (abortSignal) =>
    all(sql.failoverGroups.listByServer(server.resourceGroup, server.server, { abortSignal })),
  );
}

const refOf = (group: FailoverGroup): FailoverGroupRef => ({
  name: group.name ?? '',
  role: group.replicationRole === 'Secondary' ? 'Secondary' : 'Primary',
  partners: (group.partnerServers ?? []).flatMap(({ id }) => sqlServerOf(id) ?? []),
});

/** Whether a database is in the group. */
export const isMember = (group: FailoverGroup, server: SqlServerRef, database: string): boolean =>
  (group.databases ?? []).some((id) => sameName(id, databaseResourceId(server, database)));

/** FailoverGroups_Get as the SDK gives it: either of its servers shows it, each with its own role. */
export function sdkGroup(azure: Connection, server: SqlServerRef, name: string): Promise<FailoverGroup> {
  const { sql } = azure.clients(server.subscriptionId);
  return azure.call(reading(`failover group "${name}" on ${server.server}`), (abortSignal) =>
    sql.failoverGroups.get(server.resourceGroup, server.server, name, { abortSignal }),
  );
}

/**
 * FailoverGroups_Get, on the server that leads it: only there may its databases change.
 * @throws AzureProblem `FailoverGroupNotPrimary` when the group has failed over to the other server.
 */
export async function leadingGroup(
  azure: Connection,
  server: SqlServerRef,
  name: string,
): Promise<FailoverGroup> {
  const group = await sdkGroup(azure, server, name);
  if (group.replicationRole === 'Secondary') {
    throw observedProblem(
      'FailoverGroupNotPrimary',
      `Failover group "${name}" is led by another server now: ${server.server} is its secondary. Its databases can be changed only on the primary. Ask for the restore again, so that the plan is made for the server that leads.`,
    );
  }
  return group;
}

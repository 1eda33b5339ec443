import type { Database } from '@azure/arm-sql';
import type { Connection } from '../connection';
import { lookWithTrace } from '../look-with-trace';
import { notBefore } from '../not-before';
import type { Look, OperationFacts, Sent } from '../operation';
import { observedProblem } from '../problem';
import type { SqlServerRef } from '../refs';
import { databaseResourceId, sameName } from '../resource-id';
import { failureOf, isRunning, operationsSince } from './database-operations';
import { sdkDatabase } from './sdk-database';

const settled = new Set(['Online', 'Paused']);
const emerging = new Set(['Creating', 'Copying', 'Restoring', 'Recovering', 'RecoveryPending', 'Starting']);

/**
 * Looks whether the database that we ask for is there, is being made, or is somebody else's. Azure does not show
 * from which request a database came: ours is the one that is not older than our intent, and where Azure names
 * its source, has the right one.
 */
export function lookForNewDatabase(
  azure: Connection,
  server: SqlServerRef,
  name: string,
  sourceId: string,
  sent: Sent,
): Promise<Look> {
  const traced = {
    subscriptionId: server.subscriptionId,
    resourceId: databaseResourceId(server, name),
    action: 'Microsoft.Sql/servers/databases/write',
  };
  return lookWithTrace(azure, traced, name, sent, async () => {
    const found = await sdkDatabase(azure, server, name);
    if (found) return stateOf(azure, server, name, sourceId, sent, found);
    return sent.resumed ? lookAtOperations(azure, server, name, sent) : null;
  });
}

async function stateOf(
  azure: Connection,
  server: SqlServerRef,
  name: string,
  sourceId: string,
  sent: Sent,
  found: Database,
): Promise<Look> {
  const otherSource = found.sourceDatabaseId !== undefined && !sameName(found.sourceDatabaseId, sourceId);
  if (otherSource || !notBefore(found.creationDate, sent.intendedAt)) return nameTaken(server, name, found);
  const status = found.status ?? 'Unknown';
  if (settled.has(status)) return { state: 'done', facts: await factsOf(azure, server, name, found) };
  if (emerging.has(status)) {
    const operations = await operationsSince(azure, server, name, sent.intendedAt);
    return { state: 'under way', percent: operations.find(isRunning)?.percentComplete ?? null };
  }
  return {
    state: 'blocked',
    problem: observedProblem(
      'DatabaseUnusable',
      `Database "${name}" on ${server.server} was made, but its status is ${status}. Look at it in the Azure portal; delete it there before retrying.`,
    ),
  };
}

/**
 * What the history says of a database that is not there: not visible yet, failed, or null for nothing. A failure that an
 * earlier attempt may have met is why this one is made.
 */
async function lookAtOperations(
  azure: Connection,
  server: SqlServerRef,
  name: string,
  sent: Sent,
): Promise<Look | null> {
  const [latest] = await operationsSince(azure, server, name, sent.intendedAt);
  if (latest && isRunning(latest)) return { state: 'under way', percent: latest.percentComplete ?? null };
  const problem = sent.earlierIds?.length ? null : failureOf(latest, name);
  return problem ? { state: 'blocked', problem } : null;
}

const nameTaken = (server: SqlServerRef, name: string, found: Database): Look => ({
  state: 'blocked',
  problem: observedProblem(
    'NameTaken',
    `"${name}" on ${server.server} is another database, made ${found.creationDate?.toISOString() ?? 'at an unknown time'} (${found.databaseId ?? 'no id'}). Nothing was changed. Rename or delete it if it is not needed, then retry.`,
  ),
});

/** `databaseId`, from the answer or, where that does not carry it, from a reading. */
export async function factsOf(
  azure: Connection,
  server: SqlServerRef,
  name: string,
  result: Database | undefined,
): Promise<OperationFacts> {
  const databaseId = result?.databaseId ?? (await sdkDatabase(azure, server, name))?.databaseId;
  return { databaseId: databaseId ?? null };
}

/** Where the new database gets its resources: its service objective, or the elastic pool of its source. */
export async function placement(
  azure: Connection,
  server: SqlServerRef,
  source: string,
  tier: string,
): Promise<Pick<Database, 'sku' | 'elasticPoolId'>> {
  if (tier !== 'ElasticPool') return { sku: { name: tier } };
  const elasticPoolId = (await sdkDatabase(azure, server, source))?.elasticPoolId;
  return elasticPoolId === undefined ? {} : { elasticPoolId };
}

import type { Call } from '../arm/route';
import { AzureError } from '../azure-error';
import { at, isObject, numberAt, textAt } from '../json';
import { sameName } from '../resource-id';
import type { FailoverGroup } from '../state';
import { databaseNamed, groupOf, isSecondary, readDatabaseId } from './databases';
import { isReplicated } from './replication';

/** Azure waits at least this long before it fails a group over by itself (failover-group documentation: 1 hour). */
const HOUR_IN_MINUTES = 60;

/** The members that a request wants the group to have, or undefined when it does not say; throws what Azure SQL refuses. */
export function readMembers(call: Call, group: FailoverGroup): string[] | undefined {
  const given = at(call.request.body, 'properties', 'databases');
  if (given === undefined) {
    return undefined;
  }
  if (!Array.isArray(given)) {
    throw invalid(
      'InvalidDatabases',
      'The provided databases IDs are not properly constructed database resource IDs.',
    );
  }
  return given.map((id: unknown) => {
    const named = typeof id === 'string' ? readDatabaseId(id) : undefined;
    if (named === undefined) {
      throw invalid(
        'InvalidDatabases',
        'The provided databases IDs are not properly constructed database resource IDs.',
      );
    }
    const database = sameName(named.server, group.primary)
      ? databaseNamed(call.world, group.primary, named.database)
      : undefined;
    if (database === undefined || database.system) {
      throw invalid(
        'InvalidDatabaseServer',
        'One or more of the provided databases do not exist on the primary server of the failover group. Please make sure that all the databases exist on the primary server.',
      );
    }
    refuseMember(call, group, database.name);
    return database.name;
  });
}

function refuseMember(call: Call, group: FailoverGroup, name: string): void {
  const { world } = call;
  const database = databaseNamed(world, group.primary, name);
  const other = database === undefined ? undefined : groupOf(world, database);
  if (other !== undefined && !sameName(other.name, group.name)) {
    throw new AzureError(
      409,
      'DatabaseBelongsToOtherFailoverGroup',
      'Database belongs to other Failover Group and cannot be consider a part of this one.',
    );
  }
  if (database !== undefined && isSecondary(world, database)) {
    throw new AzureError(
      400,
      'DatabaseInFailoverGroupNotPrimary',
      "GeoDR link for the database already exists, but its role is not 'Primary' or it is not continuous copy link.",
    );
  }
  if (!isReplicated(world, group, name) && databaseNamed(world, group.secondary, name) !== undefined) {
    throw new AzureError(
      409,
      'RemoteDatabaseExists',
      `The destination database name '${name}' already exists on the destination server.`,
    );
  }
}

/** The failover policy that a request asks for; a grace period belongs to Automatic, and only to it. */
export function readPolicy(call: Call): FailoverGroup['readWrite'] | undefined {
  const endpoint = at(call.request.body, 'properties', 'readWriteEndpoint');
  if (!isObject(endpoint)) {
    return undefined;
  }
  const policy = textAt(endpoint, 'failoverPolicy');
  const graceMinutes = numberAt(endpoint, 'failoverWithDataLossGracePeriodMinutes');
  if (policy !== 'Manual' && policy !== 'Automatic') {
    throw invalid(
      'InvalidReadWriteFailoverPolicy',
      'The failoverPolicy field for the read-write endpoint is required for create or update requests.',
    );
  }
  if (policy === 'Manual') {
    if (graceMinutes !== undefined) {
      throw invalid(
        'InvalidReadWriteEndpointFieldsForManualPolicy',
        'Grace period value should not be provided when failover policy Manual is selected for the read-write endpoint. Please remove it from request.',
      );
    }
    return { policy };
  }
  if (graceMinutes === undefined) {
    throw invalid(
      'InvalidReadWriteEndpointFields',
      'The property failoverWithDataLossGracePeriodMinutes must be provided when failover policy Automatic is selected for the read-write endpoint.',
    );
  }
  if (graceMinutes < 0) {
    throw invalid(
      'NegativeGracePeriodValues',
      'Grace period value for the read-write endpoint must be non-negative.',
    );
  }
  if (graceMinutes < HOUR_IN_MINUTES) {
    throw invalid(
      'InvalidGracePeriodValues',
      `Grace period value for the read-write endpoint must be at least ${HOUR_IN_MINUTES} minutes.`,
    );
  }
  return { policy, graceMinutes };
}

/** The policy of the read-only endpoint that a request asks for. */
export function readReadOnlyPolicy(call: Call): 'Disabled' | 'Enabled' | undefined {
  const policy = textAt(call.request.body, 'properties', 'readOnlyEndpoint', 'failoverPolicy');
  return policy === 'Disabled' || policy === 'Enabled' ? policy : undefined;
}

/** A 400 in the words that every mistake in a failover group's request begins with. */
export function invalid(what: string, message: string): AzureError {
  return new AzureError(400, `FailoverGroupCreateOrUpdateRequest${what}`, message);
}

import type { Call } from '../arm/route';
import { param } from '../arm/route';
import { AzureError } from '../azure-error';
import { MINUTE } from '../clock';
import { textAt } from '../json';
import { sameName } from '../resource-id';
import type { Database, Server } from '../state';
import type { Source } from './create-database';
import { databaseNamed, isSecondary, linksOf, readDatabaseId } from './databases';
import { GIB } from './service-objectives';

/** createMode Copy: a database as it is at this moment, on any server of the subscription. */
export function copySource(call: Call): Source {
  const source = findSource(call);
  return {
    from: source,
    status: 'Copying',
    duration: copyDuration(source),
    operation: 'CREATE DATABASE AS COPY',
  };
}

/** createMode Secondary: a geo-replica of the same name on another server. */
export function geoSecondarySource(call: Call, server: Server): Source {
  const source = findSource(call);
  if (sameName(source.server, server.name)) {
    throw new AzureError(
      400,
      'ReplicationSourceAndTargetMustBeInDifferentServers',
      'The replication source and target databases must be in different logical servers.',
    );
  }
  if (!sameName(source.name, param(call, 'databaseName'))) {
    throw new AzureError(
      400,
      'ReplicationSourceAndTargetMustHaveSameName',
      'The replication source and target databases must have the same name.',
    );
  }
  if (isSecondary(call.world, source)) {
    throw new AzureError(
      405,
      'UnsupportedReplicationOperation',
      'An unsupported replication operation was initiated on the database.',
    );
  }
  if (linksOf(call.world, source).length >= 4) {
    throw new AzureError(400, 'GeoReplicaLimitReached', 'The per-replica replication limit was reached.');
  }
  return {
    from: source,
    status: 'Copying',
    duration: copyDuration(source),
    operation: 'CREATE DATABASE AS GEO REPLICA',
    replicates: source,
  };
}

/** Copying and seeding take 2 minutes, and 2 more for each GiB of data. */
export function copyDuration(source: Database): number {
  return 2 * MINUTE * (1 + source.dataBytes / GIB);
}

function findSource({ world, request }: Call): Database {
  const id = textAt(request.body, 'properties', 'sourceDatabaseId');
  if (id === undefined) {
    throw new AzureError(400, 'MissingSourceDatabaseId', 'Missing source database identifier.');
  }
  const named = readDatabaseId(id);
  if (named === undefined) {
    throw new AzureError(400, 'InvalidSourceDatabaseId', `Invalid source database identifier '${id}'.`);
  }
  const source = databaseNamed(world, named.server, named.database);
  if (source === undefined || source.system) {
    throw new AzureError(
      400,
      'SourceDatabaseNotFound',
      `The source database '${named.database}' does not exist.`,
    );
  }
  return source;
}

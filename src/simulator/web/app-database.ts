import { sameName } from '../resource-id';
import { databaseNamed, isSecondary } from '../sql/databases';
import { serverNamed } from '../sql/servers';
import type { Database, SiteProcess } from '../state';
import type { World } from '../world';

/** The database that the app's connection string leads to now, or the error its SQL client would report. The first one reached is the one its pool stays tied to. */
export function connect(world: World, process: SiteProcess): Database | string {
  const connection = readConnectionString(setting(process, 'ConnectionStrings__DefaultConnection'));
  if (connection === undefined) {
    return 'The connection string ConnectionStrings__DefaultConnection cannot be read.';
  }
  const database = reach(world, connection);
  if (typeof database !== 'string') {
    process.pooledDatabaseId ??= database.databaseId;
  }
  return database;
}

/** One of the settings that the process read when it started; empty when it has none of that name. */
export function setting(process: SiteProcess, name: string): string {
  return new Map(Object.entries(process.environment)).get(name) ?? '';
}

interface Connection {
  readonly host: string;
  readonly database: string;
  readonly password: string;
}

/** What a connection string leads to: a database, or the error that a SQL client would report. */
function reach(world: World, connection: Connection): Database | string {
  const name = connection.host.split('.')[0] ?? '';
  const group = world.state.failoverGroups.find((known) => sameName(known.name, name));
  const server = serverNamed(world, group?.primary ?? name);
  if (server === undefined || world.state.regionsDown[server.location] !== undefined) {
    return `A network-related or instance-specific error occurred while establishing a connection to '${connection.host}'.`;
  }
  const rules = server.firewallRules ?? [{ startIpAddress: '0.0.0.0' }];
  // The rule from 0.0.0.0 to 0.0.0.0 stands for everything inside Azure, the app among it.
  if (!rules.some(({ startIpAddress }) => startIpAddress === '0.0.0.0')) {
    return `Cannot open server '${server.name}' requested by the login. Client with IP address '20.42.0.1' is not allowed to access the server.`;
  }
  if (server.administratorPassword !== undefined && server.administratorPassword !== connection.password) {
    return `Login failed for user '${server.administratorLogin}'.`;
  }
  const database = databaseNamed(world, server.name, connection.database);
  if (database === undefined) {
    return `Cannot open database '${connection.database}' requested by the login. The login failed.`;
  }
  if (database.status !== 'Online') {
    return `Database '${database.name}' on server '${server.name}' is not currently available. It is ${database.status.toLowerCase()}.`;
  }
  if (isSecondary(world, database)) {
    return `Failed to update database '${database.name}' because the database is read-only.`;
  }
  return database;
}

function readConnectionString(text: string): Connection | undefined {
  const host = /(?:^|;)\s*(?:Server|Data Source)=(?:tcp:)?([^;,]+)/i.exec(text)?.[1];
  const database = /(?:^|;)\s*(?:Initial Catalog|Database)=([^;]+)/i.exec(text)?.[1];
  const password = /(?:^|;)\s*(?:Password|Pwd)=([^;]*)/i.exec(text)?.[1] ?? '';
  return host === undefined || database === undefined
    ? undefined
    : { host: host.trim(), database: database.trim(), password };
}

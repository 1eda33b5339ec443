import type { HostAnswer, HostHandler } from '../host';
import { sameName } from '../resource-id';
import { databaseNamed, isSecondary } from '../sql/databases';
import { rowCount } from '../sql/history';
import { serverNamed } from '../sql/servers';
import type { Database, Site, SiteProcess } from '../state';
import type { World } from '../world';
import { isWarmingUp } from './process';

/** One line of the app's own health answer. */
interface Check {
  readonly name: string;
  readonly status: 'Healthy' | 'Unhealthy';
  readonly description: string;
  readonly data?: Readonly<Record<string, string | number>>;
}

/** `*.azurewebsites.net`: the app itself. Its `/health` says what the running process really meets in the simulated Azure. */
export function protectedApp(world: World): HostHandler {
  return (request) => {
    const site = world.state.sites[request.host.split('.')[0] ?? ''];
    if (site === undefined) {
      return page(404, '404 Web Site not found');
    }
    if (world.state.regionsDown[site.location] !== undefined) {
      return page(503, 'The service is unavailable.');
    }
    if (site.state === 'Stopped' || site.process === null) {
      return page(403, 'Error 403 - This web app is stopped.');
    }
    if (isWarmingUp(world, site)) {
      return { ...page(503, 'The application is starting.'), headers: { 'retry-after': '1' } };
    }
    if (request.path === '/health') {
      return health(world, site, site.process);
    }
    return request.path === '/' ? home(world, site, site.process) : page(404, 'Not Found');
  };
}

function health(world: World, site: Site, process: SiteProcess): HostAnswer {
  const checks = [checkSecrets(process), checkDatabase(world, process), checkStorage(world, process)];
  const healthy = checks.every((check) => check.status === 'Healthy');
  return {
    status: healthy ? 200 : 503,
    headers: { 'cache-control': 'no-store, no-cache' },
    body: {
      status: healthy ? 'Healthy' : 'Unhealthy',
      version: versionOf(process),
      site: site.name,
      startedAt: process.startedAt,
      checks,
    },
  };
}

function checkSecrets(process: SiteProcess): Check {
  const missing = Object.entries(process.environment).filter(([, value]) =>
    value.startsWith('@Microsoft.KeyVault('),
  );
  return missing.length === 0
    ? {
        name: 'secrets',
        status: 'Healthy',
        description: 'Every Key Vault reference was resolved when the app started.',
      }
    : {
        name: 'secrets',
        status: 'Unhealthy',
        description: `Not resolved when the app started: ${missing.map(([name]) => name).join(', ')}.`,
      };
}

function checkDatabase(world: World, process: SiteProcess): Check {
  const bad = (description: string): Check => ({ name: 'database', status: 'Unhealthy', description });
  const connection = readConnectionString(setting(process, 'ConnectionStrings__DefaultConnection'));
  if (connection === undefined) {
    return bad('The connection string ConnectionStrings__DefaultConnection cannot be read.');
  }
  const database = reach(world, connection);
  if (typeof database === 'string') {
    return bad(database);
  }
  process.pooledDatabaseId ??= database.databaseId;
  if (process.pooledDatabaseId !== database.databaseId) {
    return bad(
      `The connection pool still holds sessions to another database that was called '${database.name}'. They were closed by the server. Restart the app to connect afresh.`,
    );
  }
  return {
    name: 'database',
    status: 'Healthy',
    description: `Connected to '${database.name}' on '${database.server}'.`,
    data: { server: database.server, database: database.name, requests: rowCount(database.history) },
  };
}

/** What a connection string leads to: a database, or the error that a SQL client would report. */
function reach(
  world: World,
  connection: { readonly host: string; readonly database: string },
): Database | string {
  const name = connection.host.split('.')[0] ?? '';
  const group = world.state.failoverGroups.find((known) => sameName(known.name, name));
  const server = serverNamed(world, group?.primary ?? name);
  if (server === undefined || world.state.regionsDown[server.location] !== undefined) {
    return `A network-related or instance-specific error occurred while establishing a connection to '${connection.host}'.`;
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

function checkStorage(world: World, process: SiteProcess): Check {
  const text = setting(process, 'StorageConnectionString');
  const name = /AccountName=([^;]+)/i.exec(text)?.[1];
  const key = /AccountKey=([^;]+)/i.exec(text)?.[1];
  const account = name === undefined ? undefined : world.state.storageAccounts[name.toLowerCase()];
  const bad = (description: string): Check => ({ name: 'storage', status: 'Unhealthy', description });
  if (account === undefined) {
    return bad(`There is no storage account '${name ?? ''}'.`);
  }
  if (account.key !== key) {
    return bad(
      `The storage account '${account.name}' refused the key: Server failed to authenticate the request.`,
    );
  }
  if (world.state.regionsDown[account.primaryLocation] !== undefined) {
    return bad(`The storage account '${account.name}' does not answer.`);
  }
  return { name: 'storage', status: 'Healthy', description: `Connected to '${account.name}'.` };
}

function readConnectionString(
  text: string,
): { readonly host: string; readonly database: string } | undefined {
  const host = /(?:^|;)\s*(?:Server|Data Source)=(?:tcp:)?([^;,]+)/i.exec(text)?.[1];
  const database = /(?:^|;)\s*(?:Initial Catalog|Database)=([^;]+)/i.exec(text)?.[1];
  return host === undefined || database === undefined
    ? undefined
    : { host: host.trim(), database: database.trim() };
}

function setting(process: SiteProcess, name: string): string {
  return new Map(Object.entries(process.environment)).get(name) ?? '';
}

function versionOf(process: SiteProcess): string {
  return (
    /AppRequestPortal-([\w.-]+)\.zip/i.exec(setting(process, 'WEBSITE_RUN_FROM_PACKAGE'))?.[1] ?? 'unknown'
  );
}

function home(world: World, site: Site, process: SiteProcess): HostAnswer {
  const check = checkDatabase(world, process);
  const said =
    check.status === 'Healthy'
      ? `${check.data?.['requests'] ?? 0} requests`
      : 'Requests cannot be shown at the moment.';
  return page(
    check.status === 'Healthy' ? 200 : 500,
    `App Request Portal ${versionOf(process)} (${site.name}): ${said}`,
  );
}

function page(status: number, said: string): HostAnswer {
  return {
    status,
    body: `<!DOCTYPE html><html lang="en"><head><title>${said}</title></head><body><h1>${said}</h1></body></html>`,
  };
}

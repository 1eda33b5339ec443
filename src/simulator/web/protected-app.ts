import type { HostAnswer, HostHandler } from '../host';
import { rowCount } from '../sql/history';
import type { Site, SiteProcess } from '../state';
import { primaryDownSince } from '../storage/replication';
import type { World } from '../world';
import { connect, setting } from './app-database';
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
  const database = connect(world, process);
  if (typeof database === 'string') {
    return bad(database);
  }
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

function checkStorage(world: World, process: SiteProcess): Check {
  const text = setting(process, 'StorageConnectionString');
  const name = /AccountName=([^;]+)/i.exec(text)?.[1];
  const key = /AccountKey=([^;]+)/i.exec(text)?.[1];
  const account = name === undefined ? undefined : world.state.storageAccounts[name.toLowerCase()];
  const bad = (description: string): Check => ({ name: 'storage', status: 'Unhealthy', description });
  if (account === undefined) {
    return bad(`There is no storage account '${name ?? ''}'.`);
  }
  if (key === undefined || !account.keys.includes(key)) {
    return bad(
      `The storage account '${account.name}' refused the key: Server failed to authenticate the request.`,
    );
  }
  if (account.state === 'Creating' || primaryDownSince(world, account) !== null) {
    return bad(`The storage account '${account.name}' does not answer.`);
  }
  return { name: 'storage', status: 'Healthy', description: `Connected to '${account.name}'.` };
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

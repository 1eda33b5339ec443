import type { HostAnswer } from '../host';
import { rowCount, schemaAfter } from '../sql/history';
import type { Site, SiteProcess } from '../state';
import { waitingIn } from '../storage/queues';
import type { World } from '../world';
import { connect, setting } from './app-database';
import { connectStorage } from './app-storage';
import { isWarmingUp, releaseOf } from './process';
import { FIRST_SCHEMA } from './releases';

/** One line of the app's own health answer. */
interface Check {
  readonly name: string;
  readonly status: 'Healthy' | 'Unhealthy';
  readonly description: string;
  readonly data?: Readonly<Record<string, string | number>>;
}

/** What the app's `/health` says of what its process really meets in the simulated Azure. */
export function health(world: World, site: Site, process: SiteProcess): HostAnswer {
  const checks = [
    checkRelease(process),
    checkSecrets(process),
    checkSignIn(world, process),
    checkDatabase(world, process),
    checkStorage(world, process),
  ];
  const healthy = checks.every((check) => check.status === 'Healthy');
  return {
    status: healthy ? 200 : 503,
    headers: { 'cache-control': 'no-store, no-cache' },
    body: {
      status: healthy ? 'Healthy' : 'Unhealthy',
      version: versionOf(process),
      schema: schemaMet(world, process),
      site: site.name,
      startedAt: process.startedAt,
      checks,
    },
  };
}

/** Whether a probe of this path finds the app well: it runs, in a region that is up, and its health is good. */
export function isHealthy(world: World, site: Site, path: string): boolean {
  const serves =
    world.state.regionsDown[site.location] === undefined &&
    site.state === 'Running' &&
    site.process !== null &&
    releaseOf(site.process) !== undefined &&
    !isWarmingUp(world, site);
  if (!serves || site.process === null) {
    return false;
  }
  return path === '/health' ? health(world, site, site.process).status === 200 : path === '/';
}

function checkRelease(process: SiteProcess): Check {
  const broken = releaseOf(process)?.broken;
  return broken === undefined
    ? { name: 'release', status: 'Healthy', description: `${versionOf(process)} runs.` }
    : { name: 'release', status: 'Unhealthy', description: broken };
}

/** The schema of the database that the app has reached; null while it reaches none. */
function schemaMet(world: World, process: SiteProcess): number | null {
  const database = connect(world, process);
  return typeof database === 'string' ? null : schemaAfter(database.history, FIRST_SCHEMA);
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

/** The app signs people in with a password of its app registration; one that was removed or never was is refused. */
function checkSignIn(world: World, process: SiteProcess): Check {
  const clientId = setting(process, 'AzureAd__ClientId');
  const password = setting(process, 'AzureAd__ClientSecret');
  const application = world.state.applications[clientId];
  const known = application?.passwords.some(
    (one) => one.value === password && Date.parse(one.endDateTime) > world.now().getTime(),
  );
  return known === true
    ? { name: 'sign-in', status: 'Healthy', description: `Signs in as '${application?.displayName}'.` }
    : {
        name: 'sign-in',
        status: 'Unhealthy',
        description: `AADSTS7000215: Invalid client secret provided for app '${clientId}'.`,
      };
}

/** Whether the process reaches its database, and what it says of it. */
export function checkDatabase(world: World, process: SiteProcess): Check {
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
  const schema = schemaAfter(database.history, FIRST_SCHEMA);
  const known = releaseOf(process)?.schema ?? schema;
  if (schema > known) {
    return bad(
      `The database '${database.name}' has schema ${schema}, and ${versionOf(process)} knows schema ${known} and no later one.`,
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
  const reached = connectStorage(world, process);
  if (typeof reached === 'string') {
    return { name: 'storage', status: 'Unhealthy', description: reached };
  }
  const { account, queue } = reached;
  return {
    name: 'storage',
    status: 'Healthy',
    description: `Connected to '${account.name}'.`,
    data: { account: account.name, queue: queue.name, jobs: waitingIn(queue).length },
  };
}

/** The version of the package that runs. */
export function versionOf(process: SiteProcess): string {
  return releaseOf(process)?.version ?? 'unknown';
}

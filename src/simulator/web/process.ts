import { SECOND } from '../clock';
import { schemaAfter } from '../sql/history';
import type { Database, Site, SiteProcess } from '../state';
import { azureNow, timeStamp, type World } from '../world';
import { connect, setting } from './app-database';
import { FIRST_SCHEMA, type Release, releaseAt } from './releases';

/** How long a site takes until it serves again: 90 s after a restart, 30 s when only its configuration is applied. In Azure milliseconds. */
export const RESTART = 90 * SECOND;
export const SOFT_RESTART = 30 * SECOND;

/** Starts the site's process anew: it reads its settings once, here, with the references as the platform last resolved them. */
export function startProcess(world: World, site: Site, warmUp: number): void {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(site.settings)) {
    // A reference that does not resolve reaches the app as its own literal text.
    environment[name] = site.references[name]?.value ?? value;
  }
  site.process = {
    startedAt: timeStamp(world),
    warmAt: azureNow(world) + warmUp,
    environment,
    pooledDatabaseId: null,
  };
  // The app opens its connection pool as it starts, so that it notices a database swapped behind its back.
  const database = connect(world, site.process);
  if (typeof database !== 'string') {
    moveSchema(world, site.process, database);
  }
}

/** A release brings an older database up to its own schema as it starts, and never down again (Entity Framework's migrations). */
function moveSchema(world: World, process: SiteProcess, database: Database): void {
  const release = releaseOf(process);
  const schema = schemaAfter(database.history, FIRST_SCHEMA);
  if (release === undefined || release.schema <= schema) {
    return;
  }
  const by = `AppRequestPortal ${release.version}`;
  const what = `${by} moved the schema from ${schema} to ${release.schema}`;
  const change = {
    at: timeStamp(world),
    table: 'requests',
    rows: 0,
    by,
    what,
    schema: release.schema,
  } as const;
  database.history = [...database.history, change];
}

/** The release that a process runs; undefined when its package is not on the package host. */
export function releaseOf(process: SiteProcess): Release | undefined {
  return releaseAt(setting(process, 'WEBSITE_RUN_FROM_PACKAGE'));
}

/** True while the process is still starting. */
export function isWarmingUp(world: World, site: Site): boolean {
  return site.process !== null && site.process.warmAt > azureNow(world);
}

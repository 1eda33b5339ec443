import { SECOND } from '../clock';
import type { Site } from '../state';
import { azureNow, timeStamp, type World } from '../world';
import { connect } from './app-database';

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
  connect(world, site.process);
}

/** True while the process is still starting. */
export function isWarmingUp(world: World, site: Site): boolean {
  return site.process !== null && site.process.warmAt > azureNow(world);
}

import type { Call, Route } from '../arm/route';
import type { HostAnswer } from '../host';
import type { Site } from '../state';
import { azureNow, timeStamp } from '../world';
import { RESTART, SOFT_RESTART, startProcess } from './process';
import { findSite, sitePath, webVersions } from './sites';

/** Restart, stop and start (Microsoft.Web 2023-12-01, WebApps_Restart). They answer at once; the app comes up later. */
export const sitePowerRoutes: readonly Route[] = [
  {
    operation: 'WebApps_Restart',
    method: 'POST',
    path: `${sitePath}/restart`,
    apiVersions: webVersions,
    handler: restart,
  },
  {
    operation: 'WebApps_Stop',
    method: 'POST',
    path: `${sitePath}/stop`,
    apiVersions: webVersions,
    handler: stop,
  },
  {
    operation: 'WebApps_Start',
    method: 'POST',
    path: `${sitePath}/start`,
    apiVersions: webVersions,
    handler: start,
  },
];

function restart(call: Call): HostAnswer {
  const site = findSite(call);
  const soft = call.request.query.get('softRestart')?.toLowerCase() === 'true';
  if (site.state === 'Running' && !(soft && isUpToDate(site))) {
    startProcess(call.world, site, soft ? SOFT_RESTART : RESTART);
  }
  const synchronous = call.request.query.get('synchronous')?.toLowerCase() === 'true';
  return { status: 200, ...(synchronous ? { afterMs: untilWarm(call, site) } : {}) };
}

function stop(call: Call): HostAnswer {
  const site = findSite(call);
  site.state = 'Stopped';
  site.process = null;
  site.lastModified = timeStamp(call.world);
  return { status: 200 };
}

function start(call: Call): HostAnswer {
  const site = findSite(call);
  if (site.state === 'Stopped') {
    site.state = 'Running';
    site.lastModified = timeStamp(call.world);
    startProcess(call.world, site, RESTART);
  }
  return { status: 200 };
}

/** A soft restart applies the configuration, and restarts only when that is necessary. */
function isUpToDate(site: Site): boolean {
  const environment = site.process?.environment ?? {};
  const names = Object.keys(site.settings);
  return (
    names.length === Object.keys(environment).length &&
    names.every((name) => environment[name] === (site.references[name]?.value ?? site.settings[name]))
  );
}

function untilWarm(call: Call, site: Site): number {
  const left = (site.process?.warmAt ?? 0) - azureNow(call.world);
  return Math.max(0, Math.ceil(left / call.world.state.clock.speed));
}

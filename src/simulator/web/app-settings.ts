import type { Call, Route } from '../arm/route';
import { AzureError } from '../azure-error';
import type { HostAnswer } from '../host';
import { textsAt } from '../json';
import type { Site } from '../state';
import { timeStamp, type World } from '../world';
import { resolveReferences } from './key-vault-references';
import { SOFT_RESTART, startProcess } from './process';
import { findSite, siteId, sitePath, webVersions } from './sites';

/** App settings (Microsoft.Web 2023-12-01): a PUT replaces them all and restarts the app. */
export const appSettingRoutes: readonly Route[] = [
  {
    operation: 'WebApps_ListApplicationSettings',
    method: 'POST',
    path: `${sitePath}/config/appsettings/list`,
    apiVersions: webVersions,
    handler: (call) => ({ status: 200, body: view(call, findSite(call)) }),
  },
  {
    operation: 'WebApps_UpdateApplicationSettings',
    method: 'PUT',
    path: `${sitePath}/config/appsettings`,
    apiVersions: webVersions,
    handler: update,
  },
  {
    operation: 'WebApps_ListSlotConfigurationNames',
    method: 'GET',
    path: `${sitePath}/config/slotConfigNames`,
    apiVersions: webVersions,
    handler: listSlotNames,
  },
];

function update(call: Call): HostAnswer {
  const site = findSite(call);
  const settings = textsAt(call.request.body, 'properties');
  if (settings === undefined) {
    throw new AzureError(
      400,
      'BadRequest',
      'The parameter properties has an invalid value. Every app setting must be a string.',
    );
  }
  applySettings(call.world, site, settings);
  return { status: 200, body: view(call, site) };
}

/** Puts these settings in the place of all that the site had. */
export function applySettings(world: World, site: Site, settings: Record<string, string>): void {
  site.settings = settings;
  site.lastModified = timeStamp(world);
  // Any change of the configuration makes App Service fetch every reference again and restart the app.
  resolveReferences(world, site);
  if (site.state === 'Running') {
    startProcess(world, site, SOFT_RESTART);
  }
}

function view(call: Call, site: Site): unknown {
  return {
    id: `${siteId(call.world, site)}/config/appsettings`,
    name: 'appsettings',
    type: 'Microsoft.Web/sites/config',
    properties: site.settings,
  };
}

function listSlotNames(call: Call): HostAnswer {
  const site = findSite(call);
  const body = {
    id: `${siteId(call.world, site)}/config/slotConfigNames`,
    name: 'slotConfigNames',
    type: 'Microsoft.Web/sites/config',
    properties: { connectionStringNames: [], appSettingNames: site.slotSettingNames },
  };
  return { status: 200, body };
}

import { type Call, param, type Route } from '../arm/route';
import type { HostAnswer } from '../host';
import { sameName } from '../resource-id';
import { notFound, refuseWhenDown } from '../sql/servers';
import type { Site } from '../state';
import type { World } from '../world';
import { hostNamesOf, verificationId } from './host-names';
import { principalOf } from './principal';

/** What @azure/arm-appservice 19 sends, and the newest version whose specification is published with it. */
export const webVersions = ['2025-05-01', '2023-12-01'];

export const sitePath =
  '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Web/sites/{name}';

/** App Services (Microsoft.Web 2023-12-01, WebApps). */
export const siteRoutes: readonly Route[] = [
  {
    operation: 'WebApps_List',
    method: 'GET',
    path: '/subscriptions/{subscriptionId}/providers/Microsoft.Web/sites',
    apiVersions: webVersions,
    handler: (call) => list(call, () => true),
  },
  {
    operation: 'WebApps_ListByResourceGroup',
    method: 'GET',
    path: '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Web/sites',
    apiVersions: webVersions,
    handler: (call) => list(call, (site) => sameName(site.resourceGroup, param(call, 'resourceGroupName'))),
  },
  {
    operation: 'WebApps_Get',
    method: 'GET',
    path: sitePath,
    apiVersions: webVersions,
    handler: (call) => ({ status: 200, body: siteView(call.world, findSite(call)) }),
  },
  {
    operation: 'WebApps_GetConfiguration',
    method: 'GET',
    path: `${sitePath}/config/web`,
    apiVersions: webVersions,
    handler: getConfiguration,
  },
  {
    operation: 'WebApps_ListInstanceIdentifiers',
    method: 'GET',
    path: `${sitePath}/instances`,
    apiVersions: webVersions,
    handler: listInstances,
  },
];

/** The site a request is about; throws 404, and 504 when its region is down. */
export function findSite(call: Call): Site {
  const name = param(call, 'name');
  const group = param(call, 'resourceGroupName');
  const site = call.world.state.sites[name.toLowerCase()];
  if (site === undefined || !sameName(site.resourceGroup, group)) {
    throw notFound(`Microsoft.Web/sites/${name}`, group);
  }
  refuseWhenDown(call.world, site.location, 'Microsoft.Web');
  return site;
}

/** A site's resource id. */
export function siteId(world: World, site: Site): string {
  return `/subscriptions/${world.state.subscription.id}/resourceGroups/${site.resourceGroup}/providers/Microsoft.Web/sites/${site.name}`;
}

function list(call: Call, wanted: (site: Site) => boolean): HostAnswer {
  const value = Object.values(call.world.state.sites)
    .filter(wanted)
    .map((site) => siteView(call.world, site));
  return { status: 200, body: { value } };
}

function siteView(world: World, site: Site): unknown {
  const host = `${site.name}.azurewebsites.net`;
  const names = hostNamesOf(world, site);
  const scm = `${site.name}.scm.azurewebsites.net`;
  return {
    id: siteId(world, site),
    name: site.name,
    type: 'Microsoft.Web/sites',
    kind: 'app,linux',
    location: site.location,
    tags: {},
    properties: {
      state: site.state,
      hostNames: names,
      repositorySiteName: site.name,
      usageState: 'Normal',
      enabled: true,
      enabledHostNames: [...names, scm],
      availabilityState: 'Normal',
      hostNameSslStates: [
        { name: host, sslState: 'Disabled', hostType: 'Standard' },
        { name: scm, sslState: 'Disabled', hostType: 'Repository' },
      ],
      serverFarmId: `/subscriptions/${world.state.subscription.id}/resourceGroups/${site.resourceGroup}/providers/Microsoft.Web/serverfarms/${site.plan}`,
      reserved: true,
      isXenon: false,
      hyperV: false,
      lastModifiedTimeUtc: site.lastModified,
      siteConfig: configuration(),
      scmSiteAlsoStopped: false,
      clientAffinityEnabled: false,
      clientCertEnabled: false,
      clientCertMode: 'Required',
      hostNamesDisabled: false,
      resourceGroup: site.resourceGroup,
      defaultHostName: host,
      customDomainVerificationId: verificationId(world.state),
      httpsOnly: true,
      redundancyMode: 'None',
      storageAccountRequired: false,
      keyVaultReferenceIdentity: 'SystemAssigned',
    },
    identity: { type: 'SystemAssigned', tenantId: world.state.tenant.id, principalId: principalOf(site) },
  };
}

function configuration() {
  return {
    numberOfWorkers: 1,
    linuxFxVersion: 'DOTNETCORE|8.0',
    alwaysOn: true,
    http20Enabled: true,
    minTlsVersion: '1.2',
    ftpsState: 'Disabled',
    healthCheckPath: '/health',
  };
}

function getConfiguration(call: Call): HostAnswer {
  const site = findSite(call);
  const body = {
    id: `${siteId(call.world, site)}/config/web`,
    name: site.name,
    type: 'Microsoft.Web/sites/config',
    properties: configuration(),
  };
  return { status: 200, body };
}

function listInstances(call: Call): HostAnswer {
  const site = findSite(call);
  const name = Buffer.from(site.process?.startedAt ?? '').toString('hex');
  const instance = {
    id: `${siteId(call.world, site)}/instances/${name}`,
    name,
    type: 'Microsoft.Web/sites/instances',
    properties: { state: 'READY' },
  };
  return { status: 200, body: { value: site.process === null ? [] : [instance] } };
}

import { type Call, param, type Route } from '../arm/route';
import { AzureError } from '../azure-error';
import type { HostAnswer } from '../host';
import { textAt } from '../json';
import { leadsTo, recordAt, seenValues } from '../network/resolve';
import type { HostNameBinding } from '../network/state';
import { sameName } from '../resource-id';
import { notFound } from '../sql/servers';
import type { Site } from '../state';
import type { World } from '../world';
import { bindingKey, bindingsOf, isVerified, verificationId } from './host-names';
import { findSite, siteId, sitePath, webVersions } from './sites';

const path = `${sitePath}/hostNameBindings`;

/** The host names of an app (Microsoft.Web 2023-12-01, WebApps_CreateOrUpdateHostNameBinding). Who asks for one must own it in DNS. */
export const hostNameBindingRoutes: readonly Route[] = [
  {
    operation: 'WebApps_ListHostNameBindings',
    method: 'GET',
    path,
    apiVersions: webVersions,
    handler: (call) => {
      const site = findSite(call);
      const value = bindingsOf(call.world, site).map((binding) => view(call.world, site, binding));
      return { status: 200, body: { value } };
    },
  },
  {
    operation: 'WebApps_GetHostNameBinding',
    method: 'GET',
    path: `${path}/{hostName}`,
    apiVersions: webVersions,
    handler: get,
  },
  {
    operation: 'WebApps_CreateOrUpdateHostNameBinding',
    method: 'PUT',
    path: `${path}/{hostName}`,
    apiVersions: webVersions,
    handler: put,
  },
  {
    operation: 'WebApps_DeleteHostNameBinding',
    method: 'DELETE',
    path: `${path}/{hostName}`,
    apiVersions: webVersions,
    handler: remove,
  },
  {
    operation: 'WebApps_AnalyzeCustomHostname',
    method: 'GET',
    path: `${sitePath}/analyzeCustomHostname`,
    apiVersions: webVersions,
    handler: analyze,
  },
];

function get(call: Call): HostAnswer {
  const site = findSite(call);
  const host = param(call, 'hostName');
  const found = call.world.state.network.bindings[bindingKey(site.name, host)];
  if (found === undefined) {
    throw notFound(`Microsoft.Web/sites/${site.name}/hostNameBindings/${host}`, site.resourceGroup);
  }
  return { status: 200, body: view(call.world, site, found) };
}

function put(call: Call): HostAnswer {
  const { world, request } = call;
  const site = findSite(call);
  const hostName = param(call, 'hostName').toLowerCase();
  if (!isVerified(world, hostName) && !leadsTo(world, hostName, site)) {
    throw new AzureError(
      400,
      'BadRequest',
      `A TXT record pointing from asuid.${hostName} to ${verificationId(world.state)} was not found.`,
    );
  }
  const thumbprint = textAt(request.body, 'properties', 'thumbprint') ?? null;
  const secured = textAt(request.body, 'properties', 'sslState') === 'SniEnabled';
  const certificate = Object.values(world.state.network.certificates).find(
    (one) =>
      thumbprint !== null &&
      sameName(one.thumbprint, thumbprint) &&
      sameName(one.hostName, hostName) &&
      one.location === site.location,
  );
  if (secured && certificate === undefined) {
    throw new AzureError(
      404,
      'NotFound',
      `Cannot find Certificate with thumbprint ${thumbprint ?? ''} for the host name ${hostName}.`,
    );
  }
  const binding: HostNameBinding = {
    site: site.name,
    hostName,
    sslState: secured ? 'SniEnabled' : 'Disabled',
    thumbprint: secured ? thumbprint : null,
  };
  world.state.network.bindings[bindingKey(site.name, hostName)] = binding;
  return { status: 200, body: view(world, site, binding) };
}

function remove(call: Call): HostAnswer {
  const site = findSite(call);
  const key = bindingKey(site.name, param(call, 'hostName'));
  const existed = call.world.state.network.bindings[key] !== undefined;
  delete call.world.state.network.bindings[key];
  return { status: existed ? 200 : 204 };
}

function view(world: World, site: Site, binding: HostNameBinding): unknown {
  return {
    id: `${siteId(world, site)}/hostNameBindings/${binding.hostName}`,
    name: `${site.name}/${binding.hostName}`,
    type: 'Microsoft.Web/sites/hostNameBindings',
    properties: {
      siteName: site.name,
      hostNameType: 'Verified',
      customHostNameDnsRecordType: 'CName',
      sslState: binding.sslState,
      ...(binding.thumbprint === null ? {} : { thumbprint: binding.thumbprint }),
    },
  };
}

/** What App Service itself sees in DNS for a name, old answers that resolvers keep included. */
function analyze(call: Call): HostAnswer {
  const { world } = call;
  const site = findSite(call);
  const host = call.request.query.get('hostName') ?? '';
  const verified = isVerified(world, host) || leadsTo(world, host, site);
  const body = {
    id: `${siteId(world, site)}/analyzeCustomHostname`,
    name: site.name,
    type: 'Microsoft.Web/sites',
    properties: {
      isHostnameAlreadyVerified: world.state.network.bindings[bindingKey(site.name, host)] !== undefined,
      customDomainVerificationTest: verified ? 'Passed' : 'Failed',
      hasConflictOnScaleUnit: false,
      hasConflictAcrossSubscription: false,
      cNameRecords: seenValues(world, recordAt(world, host, 'CNAME')),
      txtRecords: seenValues(world, recordAt(world, host, 'TXT')),
      aRecords: [],
      alternateCNameRecords: [],
      alternateTxtRecords: seenValues(world, recordAt(world, `asuid.${host}`, 'TXT')),
    },
  };
  return { status: 200, body };
}

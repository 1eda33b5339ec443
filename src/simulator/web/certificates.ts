import { createHash } from 'node:crypto';
import { type Call, param, type Route } from '../arm/route';
import { AzureError } from '../azure-error';
import { DAY } from '../clock';
import type { HostAnswer } from '../host';
import { textAt } from '../json';
import { leadsTo } from '../network/resolve';
import type { Certificate } from '../network/state';
import { readResourceId, sameName } from '../resource-id';
import { notFound, refuseWhenDown } from '../sql/servers';
import type { Site } from '../state';
import { newId, timeStamp, type World } from '../world';
import { bindingKey } from './host-names';
import { webVersions } from './sites';

const group =
  '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Web/certificates';

/** App Service managed certificates (Microsoft.Web 2023-12-01, Certificates). Issued only once DNS leads to the app, and never handed out. */
export const certificateRoutes: readonly Route[] = [
  {
    operation: 'Certificates_ListByResourceGroup',
    method: 'GET',
    path: group,
    apiVersions: webVersions,
    handler: (call) => {
      const value = Object.values(call.world.state.network.certificates)
        .filter((certificate) => sameName(certificate.resourceGroup, param(call, 'resourceGroupName')))
        .map((certificate) => view(call.world, certificate));
      return { status: 200, body: { value } };
    },
  },
  {
    operation: 'Certificates_Get',
    method: 'GET',
    path: `${group}/{name}`,
    apiVersions: webVersions,
    handler: (call) => {
      const found = call.world.state.network.certificates[keyOf(call)];
      if (found === undefined) {
        throw notFound(`Microsoft.Web/certificates/${param(call, 'name')}`, param(call, 'resourceGroupName'));
      }
      return { status: 200, body: view(call.world, found) };
    },
  },
  {
    operation: 'Certificates_CreateOrUpdate',
    method: 'PUT',
    path: `${group}/{name}`,
    apiVersions: webVersions,
    handler: put,
  },
];

function keyOf(call: Call): string {
  return `${param(call, 'resourceGroupName')}/${param(call, 'name')}`.toLowerCase();
}

function put(call: Call): HostAnswer {
  const { world, request } = call;
  const hostName = textAt(request.body, 'properties', 'canonicalName') ?? '';
  const planId = textAt(request.body, 'properties', 'serverFarmId') ?? '';
  const plan = readResourceId(planId)?.names[0] ?? '';
  const site = siteOn(world, plan, hostName);
  if (site === undefined) {
    throw new AzureError(
      400,
      'BadRequest',
      `Hostname '${hostName}' is not assigned to any app in the App Service plan '${plan}'. Add the hostname to the app first.`,
    );
  }
  refuseWhenDown(world, site.location, 'Microsoft.Web');
  if (!leadsTo(world, hostName, site)) {
    throw new AzureError(
      400,
      'BadRequest',
      `Hostname not eligible for App Service Managed Certificates creation. Ensure that your domain ${hostName} has an active CNAME record that is set to ${site.name}.azurewebsites.net`,
    );
  }
  const certificate: Certificate = {
    name: param(call, 'name'),
    resourceGroup: param(call, 'resourceGroupName'),
    location: site.location,
    hostName,
    plan: planId,
    thumbprint: createHash('sha1').update(newId(world.state)).digest('hex').toUpperCase(),
    issued: timeStamp(world),
    expires: new Date(world.now().getTime() + 180 * DAY).toISOString(),
  };
  world.state.network.certificates[keyOf(call)] = certificate;
  return { status: 200, body: view(world, certificate) };
}

function siteOn(world: World, plan: string, hostName: string): Site | undefined {
  return Object.values(world.state.sites).find(
    (site) =>
      sameName(site.plan, plan) &&
      world.state.network.bindings[bindingKey(site.name, hostName)] !== undefined,
  );
}

function view(world: World, certificate: Certificate): unknown {
  const { name, resourceGroup, location, hostName, plan, thumbprint, issued, expires } = certificate;
  return {
    id: `/subscriptions/${world.state.subscription.id}/resourceGroups/${resourceGroup}/providers/Microsoft.Web/certificates/${name}`,
    name,
    type: 'Microsoft.Web/certificates',
    location,
    properties: {
      subjectName: hostName,
      hostNames: [hostName],
      issuer: 'GeoTrust TLS RSA CA G1',
      issueDate: issued,
      expirationDate: expires,
      thumbprint,
      serverFarmId: plan,
      canonicalName: hostName,
    },
  };
}

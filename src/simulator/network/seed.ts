import { createHash } from 'node:crypto';
import { DAY } from '../clock';
import type { Site, State } from '../state';
import { bindingKey, verificationId } from '../web/host-names';
import { newId } from '../world';
import type { DnsRecord } from './state';

const hostName = 'apps.contoso.example';
const zone = { name: 'contoso.example', resourceGroup: 'contoso-dns' };

/** The demo's domain as it is set up: the name leads to `target`, and these sites answer to it under a certificate. */
export function seedDomain(state: State, now: Date, target: string, sites: readonly Site[]): void {
  const record = (name: string, type: DnsRecord['type'], ttl: number, value: string): DnsRecord => ({
    ...{ name, type, ttl, values: [value], etag: newId(state), metadata: {}, cached: null },
  });
  state.network.zones[zone.name] = {
    ...zone,
    records: [
      record('apps', 'CNAME', 300, target),
      record('asuid.apps', 'TXT', 3_600, verificationId(state)),
    ],
  };
  for (const site of sites) {
    const thumbprint = createHash('sha1').update(`${state.seed}:${site.name}`).digest('hex').toUpperCase();
    const name = `${hostName}-${site.name}`;
    state.network.certificates[`${site.resourceGroup}/${name}`.toLowerCase()] = {
      ...{ name, resourceGroup: site.resourceGroup, location: site.location, hostName, thumbprint },
      plan: `/subscriptions/${state.subscription.id}/resourceGroups/${site.resourceGroup}/providers/Microsoft.Web/serverfarms/${site.plan}`,
      issued: new Date(now.getTime() - 60 * DAY).toISOString(),
      expires: new Date(now.getTime() + 120 * DAY).toISOString(),
    };
    state.network.bindings[bindingKey(site.name, hostName)] = {
      ...{ site: site.name, hostName, sslState: 'SniEnabled', thumbprint },
    };
  }
}

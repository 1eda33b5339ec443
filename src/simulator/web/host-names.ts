import { recordAt, seenValues } from '../network/resolve';
import type { HostNameBinding } from '../network/state';
import { siteOf } from '../network/traffic-monitor';
import { sameName } from '../resource-id';
import type { Site, State } from '../state';
import type { World } from '../world';

/** The subscription's own mark, which a TXT record must show before App Service takes a host name. */
export function verificationId(state: State): string {
  return Buffer.from(state.subscription.id).toString('hex').toUpperCase().slice(-64);
}

/** The key of a binding in the state. */
export function bindingKey(site: string, hostName: string): string {
  return `${site}/${hostName}`.toLowerCase();
}

/** The names that a site was given beside its own. */
export function bindingsOf(world: World, site: Site): readonly HostNameBinding[] {
  return Object.values(world.state.network.bindings).filter((binding) => sameName(binding.site, site.name));
}

/** The names of the Traffic Manager profiles that have this site as an endpoint: App Service takes them by itself. */
function trafficNamesOf(world: World, site: Site): readonly string[] {
  return Object.values(world.state.network.profiles)
    .filter((profile) => profile.endpoints.some((endpoint) => siteOf(world, endpoint) === site))
    .map((profile) => `${profile.relativeName}.trafficmanager.net`);
}

/** Every name that a site answers to. */
export function hostNamesOf(world: World, site: Site): readonly string[] {
  return [
    `${site.name}.azurewebsites.net`,
    ...trafficNamesOf(world, site),
    ...bindingsOf(world, site).map((binding) => binding.hostName),
  ];
}

/** True when App Service hands a request for this name to this site; it has a 404 page for every other name. */
export function answersTo(world: World, site: Site, host: string): boolean {
  return hostNamesOf(world, site).some((name) => sameName(name, host));
}

/** True when a TXT record beside the name shows the subscription's mark. */
export function isVerified(world: World, host: string): boolean {
  return seenValues(world, recordAt(world, `asuid.${host}`, 'TXT')).some((text) =>
    sameName(text, verificationId(world.state)),
  );
}

/** True unless it is a name of the app's owner that no certificate was bound to: no client goes on there. */
export function hasCertificate(world: World, site: Site, host: string): boolean {
  return bindingsOf(world, site).every(
    (binding) => !sameName(binding.hostName, host) || binding.sslState === 'SniEnabled',
  );
}

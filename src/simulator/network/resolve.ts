import { sameName } from '../resource-id';
import type { Site } from '../state';
import { azureNow, type World } from '../world';
import type { DnsRecord, TrafficProfile } from './state';
import { answeringSite } from './traffic-monitor';

const APP_SERVICE = '.azurewebsites.net';
const TRAFFIC_MANAGER = '.trafficmanager.net';
/** A chain of aliases longer than this is a ring. */
const LONGEST_CHAIN = 8;

/** The App Service that a host name leads to, through DNS and Traffic Manager as they are now; undefined for none. */
export function siteBehind(world: World, host: string, steps = 0): Site | undefined {
  const name = host.toLowerCase().replace(/\.$/, '');
  if (name.endsWith(APP_SERVICE)) {
    return world.state.sites[name.slice(0, -APP_SERVICE.length)];
  }
  if (name.endsWith(TRAFFIC_MANAGER)) {
    const profile = profileAt(world, name);
    return profile === undefined ? undefined : answeringSite(world, profile);
  }
  const [target] = seenValues(world, recordAt(world, name, 'CNAME'));
  return target === undefined || steps >= LONGEST_CHAIN ? undefined : siteBehind(world, target, steps + 1);
}

/** The profile behind `<name>.trafficmanager.net`; undefined for none. */
function profileAt(world: World, host: string): TrafficProfile | undefined {
  const relative = host.toLowerCase().slice(0, -TRAFFIC_MANAGER.length);
  return Object.values(world.state.network.profiles).find((profile) =>
    sameName(profile.relativeName, relative),
  );
}

/** The record set of a full host name, in whichever zone holds it; undefined for none. */
export function recordAt(world: World, host: string, type: DnsRecord['type']): DnsRecord | undefined {
  for (const zone of Object.values(world.state.network.zones)) {
    const end = `.${zone.name.toLowerCase()}`;
    if (host.toLowerCase().endsWith(end)) {
      const name = host.slice(0, -end.length);
      return zone.records.find((record) => record.type === type && sameName(record.name, name));
    }
  }
  return undefined;
}

/** What the world sees of a record set: resolvers keep an old answer as long as its TTL says. */
export function seenValues(world: World, record: DnsRecord | undefined): readonly string[] {
  if (record === undefined) {
    return [];
  }
  const { cached } = record;
  return cached !== null && cached.until > azureNow(world) ? cached.values : record.values;
}

/** True when a name leads directly to this app: by an alias to its own name, or to a profile that answers with it. */
export function leadsTo(world: World, host: string, site: Site): boolean {
  const [target = ''] = seenValues(world, recordAt(world, host, 'CNAME'));
  const name = target.toLowerCase().replace(/\.$/, '');
  return (
    name === `${site.name.toLowerCase()}${APP_SERVICE}` ||
    (name.endsWith(TRAFFIC_MANAGER) && siteBehind(world, name) === site)
  );
}

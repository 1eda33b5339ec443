import { AzureProblem } from '../../azure/operation';
import type { DnsZoneRef } from '../../azure/refs';
import { sameName } from '../../azure/resource-id';
import type { CompileContext } from '../../engine/runbook';
import type { Observation } from '../../incidents/plan';
import { defaultHost, type Site } from './sites';

/** What leads people to an app, as far as it has to change when the app of another region takes its place. */
export interface Way {
  readonly redirects: readonly Redirect[];
  readonly domain: DomainWay | null;
  /** Why the estate's domain could not be read, and so cannot be moved; null where it could, or there is none. */
  readonly unread: string | null;
  readonly notices: readonly string[];
  /** What people have to do themselves, since it could not be read. */
  readonly afterwards: readonly string[];
  readonly observed: Observation;
}

/** A redirect URI that an Entra application does not have yet. */
export interface Redirect {
  readonly application: string;
  readonly displayName: string;
  readonly platform: 'spa' | 'web';
  readonly uri: string;
}

/** The custom domain, and what is missing before it works at the other app. */
export interface DomainWay {
  readonly hostName: string;
  readonly zone: DnsZoneRef;
  /** Relative to the zone. */
  readonly record: string;
  readonly from: string;
  /** What the record has to lead to; null when it leads to Traffic Manager, which moves by itself. */
  readonly to: string | null;
  readonly ttlSeconds: number;
  /** Whether the other app answers to the name already, and under a certificate. */
  readonly bound: boolean;
  readonly secured: boolean;
}

/** From which place people are led to which, and whether Traffic Manager can do it. */
interface Moved {
  readonly to: Site;
  readonly from: Site;
  readonly byTraffic: boolean;
}

/**
 * Reads what would have to change so that people reach the app of `to` instead of the one of `from`. A record that leads
 * to Traffic Manager stays where that can move people; otherwise it is led to the app itself.
 */
export async function wayTo(move: Moved, context: CompileContext): Promise<Way> {
  const [redirects, domain] = await Promise.all([redirectsTo(move, context), domainTo(move, context)]);
  return {
    redirects: redirects.needed,
    domain: domain.way,
    unread: domain.unread,
    notices: domain.notices,
    afterwards: [...redirects.afterwards, ...domain.afterwards],
    observed: { ...redirects.observed, ...domain.observed },
  };
}

async function redirectsTo({ to, from }: Moved, { app, azure }: CompileContext) {
  const needed: Redirect[] = [];
  const afterwards: string[] = [];
  const observed: { [field: string]: readonly string[] } = {};
  for (const application of app.redirectApplications) {
    const found = await unlessRefused(azure.entra.redirectUris(application));
    if (found instanceof AzureProblem) {
      afterwards.push(
        `The redirect URIs of Entra application ${application} could not be read (${found.details.code}). If people cannot sign in, add those of https://${defaultHost(to.webApp)} there by hand.`,
      );
      continue;
    }
    for (const platform of ['spa', 'web'] as const) {
      const uris = found[platform];
      const wanted = uris.flatMap((uri) => moved(uri, defaultHost(from.webApp), defaultHost(to.webApp)));
      const missing = wanted.filter((uri) => !uris.includes(uri));
      needed.push(...missing.map((uri) => ({ application, displayName: found.displayName, platform, uri })));
      // What the run adds itself must not look like a change by somebody else.
      const others = uris.filter((uri) => !wanted.includes(uri)).sort();
      observed[`redirect URIs (${platform}) of ${found.displayName}`] = others;
    }
  }
  return { needed, afterwards, observed };
}

/** The same URI at the other host; nothing for a URI of another host. */
function moved(uri: string, from: string, to: string): readonly string[] {
  const pattern = new RegExp(`^https://${from.replaceAll('.', '\\.')}(?=[/:?#]|$)`, 'i');
  return pattern.test(uri) ? [uri.replace(pattern, `https://${to}`)] : [];
}

interface DomainFound {
  readonly way: DomainWay | null;
  readonly unread: string | null;
  readonly notices: readonly string[];
  readonly afterwards: readonly string[];
  readonly observed: Observation;
}

const nothing: DomainFound = { way: null, unread: null, notices: [], afterwards: [], observed: {} };

async function domainTo({ to, from, byTraffic }: Moved, context: CompileContext): Promise<DomainFound> {
  const { app, azure, begun, before } = context;
  if (!app.domain) return nothing;
  const { hostName, zone: zoneName, zoneResourceGroup } = app.domain;
  const zone = { subscriptionId: app.subscriptionId, resourceGroup: zoneResourceGroup, zone: zoneName };
  const record = hostName.slice(0, -zoneName.length - 1);
  const byHand = `Lead ${hostName} to ${defaultHost(to.webApp)} by hand: add the name and a certificate to the app, then change its DNS record.`;
  const asBefore = (why: string, unread: string | null): DomainFound => ({
    ...{ ...nothing, unread, notices: [`${hostName} stays where it leads: ${why}`] },
    afterwards: [byHand],
  });
  if (record === '') return asBefore(`it is the zone's own name, which no CNAME can be.`, null);
  const live = await unlessRefused(azure.domain.record(zone, record));
  const why =
    live instanceof AzureProblem
      ? `its DNS record could not be read (${live.details.code}).`
      : `${zoneName} has no CNAME "${record}".`;
  if (live instanceof AzureProblem || !live) return asBefore(why, why);
  const stays = byTraffic && /\.trafficmanager\.net$/i.test(live.target);
  const binding = await unlessRefused(azure.domain.binding(to.webApp, hostName));
  const found = binding instanceof AzureProblem ? null : binding;
  const target = defaultHost(to.webApp);
  // What this run has changed itself is told as it was.
  const moves = !stays && (begun.has('point-domain') || !sameName(live.target, target));
  const way: DomainWay = {
    ...{ hostName, zone, record, ttlSeconds: live.ttlSeconds },
    from: sameName(live.target, target)
      ? String((begun.has('point-domain') && before?.observed[hostName]) || defaultHost(from.webApp))
      : live.target,
    to: moves ? target : null,
    bound: !begun.has('bind-domain') && found !== null,
    secured: !begun.has('bind-certificate') && (found?.secured ?? false),
  };
  return {
    ...{ way, unread: null, afterwards: [], notices: domainNotices(way) },
    observed: { [hostName]: way.from },
  };
}

function domainNotices({ hostName, to, ttlSeconds, secured }: DomainWay): readonly string[] {
  const minutes = Math.max(1, Math.ceil(ttlSeconds / 60));
  return [
    ...(to === null
      ? []
      : [
          `${hostName} moves by its DNS record: for up to ${minutes} minute${minutes === 1 ? '' : 's'} (its TTL) some people are still led to the old address.`,
        ]),
    ...(secured
      ? []
      : [
          `The app there has no certificate for ${hostName} yet. Azure issues one only once the name leads there, and cannot move the old one: browsers warn until it is bound.`,
        ]),
  ];
}

/** The value, or the refusal: missing rights must not stop a recovery. What passes is thrown, to be waited out. */
async function unlessRefused<T>(value: Promise<T>): Promise<T | AzureProblem> {
  try {
    return await value;
  } catch (error) {
    if (!(error instanceof AzureProblem) || error.details.passing) throw error;
    return error;
  }
}

import type { Profile } from '@azure/arm-trafficmanager';
import { orNull } from '../call';
import { type Connection, reading } from '../connection';
import type { TrafficProfileRef } from '../refs';

/** A Traffic Manager profile as Azure shows it now. */
export interface TrafficProfile {
  readonly name: string;
  /** `<name>.trafficmanager.net` */
  readonly fqdn: string;
  readonly ttlSeconds: number;
  readonly routing: string;
  readonly endpoints: readonly TrafficEndpoint[];
}

/** One place that a profile may answer with. */
interface TrafficEndpoint {
  readonly name: string;
  readonly enabled: boolean;
  /** Online, Degraded, CheckingEndpoint, Stopped, Disabled, Inactive or Unmonitored. */
  readonly monitor: string;
  readonly priority: number;
  /** The Azure resource behind it; null for an endpoint outside Azure. */
  readonly targetResourceId: string | null;
}

/** What can be read about Traffic Manager. */
export interface TrafficReadings {
  /** Profiles_Get; null when the group has no such profile. */
  readonly profile: (ref: TrafficProfileRef) => Promise<TrafficProfile | null>;
}

/** How it is read. */
export const trafficReadings = (azure: Connection): TrafficReadings => ({
  profile: (ref) => trafficProfile(azure, ref),
});

/** A profile in words. */
export const profileWords = (ref: TrafficProfileRef): string => `Traffic Manager profile "${ref.profile}"`;

/** Profiles_Get; null when the group has no such profile. */
export async function trafficProfile(
  azure: Connection,
  ref: TrafficProfileRef,
): Promise<TrafficProfile | null> {
  const { traffic } = azure.clients(ref.subscriptionId);
  const found = await orNull(
    azure.call(reading(profileWords(ref)), (abortSignal) =>
      traffic.profiles.get(ref.resourceGroup, ref.profile, { abortSignal }),
    ),
  );
  return found ? profileOf(ref, found) : null;
}

const profileOf = (ref: TrafficProfileRef, found: Profile): TrafficProfile => ({
  name: found.name ?? ref.profile,
  fqdn: found.dnsConfig?.fqdn ?? '',
  ttlSeconds: found.dnsConfig?.ttl ?? 60,
  routing: found.trafficRoutingMethod ?? 'unknown',
  endpoints: (found.endpoints ?? [])
    .map((endpoint) => ({
      name: endpoint.name ?? '',
      enabled: endpoint.endpointStatus === 'Enabled',
      monitor: endpoint.endpointMonitorStatus ?? 'unknown',
      priority: endpoint.priority ?? 0,
      targetResourceId: endpoint.targetResourceId ?? null,
    }))
    .sort((a, b) => a.priority - b.priority),
});

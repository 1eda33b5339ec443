/** Names and traffic: Traffic Manager profiles, DNS zones, and the host names that App Services answer to. */
export interface NetworkState {
  readonly profiles: Record<string, TrafficProfile>;
  readonly zones: Record<string, DnsZone>;
  /** By `<site>/<host name>`, in small letters. */
  readonly bindings: Record<string, HostNameBinding>;
  /** By resource group and name, in small letters. */
  readonly certificates: Record<string, Certificate>;
}

/** A Traffic Manager profile: answers DNS questions for `<relativeName>.trafficmanager.net`. */
export interface TrafficProfile {
  readonly name: string;
  readonly resourceGroup: string;
  readonly relativeName: string;
  ttl: number;
  status: 'Enabled' | 'Disabled';
  routing: string;
  monitor: Monitor;
  endpoints: TrafficEndpoint[];
  tags: Readonly<Record<string, string>>;
}

/** How a profile asks whether its endpoints are well. */
interface Monitor {
  readonly protocol: string;
  readonly port: number;
  readonly path: string;
  readonly intervalInSeconds: number;
  readonly timeoutInSeconds: number;
  readonly toleratedNumberOfFailures: number;
}

/** An Azure endpoint: an App Service of this subscription. */
export interface TrafficEndpoint {
  readonly name: string;
  readonly targetResourceId: string;
  status: 'Enabled' | 'Disabled';
  priority: number;
  /** When the first probe after it was enabled is answered, in milliseconds of Azure time. */
  probedAt: number;
}

export interface DnsZone {
  readonly name: string;
  readonly resourceGroup: string;
  records: DnsRecord[];
}

export type DnsRecordType = 'CNAME' | 'TXT';

/** A record set: one CNAME, or the texts of a TXT. */
export interface DnsRecord {
  /** Relative to the zone. */
  readonly name: string;
  readonly type: DnsRecordType;
  readonly ttl: number;
  readonly etag: string;
  readonly values: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  /** What resolvers that have asked before still answer, until a moment in milliseconds of Azure time. */
  readonly cached: { readonly values: readonly string[]; readonly until: number } | null;
}

/** A host name that an App Service answers to, beside its own. */
export interface HostNameBinding {
  readonly site: string;
  readonly hostName: string;
  readonly sslState: 'Disabled' | 'SniEnabled';
  readonly thumbprint: string | null;
}

/** An App Service managed certificate. */
export interface Certificate {
  readonly name: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly hostName: string;
  readonly plan: string;
  readonly thumbprint: string;
  readonly issued: string;
  readonly expires: string;
}

import type { Connection } from '../connection';
import type { DnsZoneRef, WebAppRef } from '../refs';
import { binding } from './bindings';
import { sdkRecord, targetOf } from './records';

/** A CNAME as its zone has it. */
interface AliasRecord {
  /** The host name it leads to. */
  readonly target: string;
  /** How long resolvers keep an answer, in seconds. */
  readonly ttlSeconds: number;
}

/** What can be read about a domain. */
export interface DomainReadings {
  /** RecordSets_Get of a CNAME, named relative to its zone; null when there is none. */
  readonly record: (zone: DnsZoneRef, record: string) => Promise<AliasRecord | null>;
  /** WebApps_GetHostNameBinding: whether an app answers to a name, and under a certificate; null when it does not. */
  readonly binding: (app: WebAppRef, hostName: string) => Promise<{ readonly secured: boolean } | null>;
}

/** How it is read. */
export const domainReadings = (azure: Connection): DomainReadings => ({
  record: async (zone, record) => {
    const found = await sdkRecord(azure, zone, record, 'CNAME');
    const target = targetOf(found);
    return target === null ? null : { target, ttlSeconds: found?.ttl ?? 0 };
  },
  binding: async (app, hostName) => {
    const found = await binding(azure, app, hostName);
    return found ? { secured: found.sslState === 'SniEnabled' } : null;
  },
});

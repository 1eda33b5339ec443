import type { RecordSet } from '@azure/arm-dns';
import { orNull } from '../call';
import { type Connection, reading } from '../connection';
import type { DnsZoneRef } from '../refs';

/** A record in words: `CNAME record apps.contoso.example`. */
export const recordWords = (zone: DnsZoneRef, record: string, type: 'CNAME' | 'TXT'): string =>
  `${type} record ${record}.${zone.zone}`;

/** RecordSets_Get as the SDK gives it; null when the zone has no such record. */
export function sdkRecord(
  azure: Connection,
  zone: DnsZoneRef,
  record: string,
  type: 'CNAME' | 'TXT',
): Promise<RecordSet | null> {
  const { dns } = azure.clients(zone.subscriptionId);
  return orNull(
    azure.call(reading(recordWords(zone, record, type)), (abortSignal) =>
      dns.recordSets.get(zone.resourceGroup, zone.zone, record, type, { abortSignal }),
    ),
  );
}

/**
 * RecordSets_CreateOrUpdate over the record set that was read: what somebody else has written meanwhile is not lost,
 * since the ETag no longer matches then (`PreconditionFailed`). Keeps its TTL and its metadata.
 */
export async function putRecord(
  azure: Connection,
  zone: DnsZoneRef,
  record: string,
  type: 'CNAME' | 'TXT',
  { read, change }: { readonly read: RecordSet | null; readonly change: RecordSet },
  { abortSignal, requestId }: { readonly abortSignal: AbortSignal; readonly requestId: string },
): Promise<void> {
  const { dns } = azure.clients(zone.subscriptionId);
  await dns.recordSets.createOrUpdate(
    zone.resourceGroup,
    zone.zone,
    record,
    type,
    { ttl: read?.ttl ?? newRecordTtl, ...(read?.metadata ? { metadata: read.metadata } : {}), ...change },
    {
      abortSignal,
      ...(read?.etag ? { ifMatch: read.etag } : { ifNoneMatch: '*' }),
      requestOptions: { customHeaders: { 'x-ms-client-request-id': requestId } },
    },
  );
}

/** Seconds that resolvers may keep a record which is made anew. */
const newRecordTtl = 300;

/** What a CNAME leads to, without the dot at its end; null for anything else. */
export const targetOf = (found: RecordSet | null): string | null =>
  found?.cnameRecord?.cname?.replace(/\.$/, '') ?? null;

/** The texts of a TXT record set, each in one piece. */
export const textsOf = (found: RecordSet | null): readonly string[] =>
  (found?.txtRecords ?? []).map(({ value }) => (value ?? []).join(''));

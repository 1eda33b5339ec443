import { z } from 'zod/v4';
import { dnsZoneRef, webAppRef } from '../refs';

const hostName = z.string().min(1).max(253);

/** The changes that lead a domain of the app's owner to an app. */
export const domainOperations = [
  /** RecordSets_CreateOrUpdate of a CNAME, over the ETag of the record that is there. */
  z.object({
    op: z.literal('domain.point-record'),
    zone: dnsZoneRef,
    /** Relative to the zone: `apps`. */
    record: z.string().min(1),
    /** What it leads to when the plan is made: anything else is left alone. */
    from: hostName,
    to: hostName,
  }),
  /** RecordSets_CreateOrUpdate of the TXT record `asuid.<record>`: the app's verification id beside what is there. */
  z.object({
    op: z.literal('domain.add-verification'),
    zone: dnsZoneRef,
    record: z.string().min(1),
    app: webAppRef,
  }),
  /** WebApps_CreateOrUpdateHostNameBinding: the app answers to the name. */
  z.object({ op: z.literal('domain.bind-host-name'), app: webAppRef, hostName }),
  /** WebApps_DeleteHostNameBinding. */
  z.object({ op: z.literal('domain.unbind-host-name'), app: webAppRef, hostName }),
  /** Certificates_CreateOrUpdate: a managed certificate, which Azure issues only once DNS leads to the app. */
  z.object({ op: z.literal('domain.create-certificate'), app: webAppRef, hostName }),
  /** WebApps_CreateOrUpdateHostNameBinding with `sslState: SniEnabled`. */
  z.object({ op: z.literal('domain.bind-certificate'), app: webAppRef, hostName, thumbprint: z.string() }),
] as const;

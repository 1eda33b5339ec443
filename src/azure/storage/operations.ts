import { z } from 'zod/v4';
import { storageAccountRef } from '../refs';

/** A region by its name in Azure: `westus2`. */
const region = z.string().min(1);
const sku = z.string().regex(/^Standard_(RA)?(L|Z|G|GZ)RS$/);

/** The changes that can be made to storage accounts. */
export const storageOperations = [
  /**
   * StorageAccounts_Failover. `planned` swaps the two regions without loss and needs both; `unplanned` promotes the
   * secondary at once: what was written after the Last Sync Time is lost, and the account is in one region then.
   */
  z.object({
    op: z.literal('storage.fail-over'),
    account: storageAccountRef,
    how: z.enum(['planned', 'unplanned']),
    /** The primary region before and after: tells on resume whether it has happened. */
    from: region,
    to: region,
  }),
  /** StorageAccounts_Update of the SKU. A copy to a second region is made from scratch; done when it is complete. */
  z.object({ op: z.literal('storage.set-redundancy'), account: storageAccountRef, sku }),
  /** StorageAccounts_Create. The account is empty, with keys of its own. */
  z.object({
    op: z.literal('storage.create-account'),
    account: storageAccountRef,
    location: region,
    sku,
    kind: z.enum(['Storage', 'StorageV2', 'BlobStorage', 'BlockBlobStorage', 'FileStorage']),
    minimumTlsVersion: z.string(),
    tags: z.record(z.string(), z.string()),
  }),
] as const;

import type { StorageAccount as SdkAccount } from '@azure/arm-storage';
import { orNull } from '../call';
import { type Connection, reading } from '../connection';
import { AzureProblem } from '../operation';
import type { StorageAccountRef } from '../refs';
import { storageAccountId } from '../resource-id';

/** A storage account as Azure shows it now. Times are UTC. */
export interface StorageAccount {
  readonly name: string;
  readonly resourceId: string;
  /** `Succeeded` once it can be used. */
  readonly state: string;
  /** `Standard_GRS`, `Standard_LRS`, … */
  readonly sku: string;
  readonly kind: string;
  /** Where it was made. A failover does not change it: `primaryLocation` is where the data is. */
  readonly location: string;
  readonly primaryLocation: string;
  readonly primaryAnswers: boolean;
  /** Null when the data is in one region alone. */
  readonly secondaryLocation: string | null;
  readonly secondaryAnswers: boolean;
  /** How the copy in the second region stands; null when there is none, or Azure does not tell. */
  readonly replication: Replication | null;
  readonly failoverInProgress: boolean;
  readonly createdAt: Date | null;
  readonly minimumTlsVersion: string;
  /** Whether only chosen networks are let in. */
  readonly restricted: boolean;
  readonly tags: { readonly [name: string]: string };
}

/** How the copy of an account in its second region stands (GeoReplicationStats). */
interface Replication {
  /** `Live`; `Bootstrap` while the first copy is made; `Unavailable`. */
  readonly status: string;
  /** Everything written before it is in the second region. Null: not known, so the loss is not known either. */
  readonly lastSync: Date | null;
  readonly canFailOver: boolean;
  readonly canFailOverPlanned: boolean;
}

/** Whether a SKU keeps a copy in a second region. */
export const isGeoRedundant = (sku: string): boolean => /_(RA)?GZ?RS$/.test(sku);

/** A storage account in words. */
export const accountWords = ({ account }: StorageAccountRef): string => `storage account "${account}"`;

/**
 * StorageAccounts_GetProperties; null when the group has no such account. How the copy stands is asked separately, and
 * only of accounts that have one: Azure refuses the whole answer for one that has none.
 */
export async function storageAccount(
  azure: Connection,
  ref: StorageAccountRef,
): Promise<StorageAccount | null> {
  const found = await properties(azure, ref);
  if (!found) return null;
  const sku = found.sku?.name ?? 'Unknown';
  return {
    name: found.name ?? ref.account,
    resourceId: found.id ?? storageAccountId(ref),
    state: found.provisioningState ?? 'Unknown',
    sku,
    kind: found.kind ?? 'StorageV2',
    location: found.location,
    primaryLocation: found.primaryLocation ?? found.location,
    primaryAnswers: found.statusOfPrimary === 'available',
    secondaryLocation: found.secondaryLocation ?? null,
    secondaryAnswers: found.statusOfSecondary === 'available',
    replication: isGeoRedundant(sku) ? await replicationOf(azure, ref) : null,
    failoverInProgress: found.failoverInProgress ?? false,
    createdAt: found.creationTime ?? null,
    minimumTlsVersion: found.minimumTlsVersion ?? 'TLS1_2',
    restricted: found.publicNetworkAccess === 'Disabled' || found.networkRuleSet?.defaultAction === 'Deny',
    tags: found.tags ?? {},
  };
}

function properties(azure: Connection, ref: StorageAccountRef): Promise<SdkAccount | null> {
  const { storage } = azure.clients(ref.subscriptionId);
  return orNull(
    azure.call(reading(accountWords(ref)), (abortSignal) =>
      storage.storageAccounts.getProperties(ref.resourceGroup, ref.account, { abortSignal }),
    ),
  );
}

/** Null where Azure does not tell, whatever the reason: in an outage this must not keep people from failing over. */
async function replicationOf(azure: Connection, ref: StorageAccountRef): Promise<Replication | null> {
  const { storage } = azure.clients(ref.subscriptionId);
  try {
    const { geoReplicationStats: stats } = await azure.call(
      reading(`the replication of ${accountWords(ref)}`),
      (abortSignal) =>
        storage.storageAccounts.getProperties(ref.resourceGroup, ref.account, {
          ...{ expand: 'geoReplicationStats', abortSignal },
        }),
    );
    if (!stats) return null;
    return {
      status: stats.status ?? 'Unknown',
      lastSync: stats.lastSyncTime ?? null,
      canFailOver: stats.canFailover ?? false,
      canFailOverPlanned: stats.canPlannedFailover ?? false,
    };
  } catch (error) {
    if (!(error instanceof AzureProblem)) throw error;
    azure.log(error.message);
    return null;
  }
}

/** Whether a name is free in all of Azure (StorageAccounts_CheckNameAvailability), and if not, why. */
export async function nameAvailable(
  azure: Connection,
  subscriptionId: string,
  name: string,
): Promise<{ readonly ok: boolean; readonly words: string }> {
  const { storage } = azure.clients(subscriptionId);
  const answer = await azure.call(reading(`whether the name "${name}" is free`), (abortSignal) =>
    storage.storageAccounts.checkNameAvailability(
      { name, type: 'Microsoft.Storage/storageAccounts' },
      { abortSignal },
    ),
  );
  return { ok: answer.nameAvailable ?? false, words: answer.message ?? 'The name is free.' };
}

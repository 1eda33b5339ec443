/** A storage account. Its address and keys stay as they are, wherever its data is moved. */
export interface StorageAccount {
  readonly name: string;
  readonly resourceGroup: string;
  /** Where it was made. A failover moves the data, and not this: the resource provider does not fail over. */
  readonly location: string;
  readonly kind: string;
  readonly created: string;
  readonly minimumTlsVersion: string;
  readonly allowBlobPublicAccess: boolean;
  tags: Readonly<Record<string, string>>;
  /** `Standard_GRS`, `Standard_LRS`, … */
  sku: string;
  primaryLocation: string;
  /** Null when the data is in one region alone. */
  secondaryLocation: string | null;
  /** While the account is being made it answers nobody. */
  state: 'Creating' | 'Succeeded';
  keys: readonly [key1: string, key2: string];
  keysCreated: readonly [key1: string, key2: string];
  /** Milliseconds of real time by which the copy in the secondary region lags behind. */
  readonly lagMs: number;
  /** When the first copy to the secondary region is complete, in Azure milliseconds; null once it is, or without one. */
  copying: { readonly since: number; readonly until: number } | null;
  /** Real time from which on the copy holds everything that lies further back than the lag. */
  geoSince: string | null;
  lastFailover: string | null;
  failoverInProgress: boolean;
  /** Since when the storage service in the primary region does not answer; null while it does. */
  outageSince: string | null;
  queues: Record<string, Queue>;
  containers: readonly string[];
}

/** A queue with everything that was ever put into it, so that a failover can tell what had been copied. */
export interface Queue {
  readonly name: string;
  messages: readonly QueueMessage[];
}

/** A message and its times; it is in the queue from `inserted` until `deleted`. */
interface QueueMessage {
  readonly id: string;
  readonly text: string;
  readonly inserted: string;
  readonly deleted?: string;
}

/** What an operation of Azure Storage does when it ends. */
export type StorageEffect =
  | { readonly type: 'storage.created'; readonly account: string }
  | { readonly type: 'storage.failedOver'; readonly account: string; readonly planned: boolean };

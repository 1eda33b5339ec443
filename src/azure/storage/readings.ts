import type { Connection } from '../connection';
import type { StorageAccountRef } from '../refs';
import { nameAvailable, type StorageAccount, storageAccount } from './account';
import type { DataPlane } from './data-plane';
import { reach, type StorageReach } from './reach';
import { type WaitingQueue, waiting } from './waiting';

/** What can be read of storage accounts. */
export interface StorageReadings {
  /** StorageAccounts_GetProperties with how its copy stands; null when the group has no such account. */
  readonly account: (ref: StorageAccountRef) => Promise<StorageAccount | null>;
  /** Whether its queue and blob services answer; never throws: not answering is an answer. */
  readonly reachable: (ref: StorageAccountRef) => Promise<StorageReach>;
  /** How much waits in its queues; null when that cannot be counted. */
  readonly waiting: (ref: StorageAccountRef) => Promise<readonly WaitingQueue[] | null>;
  /** Whether a name is free in all of Azure, and if not, why. */
  readonly nameAvailable: (
    subscriptionId: string,
    name: string,
  ) => Promise<{ readonly ok: boolean; readonly words: string }>;
}

/** How each of them is read. */
export const storageReadings = (azure: Connection, ask: DataPlane): StorageReadings => ({
  account: (ref) => storageAccount(azure, ref),
  reachable: (ref) => reach(ask, ref),
  waiting: (ref) => waiting(azure, ask, ref),
  nameAvailable: (subscriptionId, name) => nameAvailable(azure, subscriptionId, name),
});

import { MINUTE } from '../clock';
import { azureNow, type World } from '../world';
import type { StorageAccount } from './account';

/** What a service in two regions says of its copy (Microsoft.Storage, GeoReplicationStats). */
export interface GeoReplication {
  readonly status: 'Live' | 'Bootstrap' | 'Unavailable';
  /** Everything written before it is in the secondary region; null when Azure cannot tell. */
  readonly lastSync: Date | null;
}

/** How long Azure takes to copy this little account to a second region anew. In Azure milliseconds. */
const FIRST_COPY = 20 * MINUTE;

const pairs: Readonly<Record<string, string>> = {
  centralus: 'eastus2',
  eastus: 'westus',
  eastus2: 'centralus',
  northeurope: 'westeurope',
  westcentralus: 'westus2',
  westeurope: 'northeurope',
  westus: 'eastus',
  westus2: 'westcentralus',
};

/** The region that Azure pairs with another; undefined for a region that this Azure does not have. */
export const pairOf = (region: string): string | undefined => pairs[region];

/** Whether a SKU keeps a copy in a second region. */
export const isGeo = (sku: string): boolean => /^Standard_(RA)?G(Z)?RS$/.test(sku);

/** What is left of the redundancy when the second region is given up. */
export const localSkuOf = (sku: string): string => (sku.includes('GZRS') ? 'Standard_ZRS' : 'Standard_LRS');

/** Since when the primary cluster does not answer, by a fault of the service or of the whole region; null while it does. */
export function primaryDownSince(world: World, account: StorageAccount): string | null {
  const both = [account.outageSince, world.state.regionsDown[account.primaryLocation] ?? null];
  return both.filter((since) => since !== null).toSorted()[0] ?? null;
}

/** Since when the secondary region does not answer; null while it does, or when there is none. */
const secondaryDownSince = (world: World, account: StorageAccount): string | null =>
  (account.secondaryLocation === null ? null : world.state.regionsDown[account.secondaryLocation]) ?? null;

/** What of an account answers. */
export const statusesOf = (world: World, account: StorageAccount) => ({
  primary: primaryDownSince(world, account) === null ? 'available' : 'unavailable',
  secondary: secondaryDownSince(world, account) === null ? 'available' : 'unavailable',
});

/** How the copy of an account in its second region stands; null without one. */
export function replicationOf(world: World, account: StorageAccount): GeoReplication | null {
  if (account.secondaryLocation === null) {
    return null;
  }
  if (account.copying !== null && azureNow(world) < account.copying.until) {
    return { status: 'Bootstrap', lastSync: null };
  }
  const secondaryDown = secondaryDownSince(world, account);
  // While either side is down nothing is copied: the Last Sync Time stands still.
  const until = [primaryDownSince(world, account), secondaryDown]
    .filter((since) => since !== null)
    .map((since) => Date.parse(since));
  const synced = Math.min(...until, world.now().getTime()) - account.lagMs;
  const since = account.geoSince === null ? synced : Math.max(synced, Date.parse(account.geoSince));
  return { status: secondaryDown === null ? 'Live' : 'Unavailable', lastSync: toTheSecond(since) };
}

/** The Last Sync Time has no fractions of a second, and is never later than what was copied. */
const toTheSecond = (time: number): Date => new Date(Math.floor(time / 1_000) * 1_000);

/** Moves the data to its second region. Unplanned, what had not been copied is lost and the account is in one region. */
export function failOver(world: World, account: StorageAccount, planned: boolean, time: string): void {
  const replication = replicationOf(world, account);
  const { primaryLocation, secondaryLocation } = account;
  account.failoverInProgress = false;
  if (secondaryLocation === null || replication?.lastSync == null) {
    return;
  }
  account.primaryLocation = secondaryLocation;
  account.lastFailover = time;
  account.outageSince = null;
  if (planned) {
    account.secondaryLocation = primaryLocation;
    return;
  }
  for (const queue of Object.values(account.queues)) {
    queue.messages = asOf(queue.messages, replication.lastSync.toISOString());
  }
  account.sku = localSkuOf(account.sku);
  account.secondaryLocation = null;
  account.copying = null;
  account.geoSince = null;
}

/** Messages as they were at a moment: later ones are not there, and those that were deleted later are there again. */
const asOf = (messages: StorageAccount['queues'][string]['messages'], moment: string) =>
  messages
    .filter(({ inserted }) => inserted <= moment)
    .map(({ deleted, ...message }) =>
      deleted !== undefined && deleted <= moment ? { ...message, deleted } : message,
    );

/** Gives an account a redundancy: a second region is filled from scratch, or given up. */
export function setRedundancy(world: World, account: StorageAccount, sku: string): void {
  const was = account.sku;
  account.sku = sku;
  if (isGeo(sku) && !isGeo(was)) {
    const now = azureNow(world);
    account.secondaryLocation = pairOf(account.primaryLocation) ?? null;
    account.copying = { since: now, until: now + FIRST_COPY };
    account.geoSince = world.now().toISOString();
  }
  if (!isGeo(sku)) {
    account.secondaryLocation = null;
    account.copying = null;
    account.geoSince = null;
  }
}

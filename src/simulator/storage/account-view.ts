import { azureNow, type World } from '../world';
import type { StorageAccount } from './account';
import { isGeo, localSkuOf, replicationOf, statusesOf } from './replication';

/** An account's resource id. */
export const accountId = (world: World, { name, resourceGroup }: StorageAccount): string =>
  `/subscriptions/${world.state.subscription.id}/resourceGroups/${resourceGroup}/providers/Microsoft.Storage/storageAccounts/${name}`;

/** An account as Resource Manager shows it (Microsoft.Storage, StorageAccount): never with a key. */
export function accountView(world: World, account: StorageAccount, expanded: boolean): unknown {
  const { primary, secondary } = statusesOf(world, account);
  const { secondaryLocation } = account;
  return {
    id: accountId(world, account),
    name: account.name,
    type: 'Microsoft.Storage/storageAccounts',
    location: account.location,
    tags: account.tags,
    sku: { name: account.sku, tier: 'Standard' },
    kind: account.kind,
    properties: {
      provisioningState: account.state,
      creationTime: account.created,
      keyCreationTime: { key1: account.keysCreated[0], key2: account.keysCreated[1] },
      primaryLocation: account.primaryLocation,
      statusOfPrimary: primary,
      primaryEndpoints: endpointsOf(account.name),
      ...(secondaryLocation === null
        ? {}
        : {
            secondaryLocation,
            statusOfSecondary: secondary,
            ...(account.sku.includes('RAG')
              ? { secondaryEndpoints: endpointsOf(`${account.name}-secondary`) }
              : {}),
          }),
      ...(account.lastFailover === null ? {} : { lastGeoFailoverTime: account.lastFailover }),
      ...(account.failoverInProgress ? { failoverInProgress: true } : {}),
      ...(expanded ? { geoReplicationStats: statsOf(world, account) } : {}),
      supportsHttpsTrafficOnly: true,
      minimumTlsVersion: account.minimumTlsVersion,
      allowBlobPublicAccess: account.allowBlobPublicAccess,
      isHnsEnabled: false,
      accessTier: 'Hot',
      networkAcls: { bypass: 'AzureServices', defaultAction: 'Allow', ipRules: [], virtualNetworkRules: [] },
      privateEndpointConnections: [],
      encryption: {
        services: {
          blob: { keyType: 'Account', enabled: true, lastEnabledTime: account.created },
          file: { keyType: 'Account', enabled: true, lastEnabledTime: account.created },
        },
        keySource: 'Microsoft.Storage',
      },
    },
  };
}

const endpointsOf = (name: string) =>
  Object.fromEntries(
    ['blob', 'queue', 'table', 'file'].map((service) => [
      service,
      `https://${name}.${service}.core.windows.net/`,
    ]),
  );

/** How the copy stands, or undefined where Azure cannot tell yet: a minute after the copying began it can. */
function statsOf(world: World, account: StorageAccount): unknown {
  const replication = replicationOf(world, account);
  const { primary, secondary } = statusesOf(world, account);
  return {
    status: replication?.status,
    ...(replication?.lastSync == null ? {} : { lastSyncTime: secondsOnly(replication.lastSync) }),
    canFailover: canFailOver(world, account),
    canPlannedFailover: canFailOver(world, account) && primary === 'available' && secondary === 'available',
    postFailoverRedundancy: localSkuOf(account.sku),
    postPlannedFailoverRedundancy: account.sku,
  };
}

const secondsOnly = (time: Date): string => `${time.toISOString().slice(0, 19)}Z`;

/** Whether there is a complete copy in a second region that answers. */
export const canFailOver = (world: World, account: StorageAccount): boolean =>
  isGeo(account.sku) && !account.failoverInProgress && replicationOf(world, account)?.status === 'Live';

/** Whether Azure has just begun to copy and has no Last Sync Time to show at all. */
export const lastSyncIsUnknown = (world: World, account: StorageAccount): boolean =>
  account.copying !== null && azureNow(world) < account.copying.since + 60_000;

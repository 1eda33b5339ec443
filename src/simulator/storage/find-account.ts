import { type Call, param } from '../arm/route';
import { AzureError } from '../azure-error';
import { sameName } from '../resource-id';
import { notFound, refuseWhenDown } from '../sql/servers';
import type { World } from '../world';
import type { StorageAccount } from './account';

/** What @azure/arm-storage 20 sends, and the newest version whose specification is published with it. */
export const storageVersions = ['2025-08-01', '2023-05-01'];

export const accountsPath =
  '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Storage/storageAccounts';
export const accountPath = `${accountsPath}/{accountName}`;

/** The account of that name, or undefined: names are unique in all of Azure. */
export const accountNamed = (world: World, name: string): StorageAccount | undefined =>
  world.state.storageAccounts[name.toLowerCase()];

/** The account that a request is about, or undefined when its group has none of that name. */
export function accountIn(call: Call): StorageAccount | undefined {
  const account = accountNamed(call.world, param(call, 'accountName'));
  return account && sameName(account.resourceGroup, param(call, 'resourceGroupName')) ? account : undefined;
}

/**
 * The account that a request is about. Throws 404 when it is not there. Reading it and failing it over work while its
 * region is down, as they must; anything else is `managed` by the resource provider there, which does not fail over
 * ("Azure storage disaster recovery planning and failover"), and throws 504.
 */
export function findAccount(call: Call, way: 'read' | 'managed' = 'read'): StorageAccount {
  const account = accountIn(call);
  if (account === undefined) {
    throw notFound(
      `Microsoft.Storage/storageAccounts/${param(call, 'accountName')}`,
      param(call, 'resourceGroupName'),
    );
  }
  if (way === 'managed') {
    refuseWhenDown(call.world, account.location, 'Microsoft.Storage');
  }
  return account;
}

/** Throws Azure's 409 while something else is being done to the account. */
export function refuseWhenBusy(account: StorageAccount): void {
  if (account.failoverInProgress || account.state === 'Creating') {
    throw new AzureError(
      409,
      'StorageAccountOperationInProgress',
      'An operation is currently performing on this storage account that requires exclusive access.',
    );
  }
}

import type { Call, Route } from '../arm/route';
import { AzureError } from '../azure-error';
import { HOUR } from '../clock';
import type { HostAnswer } from '../host';
import { canFailOver } from './account-view';
import { startStorageOperation } from './async-operations';
import { accountPath, findAccount, refuseWhenBusy, storageVersions } from './find-account';
import { isGeo, replicationOf, statusesOf } from './replication';

/** "The time it takes to fail over can vary though typically it takes less than one hour." In Azure milliseconds. */
const FAILOVER = HOUR;

/** Customer-managed failover, planned and unplanned (StorageAccounts_Failover). */
export const failoverRoutes: readonly Route[] = [
  {
    operation: 'StorageAccounts_Failover',
    method: 'POST',
    path: `${accountPath}/failover`,
    apiVersions: storageVersions,
    handler: failover,
  },
];

function failover(call: Call): HostAnswer {
  const { world, request } = call;
  const account = findAccount(call);
  const wanted = request.query.get('failoverType');
  if (wanted !== null && wanted !== 'Planned') {
    throw new AzureError(
      400,
      'InvalidValuesForRequestParameters',
      `Values for request parameters are invalid: failoverType.`,
    );
  }
  if (!isGeo(account.sku)) {
    throw new AzureError(400, 'InvalidAccountType', `The AccountType ${account.sku} is invalid.`);
  }
  refuseWhenBusy(account);
  if (replicationOf(world, account)?.lastSync == null || !canFailOver(world, account)) {
    throw new AzureError(
      409,
      'LastSyncTimeUnavailable',
      `Last sync time is unavailable for account ${account.name}`,
    );
  }
  const planned = wanted === 'Planned';
  if (planned && statusesOf(world, account).primary !== 'available') {
    throw new AzureError(
      409,
      'PlannedFailoverNotAllowed',
      `Planned failover is not allowed for account ${account.name} because its primary endpoints are unavailable.`,
    );
  }
  account.failoverInProgress = true;
  return startStorageOperation(call, {
    name: 'FailoverStorageAccount',
    friendlyName: 'Fail over storage account',
    // The region that takes over does the work: the other may be down.
    location: account.secondaryLocation ?? account.primaryLocation,
    duration: FAILOVER,
    effect: { type: 'storage.failedOver', account: account.name, planned },
    endsIn: 'nothing',
  });
}

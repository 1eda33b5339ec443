import { type Call, param, type Route } from '../arm/route';
import { AzureError } from '../azure-error';
import { SECOND } from '../clock';
import type { HostAnswer } from '../host';
import { at, textAt, textsAt } from '../json';
import { sameName } from '../resource-id';
import { refuseWhenDown } from '../sql/servers';
import { timeStamp } from '../world';
import type { StorageAccount } from './account';
import { accountView, lastSyncIsUnknown } from './account-view';
import { startStorageOperation } from './async-operations';
import {
  accountIn,
  accountNamed,
  accountPath,
  accountsPath,
  storageVersions as apiVersions,
  findAccount,
  refuseWhenBusy,
} from './find-account';
import { newKey } from './keys';
import { isGeo, pairOf, replicationOf, setRedundancy } from './replication';

/** How long it takes to make an account. In Azure milliseconds. */
const CREATION = 25 * SECOND;

const provider = '/subscriptions/{subscriptionId}/providers/Microsoft.Storage';
const skus = ['LRS', 'ZRS', 'GRS', 'RAGRS', 'GZRS', 'RAGZRS'].map((name) => `Standard_${name}`);

/** Storage accounts (Microsoft.Storage 2023-05-01, StorageAccounts). */
export const accountRoutes: readonly Route[] = [
  {
    operation: 'StorageAccounts_CheckNameAvailability',
    method: 'POST',
    path: `${provider}/checkNameAvailability`,
    apiVersions,
    handler: checkName,
  },
  {
    operation: 'StorageAccounts_List',
    method: 'GET',
    path: `${provider}/storageAccounts`,
    apiVersions,
    handler: (call) => list(call, () => true),
  },
  {
    operation: 'StorageAccounts_ListByResourceGroup',
    method: 'GET',
    path: accountsPath,
    apiVersions,
    handler: (call) =>
      list(call, ({ resourceGroup }) => sameName(resourceGroup, param(call, 'resourceGroupName'))),
  },
  { operation: 'StorageAccounts_GetProperties', method: 'GET', path: accountPath, apiVersions, handler: get },
  { operation: 'StorageAccounts_Create', method: 'PUT', path: accountPath, apiVersions, handler: create },
  { operation: 'StorageAccounts_Update', method: 'PATCH', path: accountPath, apiVersions, handler: update },
  { operation: 'StorageAccounts_Delete', method: 'DELETE', path: accountPath, apiVersions, handler: remove },
];

function list(call: Call, wanted: (account: StorageAccount) => boolean): HostAnswer {
  const value = Object.values(call.world.state.storageAccounts)
    .filter(wanted)
    .map((account) => accountView(call.world, account, false));
  return { status: 200, body: { value } };
}

function get(call: Call): HostAnswer {
  const { world, request } = call;
  const account = findAccount(call);
  const expanded = request.query.get('$expand') === 'geoReplicationStats';
  if (expanded && !isGeo(account.sku)) {
    throw new AzureError(400, 'InvalidAccountType', `The AccountType ${account.sku} is invalid.`);
  }
  if (expanded && (lastSyncIsUnknown(world, account) || replicationOf(world, account) === null)) {
    throw new AzureError(
      409,
      'LastSyncTimeUnavailable',
      `Last sync time is unavailable for account ${account.name}`,
    );
  }
  return { status: 200, body: accountView(world, account, expanded) };
}

const isName = (name: string): boolean => /^[a-z0-9]{3,24}$/.test(name);

const invalidName = (name: string): string =>
  `${name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.`;

function checkName(call: Call): HostAnswer {
  const name = textAt(call.request.body, 'name') ?? '';
  if (!isName(name)) {
    const body = { nameAvailable: false, reason: 'AccountNameInvalid', message: invalidName(name) };
    return { status: 200, body };
  }
  if (accountNamed(call.world, name) !== undefined) {
    const message = `The storage account named ${name} is already taken.`;
    return { status: 200, body: { nameAvailable: false, reason: 'AlreadyExists', message } };
  }
  return { status: 200, body: { nameAvailable: true } };
}

function create(call: Call): HostAnswer {
  const { world, request } = call;
  const name = param(call, 'accountName');
  const sku = wantedSku(request.body);
  const location = textAt(request.body, 'location')?.toLowerCase().replaceAll(' ', '') ?? '';
  if (!isName(name)) {
    throw new AzureError(400, 'AccountNameInvalid', invalidName(name));
  }
  if (sku === undefined || textAt(request.body, 'kind') === undefined || location === '') {
    throw new AzureError(
      400,
      'InvalidRequestContent',
      "The request content was invalid: 'sku', 'kind' and 'location' are required.",
    );
  }
  const existing = accountIn(call);
  if (existing !== undefined) {
    return recreate(call, existing, location);
  }
  if (accountNamed(world, name) !== undefined) {
    throw new AzureError(
      409,
      'StorageAccountAlreadyTaken',
      `The storage account named ${name} is already taken.`,
    );
  }
  const pair = pairOf(location);
  if (pair === undefined) {
    throw new AzureError(
      400,
      'LocationNotAvailableForResourceType',
      `The provided location '${location}' is not available for resource type 'Microsoft.Storage/storageAccounts'.`,
    );
  }
  refuseWhenDown(world, location, 'Microsoft.Storage');
  const created = timeStamp(world);
  const account: StorageAccount = {
    ...{ name, resourceGroup: param(call, 'resourceGroupName'), location, created, sku },
    kind: textAt(request.body, 'kind') ?? 'StorageV2',
    minimumTlsVersion: textAt(request.body, 'properties', 'minimumTlsVersion') ?? 'TLS1_0',
    allowBlobPublicAccess: at(request.body, 'properties', 'allowBlobPublicAccess') === true,
    tags: textsAt(request.body, 'tags') ?? {},
    ...{ primaryLocation: location, secondaryLocation: isGeo(sku) ? pair : null, state: 'Creating' },
    keys: [newKey(world), newKey(world)],
    keysCreated: [created, created],
    lagMs: 60_000,
    ...{ copying: null, geoSince: isGeo(sku) ? created : null, lastFailover: null },
    ...{ failoverInProgress: false, outageSince: null, queues: {}, containers: [] },
  };
  world.state.storageAccounts[name.toLowerCase()] = account;
  return startStorageOperation(call, {
    ...{ name: 'CreateStorageAccount', friendlyName: 'Create storage account', location },
    ...{ duration: CREATION, endsIn: 'resource' },
    effect: { type: 'storage.created', account: name },
  });
}

/** A second PUT of the same account changes what may change; the region may not. */
function recreate(call: Call, existing: StorageAccount, location: string): HostAnswer {
  if (existing.location !== location) {
    throw new AzureError(
      409,
      'AccountPropertyCannotBeUpdated',
      `The property 'location' was specified in the input, but it cannot be updated.`,
    );
  }
  return update(call);
}

function update(call: Call): HostAnswer {
  const { world, request } = call;
  const account = findAccount(call, 'managed');
  refuseWhenBusy(account);
  const sku = at(request.body, 'sku') === undefined ? account.sku : wantedSku(request.body);
  if (sku === undefined) {
    throw new AzureError(
      400,
      'InvalidValuesForRequestParameters',
      'Values for request parameters are invalid: sku.',
    );
  }
  if (zonal(sku) !== zonal(account.sku)) {
    throw new AzureError(
      400,
      'SkuConversionNotSupported',
      `Updating the SKU from ${account.sku} to ${sku} is not supported. Request a conversion instead.`,
    );
  }
  const pair = pairOf(account.primaryLocation) ?? account.primaryLocation;
  if (isGeo(sku) && !isGeo(account.sku)) {
    refuseWhenDown(world, pair, 'Microsoft.Storage');
  }
  if (sku !== account.sku) {
    setRedundancy(world, account, sku);
  }
  account.tags = textsAt(request.body, 'tags') ?? account.tags;
  return { status: 200, body: accountView(world, account, false) };
}

const zonal = (sku: string): boolean => sku.endsWith('ZRS');

function wantedSku(body: unknown): string | undefined {
  const wanted = textAt(body, 'sku', 'name');
  return wanted !== undefined && skus.includes(wanted) ? wanted : undefined;
}

function remove(call: Call): HostAnswer {
  const account = accountIn(call);
  if (account === undefined) {
    return { status: 204 };
  }
  refuseWhenBusy(findAccount(call, 'managed'));
  delete call.world.state.storageAccounts[account.name.toLowerCase()];
  return { status: 200 };
}

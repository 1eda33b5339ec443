import { createHash } from 'node:crypto';
import type { Call, Route } from '../arm/route';
import { AzureError } from '../azure-error';
import type { HostAnswer } from '../host';
import { textAt } from '../json';
import { newId, timeStamp, type World } from '../world';
import type { StorageAccount } from './account';
import { accountPath, findAccount, refuseWhenBusy, storageVersions } from './find-account';

/** The two keys of an account (StorageAccounts_ListKeys, StorageAccounts_RegenerateKey). */
export const keyRoutes: readonly Route[] = [
  {
    operation: 'StorageAccounts_ListKeys',
    method: 'POST',
    path: `${accountPath}/listKeys`,
    apiVersions: storageVersions,
    handler: (call) => ({ status: 200, body: keysView(findAccount(call, 'managed')) }),
  },
  {
    operation: 'StorageAccounts_RegenerateKey',
    method: 'POST',
    path: `${accountPath}/regenerateKey`,
    apiVersions: storageVersions,
    handler: regenerate,
  },
];

/** A key: 64 bytes that depend only on the seed and on how many were made, so that runs repeat. */
export const newKey = (world: Pick<World, 'state'>): string =>
  createHash('sha512')
    .update(`storage key ${newId(world.state)}`)
    .digest('base64');

function regenerate(call: Call): HostAnswer {
  const account = findAccount(call, 'managed');
  refuseWhenBusy(account);
  const wanted = textAt(call.request.body, 'keyName');
  const [key1, key2] = account.keys;
  const [made1, made2] = account.keysCreated;
  const [fresh, time] = [newKey(call.world), timeStamp(call.world)];
  switch (wanted) {
    case 'key1':
      account.keys = [fresh, key2];
      account.keysCreated = [time, made2];
      break;
    case 'key2':
      account.keys = [key1, fresh];
      account.keysCreated = [made1, time];
      break;
    default:
      throw new AzureError(
        400,
        'InvalidValuesForRequestParameters',
        'Values for request parameters are invalid: keyName.',
      );
  }
  return { status: 200, body: keysView(account) };
}

const keysView = ({ keys, keysCreated }: StorageAccount) => ({
  keys: keys.map((value, index) => ({
    keyName: `key${index + 1}`,
    value,
    permissions: 'Full',
    creationTime: keysCreated[index],
  })),
});

import type { StorageAccount as SdkAccount } from '@azure/arm-storage';
import { armStorage } from '../clients';
import type { Connection } from '../connection';
import { type LongRunning, longRunning } from '../handler';
import { lookWithTrace } from '../look-with-trace';
import { modularPoller } from '../modular-poller';
import { notBefore } from '../not-before';
import type { Look, OperationHandler, OperationOf, Sent } from '../operation';
import { observedProblem } from '../problem';
import { sameName, storageAccountId } from '../resource-id';
import { accountWords, storageAccount } from './account';

type CreateAccount = OperationOf<'storage.create-account'>;

/** StorageAccounts_Create. No blob of it is public, whatever the one before allowed. */
export function createAccount(azure: Connection): OperationHandler<CreateAccount> {
  const one: LongRunning<CreateAccount, null, SdkAccount> = {
    rest: ({ account, location, sku }) => `PUT …/storageAccounts/${account.account} (${sku}, ${location})`,
    target: ({ account }) => account.account,
    words: ({ account }) => ({ doing: 'Making', resource: accountWords(account) }),
    look: (operation, sent) => {
      const { account } = operation;
      const traced = {
        subscriptionId: account.subscriptionId,
        resourceId: storageAccountId(account),
        action: 'Microsoft.Storage/storageAccounts/write',
      };
      return lookWithTrace(azure, traced, account.account, sent, () => effectOf(azure, operation, sent));
    },
    prepare: () => Promise.resolve(null),
    send: ({ account, location, sku, kind, minimumTlsVersion, tags }, _, options) => {
      const { storage } = azure.clients(account.subscriptionId);
      const { create } = storage.storageAccounts;
      const wanted = {
        ...{ location, sku: { name: sku }, kind, tags, minimumTlsVersion },
        ...{ allowBlobPublicAccess: false, enableHttpsTrafficOnly: true },
      };
      return modularPoller<SdkAccount>(
        {
          begin: (request) => create(account.resourceGroup, account.account, wanted, request),
          restore: (token, request) => armStorage().restorePoller(storage, token, create, request),
        },
        options,
      );
    },
    facts: ({ account, location }) => Promise.resolve({ account: account.account, region: location }),
    percent: () => Promise.resolve(null),
  };
  return longRunning(azure, one);
}

/** Whether the account is there and ours: one that is older than our intent is somebody else's. */
async function effectOf(
  azure: Connection,
  { account, location }: CreateAccount,
  sent: Sent,
): Promise<Look | null> {
  const found = await storageAccount(azure, account);
  if (!found) return null;
  if (!sameName(found.location, location) || !notBefore(found.createdAt, sent.intendedAt)) {
    const said = `"${account.account}" in ${account.resourceGroup} is another storage account, made ${found.createdAt?.toISOString() ?? 'at an unknown time'} in ${found.location}. Nothing was changed. Delete it if it is not needed, then retry.`;
    return { state: 'blocked', problem: observedProblem('NameTaken', said) };
  }
  return found.state === 'Succeeded'
    ? { state: 'done', facts: { account: account.account, region: found.location } }
    : { state: 'under way', percent: null };
}

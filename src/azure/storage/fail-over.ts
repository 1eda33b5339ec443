import { armStorage } from '../clients';
import type { Connection } from '../connection';
import { type LongRunning, longRunning } from '../handler';
import { lookWithTrace } from '../look-with-trace';
import { modularPoller } from '../modular-poller';
import type { Look, OperationHandler, OperationOf } from '../operation';
import { observedProblem } from '../problem';
import { sameName, storageAccountId } from '../resource-id';
import { accountWords, storageAccount } from './account';

type FailOver = OperationOf<'storage.fail-over'>;

/** StorageAccounts_Failover: the account keeps its address and keys, and its data is served from the other region. */
export function failOver(azure: Connection): OperationHandler<FailOver> {
  const one: LongRunning<FailOver, null, void> = {
    rest: ({ account, how }) =>
      `POST …/storageAccounts/${account.account}/failover${how === 'planned' ? '?failoverType=Planned' : ''}`,
    target: ({ account }) => account.account,
    words: ({ account, to }) => ({ doing: `Failing over to ${to}`, resource: accountWords(account) }),
    look: (operation, sent) => {
      const { account } = operation;
      const traced = {
        subscriptionId: account.subscriptionId,
        resourceId: storageAccountId(account),
        action: 'Microsoft.Storage/storageAccounts/failover/action',
      };
      return lookWithTrace(azure, traced, account.account, sent, () => effectOf(azure, operation));
    },
    // A planned one that is asked for twice moves the account, and then moves it back.
    harmfulLate: () => true,
    prepare: () => Promise.resolve(null),
    send: ({ account: { subscriptionId, resourceGroup, account }, how }, _, options) => {
      const { storage } = azure.clients(subscriptionId);
      const { failover } = storage.storageAccounts;
      return modularPoller<void>(
        {
          begin: (request) =>
            failover(resourceGroup, account, {
              ...request,
              ...(how === 'planned' ? { failoverType: 'Planned' } : {}),
            }),
          restore: (token, request) => armStorage().restorePoller(storage, token, failover, request),
        },
        options,
      );
    },
    facts: async ({ account }) => {
      const found = await storageAccount(azure, account);
      return { region: found?.primaryLocation ?? null, redundancy: found?.sku ?? null };
    },
    percent: () => Promise.resolve(null),
  };
  return longRunning(azure, one);
}

/** What the account shows: its primary region tells whether it has happened. Null: nothing has. */
async function effectOf(azure: Connection, { account, from, to }: FailOver): Promise<Look | null> {
  const found = await storageAccount(azure, account);
  if (!found) {
    return blocked(
      'AccountNotFound',
      `There is no storage account "${account.account}" in ${account.resourceGroup}, so it cannot be failed over. Replace it instead.`,
    );
  }
  if (found.failoverInProgress) return { state: 'under way', percent: null };
  if (sameName(found.primaryLocation, to)) {
    return { state: 'done', facts: { region: found.primaryLocation, redundancy: found.sku } };
  }
  if (!sameName(found.primaryLocation, from)) {
    return blocked(
      'PrimaryMoved',
      `The primary region of "${account.account}" is ${found.primaryLocation}, and the plan was made for ${from}: somebody has failed it over meanwhile. Nothing was changed. Look at the account in the Azure portal before going on.`,
    );
  }
  return null;
}

const blocked = (code: string, said: string): Look => ({
  state: 'blocked',
  problem: observedProblem(code, said),
});

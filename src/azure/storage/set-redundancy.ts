import type { Connection } from '../connection';
import { type Look, lookToken, type OperationHandler, type OperationOf } from '../operation';
import { pollByLooking } from '../poll-by-looking';
import { observedProblem } from '../problem';
import { sameName } from '../resource-id';
import { accountWords, isGeoRedundant, storageAccount } from './account';

type SetRedundancy = OperationOf<'storage.set-redundancy'>;

/**
 * StorageAccounts_Update of the SKU. Azure answers at once and then copies everything to the second region; it is done
 * when that copy is complete, since there is nothing to fail over to before.
 */
export function setRedundancy(azure: Connection): OperationHandler<SetRedundancy> {
  const target = ({ account }: SetRedundancy) => account.account;
  const look = (operation: SetRedundancy) => lookAt(azure, operation);
  return {
    rest: ({ account, sku }) => `PATCH …/storageAccounts/${account.account} (sku ${sku})`,
    target,
    look,
    begin: async ({ account, sku }, sent) => {
      const { storage } = azure.clients(account.subscriptionId);
      const words = { doing: `Changing the redundancy to ${sku} of`, resource: accountWords(account) };
      await azure.call(words, (abortSignal) =>
        storage.storageAccounts.update(
          account.resourceGroup,
          account.account,
          { sku: { name: sku } },
          { abortSignal, requestOptions: { headers: { 'x-ms-client-request-id': sent.requestId } } },
        ),
      );
      return isGeoRedundant(sku)
        ? { state: 'accepted', token: lookToken }
        : { state: 'done', facts: { redundancy: sku } };
    },
    poll: (operation) => pollByLooking(operation, target(operation), look),
  };
}

async function lookAt(azure: Connection, { account, sku }: SetRedundancy): Promise<Look> {
  const found = await storageAccount(azure, account);
  if (!found) {
    const said = `There is no storage account "${account.account}" in ${account.resourceGroup}. Nothing was changed.`;
    return { state: 'blocked', problem: observedProblem('AccountNotFound', said) };
  }
  if (!sameName(found.sku, sku)) return { state: 'absent' };
  const facts = { redundancy: found.sku, secondary: found.secondaryLocation };
  if (!isGeoRedundant(sku) || found.replication?.status === 'Live') return { state: 'done', facts };
  if (found.replication?.status !== 'Unavailable') return { state: 'under way', percent: null };
  const said = `"${account.account}" is ${sku} now, but ${found.secondaryLocation ?? 'its second region'} does not answer, so nothing is copied there yet. Azure goes on by itself when the region is back: retry then, or leave this out.`;
  return { state: 'blocked', problem: observedProblem('SecondaryUnavailable', said) };
}

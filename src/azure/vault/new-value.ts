import type { Connection } from '../connection';
import { passwordFor } from '../graph/passwords';
import { observedProblem } from '../problem';
import type { StorageAccountRef } from '../refs';
import type { SecretSource } from './operations';

/** A new value from where the bot itself can have it. It is for the vault alone: do not keep or show it. @throws AzureProblem. */
export function newValue(
  azure: Connection,
  source: Exclude<SecretSource, { from: 'entered' }>,
  mark: string,
): Promise<string> {
  switch (source.from) {
    case 'storage-key':
      return connectionString(azure, source.account);
    case 'entra-password':
      return passwordFor(azure, source.application, mark);
  }
}

/** StorageAccounts_ListKeys: the connection string with the first key, as the portal writes it. */
async function connectionString(azure: Connection, ref: StorageAccountRef): Promise<string> {
  const { storage } = azure.clients(ref.subscriptionId);
  const words = { doing: 'Reading the keys of', resource: `storage account ${ref.account}` };
  const { keys = [] } = await azure.call(words, (abortSignal) =>
    storage.storageAccounts.listKeys(ref.resourceGroup, ref.account, { abortSignal }),
  );
  const value = keys.find(({ keyName }) => keyName === 'key1')?.value ?? keys[0]?.value;
  if (value === undefined) {
    throw observedProblem(
      'NoStorageKey',
      `Storage account ${ref.account} has no key that the bot may read. Allow access by account key on it, or set the secret by hand.`,
    );
  }
  return `DefaultEndpointsProtocol=https;AccountName=${ref.account};AccountKey=${value};EndpointSuffix=core.windows.net`;
}

import type { SiteProcess } from '../state';
import type { Queue, StorageAccount } from '../storage/account';
import { accountNamed } from '../storage/find-account';
import { queueMade } from '../storage/queues';
import { primaryDownSince } from '../storage/replication';
import type { World } from '../world';
import { setting } from './app-database';

/** The queue that the app hands its packaging jobs to; it makes it when it is not there. */
const PACKAGING_QUEUE = 'winget-packaging';

/** The account and the queue that the app's connection string leads to now, or the error its storage client would report. */
export function connectStorage(
  world: World,
  process: SiteProcess,
): { readonly account: StorageAccount; readonly queue: Queue } | string {
  const text = setting(process, 'StorageConnectionString');
  const name = /AccountName=([^;]+)/i.exec(text)?.[1] ?? '';
  const key = /AccountKey=([^;]+)/i.exec(text)?.[1];
  const account = accountNamed(world, name);
  if (account === undefined) {
    return `Name or service not known (${name}.queue.core.windows.net:443).`;
  }
  if (account.state === 'Creating' || primaryDownSince(world, account) !== null) {
    return `The storage account '${account.name}' does not answer.`;
  }
  if (key === undefined || !account.keys.includes(key)) {
    return `The storage account '${account.name}' refused the key: Server failed to authenticate the request.`;
  }
  return { account, queue: queueMade(account, PACKAGING_QUEUE) };
}

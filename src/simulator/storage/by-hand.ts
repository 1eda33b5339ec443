import type { World } from '../world';
import type { StorageAccount } from './account';
import { accountNamed } from './find-account';
import { putMessage, queueMade } from './queues';

/** What can be done to storage accounts by hand, which no Azure client can do. */
export interface StorageByHand {
  /** The storage service of one account in its primary region stops answering; Resource Manager still knows it. */
  readonly down: (account: string) => void;
  readonly up: (account: string) => void;
  /** Puts a message into a queue of an account, as the app does. */
  readonly putMessage: (account: string, queue: string, text: string) => void;
}

/** Does it, each as one `change` of the state. Throws a TypeError for an account that is not there. */
export function storageByHand(world: World, change: (act: () => void) => void): StorageByHand {
  const known = (name: string): StorageAccount => {
    const account = accountNamed(world, name);
    if (account === undefined) {
      throw new TypeError(`There is no storage account "${name}".`);
    }
    return account;
  };
  return {
    down: (name) =>
      change(() => {
        known(name).outageSince ??= world.now().toISOString();
      }),
    up: (name) =>
      change(() => {
        known(name).outageSince = null;
      }),
    putMessage: (name, queue, text) =>
      change(() => {
        putMessage(world, queueMade(known(name), queue), text);
      }),
  };
}

import type { World } from '../world';
import type { StorageAccount } from './account';
import { accountNamed } from './find-account';
import { putMessage, queueMade, queueNamed, waitingIn } from './queues';

/** What can be done to storage accounts by hand, which no Azure client can do. */
export interface StorageByHand {
  /** The storage service of one account in its primary region stops answering; Resource Manager still knows it. */
  readonly down: (account: string) => void;
  readonly up: (account: string) => void;
  /** Puts a message into a queue of an account, as the app does. */
  readonly putMessage: (account: string, queue: string, text: string) => void;
  /** The texts that wait in a queue, oldest first. */
  readonly messages: (account: string, queue: string) => readonly string[];
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
    messages: (name, wanted) => {
      const queue = queueNamed(known(name), wanted);
      return queue === undefined ? [] : waitingIn(queue).map(({ text }) => text);
    },
  };
}

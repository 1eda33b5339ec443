import { newId, timeStamp, type World } from '../world';
import type { Queue, StorageAccount } from './account';

/** The queue of that name in an account, or undefined. */
export const queueNamed = (account: StorageAccount, name: string): Queue | undefined =>
  account.queues[name.toLowerCase()];

/** The queue of that name, made when it is not there, as clients do when they start (`CreateIfNotExists`). */
export function queueMade(account: StorageAccount, name: string): Queue {
  const made = queueNamed(account, name) ?? { name, messages: [] };
  account.queues[name.toLowerCase()] = made;
  return made;
}

/** What waits in a queue, oldest first. */
export const waitingIn = (queue: Queue) => queue.messages.filter(({ deleted }) => deleted === undefined);

/** Puts a message into a queue and gives its id. */
export function putMessage(world: World, queue: Queue, text: string): string {
  const id = newId(world.state);
  queue.messages = [...queue.messages, { id, text, inserted: timeStamp(world) }];
  return id;
}

/** Takes a message out of a queue; false when it is not in it. */
export function deleteMessage(world: World, queue: Queue, id: string): boolean {
  const there = waitingIn(queue).some((message) => message.id === id);
  queue.messages = queue.messages.map((message) =>
    message.id === id ? { ...message, deleted: message.deleted ?? timeStamp(world) } : message,
  );
  return there;
}

import type { StorageAccount } from '../../azure/storage/account';
import type { WaitingQueue } from '../../azure/storage/waiting';
import type { CompileContext } from '../../engine/runbook';
import type { Plan } from '../../incidents/plan';
import type { Replacement } from './replace-stages';
import { redundancyWords } from './storage-words';

/** What a replacement loses: a new account is empty, and nobody can count what was in the old one. */
export const replaceLoss = (
  old: StorageAccount | null,
  name: string,
  waiting: readonly WaitingQueue[] | null,
): Plan['loss'] => ({
  ...{ minutes: null, from: null, settledBy: null },
  words: old
    ? `Nothing is deleted, and nothing is copied: the new account begins empty. ${waitingWords(name, waiting)} What is in it is not worked on and not seen until somebody brings it over.`
    : `${name} is gone with everything in it: packaging jobs that waited in its queue, and package blobs. How much that was is not known.`,
});

/** What waits in the old account's queues, as far as Azure can count it. */
function waitingWords(name: string, waiting: readonly WaitingQueue[] | null): string {
  if (waiting === null) return `How many packaging jobs wait in ${name} cannot be counted now.`;
  const queues = waiting.filter(({ messages }) => messages > 0);
  if (queues.length === 0) return `No packaging jobs wait in ${name}; there may be some by the switch.`;
  const each = queues.map(({ queue, messages }) => `${messages} in ${queue}`).join(', ');
  return `Packaging jobs that wait in ${name}: about ${each}.`;
}

/** What people must know before they say yes to a replacement. */
export function replaceNotices(
  old: StorageAccount | null,
  { fresh, region, like, secret, settings }: Replacement,
  { app }: CompileContext,
): string[] {
  return [
    'The new account is empty: packaging jobs in flight must be put into the queue again.',
    `The connection string goes from Azure Storage straight into ${app.vault.vault}, as a new version of ${secret}. Nobody sees it.`,
    ...(old?.primaryAnswers
      ? [
          `${old.name} answers. If only its keys were made anew, a new connection string to it is enough: "@dr recover secret ${secret}", with a new value.`,
        ]
      : []),
    ...(settings.length === 0
      ? [
          `No setting of ${app.webApp.app} refers to ${secret}: the app must read the vault by itself, or it will not find the new account.`,
        ]
      : []),
    ...(old?.restricted
      ? [
          `${old.name} lets in only chosen networks. The new account lets in all that have its key, until the same rules are set on it.`,
        ]
      : []),
    ...(region === app.primaryRegion
      ? []
      : [`The app is in ${app.primaryRegion} and reaches its storage in ${region} more slowly.`]),
    `${fresh.account} is ${redundancyWords(like.sku)}; its copy in a second region begins at once.`,
  ];
}

/** What to do once the app is green on its new account. */
export function replaceAfterwards(
  old: StorageAccount | null,
  { fresh }: Replacement,
  { app }: CompileContext,
): string[] {
  return [
    `Change the estate file: storageAccount: ${fresh.account}. Until then the bot looks after ${app.storage.account}.`,
    'Put the packaging jobs that were in flight into the queue again.',
    ...(old
      ? [
          `${app.storage.account} is kept, and costs on. Bring over what is needed from it, then delete it by hand.`,
        ]
      : []),
    ...(old?.restricted ? [`Set the network rules of ${app.storage.account} on ${fresh.account}.`] : []),
    `Give whoever else uses ${app.storage.account} (alerts, backups, dashboards) the new name.`,
  ];
}

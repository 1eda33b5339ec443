import type { Connection } from '../connection';
import type { StorageAccountRef } from '../refs';
import type { DataPlane } from './data-plane';

/** A queue and how many messages wait in it; Azure counts them approximately. */
export interface WaitingQueue {
  readonly queue: string;
  readonly messages: number;
}

/** More queues than this are not counted: an app has a few. */
const MOST = 20;

/**
 * How much waits in the queues of an account (List Queues, Get Queue Metadata). Null when it cannot be counted, for
 * whatever reason: that is unknown, and not none.
 */
export async function waiting(
  azure: Connection,
  ask: DataPlane,
  { account }: StorageAccountRef,
): Promise<readonly WaitingQueue[] | null> {
  try {
    const list = await ask.get('queue', account, `/?comp=list&maxresults=${MOST}`);
    if (list.status !== 200) return null;
    // Names of queues are lower-case letters, numbers and dashes: there is nothing to unescape.
    const names = [...(list.bodyAsText ?? '').matchAll(/<Name>([a-z0-9-]+)<\/Name>/g)].map(
      ([, name = '']) => name,
    );
    return await Promise.all(names.map((queue) => counted(ask, account, queue)));
  } catch (error) {
    azure.log(
      `The queues of ${account} could not be counted: ${error instanceof Error ? error.message : String(error)}`,
    );
    return null;
  }
}

async function counted(ask: DataPlane, account: string, queue: string): Promise<WaitingQueue> {
  const { status, headers } = await ask.get('queue', account, `/${queue}?comp=metadata`);
  const messages = Number(headers.get('x-ms-approximate-messages-count') ?? Number.NaN);
  if (status !== 200 || !Number.isFinite(messages))
    throw new Error(`Get Queue Metadata of "${queue}" answered HTTP ${status}.`);
  return { queue, messages };
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Activity } from 'botbuilder';
import type { Connector, Landed, Sent } from './connector';
import type { Governor } from './governor';
import { withoutThread } from './incoming';
import type { Reference } from './references';

/** How long nothing goes to a conversation that Teams refused a message for, when it does not say, in milliseconds. */
const PAUSE_MS = 2_000;

/**
 * Posts past the outbox and within Teams' limits: waits for its turn, and tries again what Teams did not take, for as
 * long as it is wanted. Gives what came of the last try; null when it was not wanted before its turn came.
 */
export async function postPaced(
  {
    connector,
    governor,
    now,
  }: {
    readonly connector: Pick<Connector, 'post'>;
    readonly governor: Governor;
    readonly now: () => Date;
  },
  {
    to,
    conversation,
    message,
  }: { readonly to: Reference; readonly conversation: string; readonly message: Partial<Activity> },
  isWanted: () => boolean,
): Promise<Sent<Landed> | null> {
  const top = withoutThread(conversation);
  let last: Sent<Landed> | null = null;
  while (isWanted()) {
    const wait = governor.ask(top, 'new');
    if (wait > 0) {
      await sleep(Math.min(wait, PAUSE_MS), undefined, { ref: false });
      continue;
    }
    last = await connector.post(to, conversation, message).finally(() => governor.ended(top));
    if (last.kind !== 'not sent') return last;
    governor.holdUntil(top, now().getTime() + (last.retryAfterMs ?? PAUSE_MS));
  }
  return last;
}

import type { Azure } from '../azure/azure';
import {
  AzureProblem,
  lookToken,
  type Operation,
  type OperationHandler,
  type Polled,
  type Sent,
} from '../azure/operation';
import { NotInCharge } from '../fence';
import type { Problem } from '../incidents/event';
import {
  GIVE_UP_AFTER_MS,
  type Patience,
  problemOf,
  type Sending,
  utc,
  waitOut,
  whilePassing,
} from './perform';

/**
 * How long Azure may work on an operation that gets no further before a person is asked, in milliseconds: three times
 * what it normally takes, and half an hour at least, since Azure's own times vary that much.
 */
export const standstillMs = (expectedMinutes: number | null): number =>
  Math.max(30, 3 * (expectedMinutes ?? 20)) * 60_000;

/**
 * Asks about an operation that Azure works on until it is done, has failed, or got no further for `longestMs`: then it
 * is still under way in Azure, and trying again goes on asking about it.
 */
export async function follow(
  azure: Azure,
  change: Operation,
  sent: Sent,
  token: string,
  patience: Patience,
  longestMs: number,
): Promise<Exclude<Sending, { state: 'accepted' }>> {
  const handler = azure.handler(change);
  const startedAt = patience.now().getTime();
  let troubleSince: number | null = null;
  let reached = { percent: -1, at: startedAt };
  for (let attempt = 1; ; attempt++) {
    try {
      const seen = await ask(handler, change, sent, token);
      troubleSince = null;
      if (seen.state === 'done') return { state: 'done', facts: seen.facts, adopted: token === lookToken };
      if (seen.waitsForPerson && (await patience.stopAsked?.()))
        return { state: 'failed', problem: notEntered };
      const now = patience.now().getTime();
      if (seen.waitsForPerson || (seen.percent ?? -1) > reached.percent)
        reached = { percent: seen.percent ?? -1, at: now };
      if (now - reached.at >= longestMs) return { state: 'failed', problem: standstill(now - reached.at) };
      patience.tell(
        seen.percent,
        seen.waitsForPerson ? 'Waiting for somebody to do it' : 'Azure is working on it',
      );
      const left = reached.at + longestMs - now;
      await patience.sleep(Math.min(left, pollAfterMs(now - startedAt, seen.retryAfterMs)));
      if ((seen.retryAfterMs ?? 0) > left)
        return { state: 'failed', problem: standstill(longestMs, now + (seen.retryAfterMs ?? 0)) };
    } catch (error) {
      if (error instanceof NotInCharge) throw error;
      troubleSince ??= patience.now().getTime();
      // What Azure is at work on is followed to its end, also when somebody asks to stop: no run is over before.
      const given = await waitOut(error, attempt, troubleSince + GIVE_UP_AFTER_MS, withoutStop(patience));
      if (given) return { state: 'failed', problem: problemOf(given) };
    }
  }
}

/**
 * Waits until Azure is no longer at work on an operation that did not end well here, however it ends there; null then.
 * Else why that cannot be said: it got no further for `longestMs`, or Azure cannot be asked.
 */
export async function untilSettled(
  azure: Azure,
  change: Operation,
  sent: Sent,
  patience: Patience,
  longestMs: number,
): Promise<Problem | null> {
  const handler = azure.handler(change);
  const target = handler.target(change);
  const startedAt = patience.now().getTime();
  let reached = { percent: -1, at: startedAt };
  try {
    for (;;) {
      const seen = await whilePassing(() => handler.look(change, sent), GIVE_UP_AFTER_MS, patience);
      if (seen.state !== 'under way') return null;
      const now = patience.now().getTime();
      if ((seen.percent ?? -1) > reached.percent) reached = { percent: seen.percent ?? -1, at: now };
      if (now - reached.at >= longestMs) return stillAtWork(target, now - reached.at);
      patience.tell(
        seen.percent,
        `Azure is still at work on ${target}; when that has ended it is taken back`,
      );
      await patience.sleep(pollAfterMs(now - startedAt, null));
    }
  } catch (error) {
    return problemOf(error);
  }
}

/** What is to be taken back has not ended. */
const stillAtWork = (target: string, ms: number): Problem => ({
  ...{ code: 'StillAtWork', status: null, detail: '' },
  what: `Azure is still at work on ${target}, so this can't be taken back before it ends. It has got no further for ${minutes(ms)}. Retry goes on waiting for it; whether Azure has trouble is shown under Service Health in the portal.`,
});

const minutes = (ms: number): string => `${Math.round(ms / 60_000)} minutes`;

/** Why a step ends that waited for a person when the run was stopped. What that person had just sent may arrive later. */
const notEntered: Problem = {
  ...{ code: 'StoppedWaiting', status: null, detail: '' },
  what: 'The run was stopped before this was seen to be done. What somebody was sending at that moment may still arrive.',
};

const withoutStop = ({ now, sleep, tell }: Patience): Patience => ({ now, sleep, tell });

/** Azure neither ends an operation nor gets on with it. */
const standstill = (ms: number, askAgainAt: number | null = null): Problem => ({
  ...{ code: 'NoProgress', status: null, detail: '' },
  what: [
    `Azure has accepted this and works on it, but has got no further for ${minutes(ms)}. It may still end.`,
    askAgainAt === null ? '' : ` Azure asks not to be asked about it before ${utc(askAgainAt)}.`,
    ' Retry goes on waiting for it, and so does Undo before it takes anything back; whether Azure has trouble is shown under Service Health in the portal.',
  ].join(''),
});

async function ask(
  handler: OperationHandler<Operation>,
  change: Operation,
  sent: Sent,
  token: string,
): Promise<Polled> {
  if (token !== lookToken) return handler.poll(change, token);
  const seen = await handler.look(change, { ...sent, resumed: true });
  if (seen.state === 'blocked') throw seen.problem;
  if (seen.state === 'absent') {
    throw new AzureProblem('Azure had started this, and now shows nothing of it.', {
      ...{ code: 'Vanished', status: null, passing: false, unknownOutcome: false },
      ...{ retryAfterMs: null, correlationId: null },
    });
  }
  return seen.state === 'done' ? seen : { ...seen, retryAfterMs: null };
}

/**
 * How long to wait before asking Azure again: what it said, and where it said nothing so often that asking adds
 * under 2 % to the operation, between a quarter of a second and 15 seconds.
 */
const pollAfterMs = (elapsedMs: number, retryAfterMs: number | null): number =>
  retryAfterMs ?? Math.min(15_000, Math.max(250, elapsedMs * 0.02));

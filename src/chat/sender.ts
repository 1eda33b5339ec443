import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { type Dispatch, post, redraw, type Step } from './dispatch';
import { REMEMBERED_MS } from './governor';
import type { OutboxRow } from './outbox';

/** Carries the outbox into Teams: in order within each conversation, all conversations side by side. */
export interface Sender {
  /** Looks for work now. */
  readonly wake: () => void;
  /** Ends after what is being sent at this moment. */
  readonly stop: () => Promise<void>;
}

/** Between two redraws of calm cards in one conversation, in milliseconds. */
const REDRAW_EVERY_MS = 2_000;

/**
 * Starts sending. Only one process may do so at a time (see `leader.ts`): order and limits are kept in memory, from
 * what the store remembers of the last hour.
 */
export async function startSender(dispatch: Dispatch): Promise<Sender> {
  const { pool, now, log, governor } = dispatch;
  await forget(pool, now());
  const { rows } = await pool.query<{ conversation: string; at: Date }>(
    'select conversation, at from sends order by at',
  );
  governor.remember(rows);
  const stopping = new AbortController();
  const drains = new Map<string, Promise<void>>();
  const wakeUps = new Map<string, () => void>();
  const lastRedraw = new Map<string, number>();

  async function look(): Promise<void> {
    const open = await pool.query<{ conversation: string }>(
      `select distinct conversation from outbox
        where state in ('waiting', 'sending') or (state = 'sent' and shown is distinct from version)`,
    );
    for (const { conversation } of open.rows) {
      wakeUps.get(conversation)?.();
      if (drains.has(conversation) || stopping.signal.aborted) continue;
      const draining = drain(conversation)
        .catch((error: unknown) => log.error({ err: error, conversation }, 'Sending stopped for a moment.'))
        .finally(() => drains.delete(conversation));
      drains.set(conversation, draining);
    }
  }

  async function drain(conversation: string): Promise<void> {
    while (!stopping.signal.aborted) {
      const step = await next(conversation);
      if (!step) return;
      if (step.go === 'later') await pause(conversation, step.ms);
    }
  }

  async function next(conversation: string): Promise<Step | null> {
    const waiting = await first(conversation, `state in ('waiting', 'sending')`, 'position');
    if (waiting) return early(waiting) ?? post(dispatch, waiting);
    const stale = await first(
      conversation,
      `state = 'sent' and activity is not null and shown is distinct from version and
         (not_before is null or not_before <= $2)`,
      `urgency = 'calm', changed_at`,
      now(),
    );
    if (!stale?.activity) return null;
    if (stale.urgency === 'calm') {
      const ms = (lastRedraw.get(conversation) ?? 0) + REDRAW_EVERY_MS - now().getTime();
      if (ms > 0) return { go: 'later', ms };
    }
    const step = await redraw(dispatch, { ...stale, activity: stale.activity });
    if (step.go === 'on' && stale.urgency === 'calm') lastRedraw.set(conversation, now().getTime());
    return step;
  }

  async function first(
    conversation: string,
    which: string,
    order: string,
    at?: Date,
  ): Promise<OutboxRow | undefined> {
    const found = await pool.query<OutboxRow>(
      `select * from outbox where conversation = $1 and ${which} order by ${order} limit 1`,
      at ? [conversation, at] : [conversation],
    );
    return found.rows[0];
  }

  const early = (row: OutboxRow): Step | null => {
    const ms = row.not_before ? row.not_before.getTime() - now().getTime() : 0;
    return ms > 0 ? { go: 'later', ms } : null;
  };

  /** Waits, but no longer than until something new is wanted in this conversation: a redraw must not hold up an entry. */
  async function pause(conversation: string, ms: number): Promise<void> {
    const woken = new AbortController();
    wakeUps.set(conversation, () => woken.abort());
    const signal = AbortSignal.any([stopping.signal, woken.signal]);
    await sleep(Math.min(ms, 60_000), undefined, { signal }).catch(() => undefined);
    wakeUps.delete(conversation);
  }

  let looking = Promise.resolve();
  const wake = () => {
    looking = looking
      .then(look)
      .catch((error: unknown) => log.error({ err: error }, 'The outbox cannot be read.'));
  };
  // What failed to be noticed, and redraws whose time has come.
  const tick = setInterval(wake, 1_000);
  wake();
  return {
    wake,
    stop: async () => {
      clearInterval(tick);
      stopping.abort();
      await looking;
      await Promise.all(drains.values());
    },
  };
}

const DAY_MS = 86_400_000;

/** Leaves behind what can matter no more: sends that no limit counts, letters and buttons of long ago. */
async function forget(pool: Pool, now: Date): Promise<void> {
  const before = (ms: number) => [new Date(now.getTime() - ms)];
  await pool.query('delete from sends where at < $1', before(REMEMBERED_MS));
  await pool.query('delete from inbox where done_at < $1', before(7 * DAY_MS));
  await pool.query('delete from action_tokens where created_at < $1', before(90 * DAY_MS));
}

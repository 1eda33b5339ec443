import type { Pool, PoolClient } from 'pg';
import type { Fence } from '../fence';
import { type Lease, leaseIsOver, startLease } from './lease';

/** What only one process at a time may do. */
export interface Duty {
  /** There may be work. */
  readonly wake: () => void;
  readonly stop: () => Promise<void>;
}

/** A process's candidacy for a duty. */
export interface Candidate {
  /** Ends with the first try to get the duty, got or not. Rejects when it was got and could not be taken up. */
  readonly first: Promise<void>;
  /** Tells whoever has the duty, here or in another process, that there is work. */
  readonly tell: () => void;
  readonly stop: () => Promise<void>;
}

const TRY_AGAIN_MS = 500;

/**
 * How long a process that is not heard of keeps a duty, in milliseconds. One that is stopped, or cut off from the store,
 * for longer has lost it, whether it knows or not.
 */
export const LEASE_MS = 6_000;

/** A duty that this process has. */
interface Held {
  readonly client: PoolClient;
  readonly duty: Duty;
  readonly lease: Lease;
  /** Ends the connection, and with it the right. */
  readonly giveUp: () => void;
}

/**
 * Takes on a duty as soon as no other process can be acting under it: within a second of its release, and otherwise at
 * the end of its lease, since a lock that is free says only that a connection has ended. The right to it is a lock of a
 * connection to the store. A process that is alive and silent is cut off after its lease; should it wake up, its fence
 * keeps it from changing anything. `name` is in small letters; `warn` is told what went wrong while nobody waits for it.
 * All candidates have the same `leaseMs`.
 */
export function standBy(
  {
    pool,
    name,
    warn,
    leaseMs = LEASE_MS,
  }: { pool: Pool; name: string; warn: (words: string, error: unknown) => void; leaseMs?: number },
  take: (fence: Fence) => Promise<Duty>,
): Candidate {
  const [lock, channel] = [`hashtext('dr.${name}')`, `dr_${name}`];
  let stopped = false;
  let held: Held | null = null;

  async function attempt(): Promise<void> {
    if (held || stopped) return;
    const client = await pool.connect();
    let lost = false;
    let lease: Lease | null = null;
    // Given back once, whoever notices first that it is over: the holder, the renewal or the connection itself.
    const giveUp = (): void => {
      if (!lost) client.release(true);
      lost = true;
    };
    const lose = (error: Error) => {
      giveUp();
      lease?.end();
      if (held?.client !== client) return;
      const { duty } = held;
      held = null;
      warn(`The right to ${name} was lost; trying to get it back.`, error);
      trying = trying
        .then(() => duty.stop())
        .catch((cause: unknown) => warn(`Stopping to ${name} failed.`, cause));
    };
    client.on('error', lose);
    client.on('notification', () => held?.duty.wake());
    try {
      const { rows } = await client.query<{ mine: boolean }>(
        `select case when ${leaseIsOver} then pg_try_advisory_lock(${lock}) else false end as mine`,
        [name, leaseMs],
      );
      if (!rows[0]?.mine) {
        await cutOffSilent(client);
        if (!lost) release(client, lose);
        return;
      }
      lease = await startLease(client, { name, leaseMs }, lose);
      await client.query(`listen ${channel}`);
      const duty = await take(lease.fence);
      if (lost) return await duty.stop();
      held = { client, duty, lease, giveUp };
    } catch (error) {
      lease?.end();
      // What could not be taken up can be tried again at once.
      if (!lost) await lease?.release().catch(() => undefined);
      giveUp();
      throw error;
    }
  }

  /** Ends the connection of a holder that has not been heard of for the length of a lease; its lock goes with it. */
  async function cutOffSilent(client: PoolClient): Promise<void> {
    const { rows } = await client.query<{ cut: boolean }>(
      `select pg_terminate_backend(backend) as cut from duties
        where name = $1 and isfinite(renewed_at) and ${leaseIsOver}`,
      [name, leaseMs],
    );
    if (rows[0]?.cut) warn(`Whoever had the right to ${name} was silent and is cut off.`, null);
  }

  const first = attempt();
  let trying: Promise<void> = first.catch((error: unknown) =>
    warn(`The store cannot be asked for the right to ${name}; trying again.`, error),
  );
  const timer = setInterval(() => {
    trying = trying.then(attempt).catch((error: unknown) => {
      warn(`The store cannot be asked for the right to ${name}; trying again.`, error);
    });
  }, TRY_AGAIN_MS);
  return {
    first,
    tell: () => {
      if (held) held.duty.wake();
      else pool.query(`notify ${channel}`).catch((error: unknown) => warn('Nobody could be told.', error));
    },
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await trying;
      if (!held) return;
      const { duty, lease, giveUp } = held;
      held = null;
      // What is under way may still end, under a lease that holds.
      await duty.stop();
      lease.end();
      // Without it, the next one waits for the end of the lease.
      await lease.release().catch((error: unknown) => warn(`The right to ${name} was not released.`, error));
      giveUp();
    },
  };
}

function release(client: PoolClient, listener: (error: Error) => void): void {
  client.off('error', listener);
  client.removeAllListeners('notification');
  client.release();
}

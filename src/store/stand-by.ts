import type { Pool, PoolClient } from 'pg';
import { type Fence, NotInCharge } from '../fence';

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
/** The part of a lease before whose end a process stops acting, since clocks are not compared; and how often it renews. */
const [MARGIN, RENEW_EVERY] = [1 / 4, 1 / 6];

/** A duty that this process has. */
interface Held {
  readonly client: PoolClient;
  readonly duty: Duty;
  readonly stopRenewing: () => void;
  /** Ends the connection, and with it the right. */
  readonly giveUp: () => void;
}

/**
 * Takes on a duty as soon as no other process has it. The right to it is a lock of a connection to the store, so it
 * ends with the process, whatever way that ends, and another one takes over within a second. A process that is alive
 * and silent is cut off after its lease; should it wake up, its fence keeps it from changing anything. `name` is
 * in small letters; `warn` is told what went wrong while nobody waits for it. All candidates have the same `leaseMs`.
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
    // Given back once, whoever notices first that it is over: the holder, the renewal or the connection itself.
    const giveUp = (): void => {
      if (!lost) client.release(true);
      lost = true;
    };
    const lose = (error: Error) => {
      giveUp();
      if (held?.client !== client) return;
      const { duty, stopRenewing } = held;
      held = null;
      stopRenewing();
      warn(`The right to ${name} was lost; trying to get it back.`, error);
      trying = trying
        .then(() => duty.stop())
        .catch((cause: unknown) => warn(`Stopping to ${name} failed.`, cause));
    };
    client.on('error', lose);
    client.on('notification', () => held?.duty.wake());
    try {
      const { rows } = await client.query<{ mine: boolean }>(`select pg_try_advisory_lock(${lock}) as mine`);
      if (!rows[0]?.mine) {
        await cutOffSilent(client);
        if (!lost) release(client, lose);
        return;
      }
      const lease = await startLease(client, lose);
      await client.query(`listen ${channel}`);
      const duty = await take(lease.fence);
      if (lost) {
        lease.stop();
        return await duty.stop();
      }
      held = { client, duty, stopRenewing: lease.stop, giveUp };
    } catch (error) {
      giveUp();
      throw error;
    }
  }

  /** Ends the connection of a holder that has not been heard of for the length of a lease; its lock goes with it. */
  async function cutOffSilent(client: PoolClient): Promise<void> {
    const { rows } = await client.query<{ cut: boolean }>(
      `select pg_terminate_backend(backend) as cut from duties
        where name = $1 and renewed_at < clock_timestamp() - $2 * interval '1 millisecond'`,
      [name, leaseMs],
    );
    if (rows[0]?.cut) warn(`Whoever had the right to ${name} was silent and is cut off.`, null);
  }

  /** Says again and again that this process is there, and tells how long that holds. */
  async function startLease(client: PoolClient, lose: (error: Error) => void) {
    // Counted from before the question is sent, on a clock that goes on while a process is stopped.
    let renewedAt = performance.now();
    const { rows } = await client.query<{ epoch: string }>(
      `insert into duties (name, epoch, backend, renewed_at) values ($1, 1, pg_backend_pid(), clock_timestamp())
       on conflict (name) do update
          set epoch = duties.epoch + 1, backend = pg_backend_pid(), renewed_at = clock_timestamp()
       returning epoch`,
      [name],
    );
    const epoch = rows[0]?.epoch;
    let asking = false;
    let ended = false;
    const renew = async (): Promise<void> => {
      if (asking) return;
      asking = true;
      const asked = performance.now();
      try {
        const { rowCount } = await client.query(
          'update duties set renewed_at = clock_timestamp() where name = $1 and epoch = $2',
          [name, epoch],
        );
        if (rowCount === 1) renewedAt = asked;
        else lose(new NotInCharge(`Another process has taken over to ${name}.`));
      } catch (error) {
        lose(error instanceof Error ? error : new Error(String(error)));
      } finally {
        asking = false;
      }
    };
    const timer = setInterval(() => void renew(), leaseMs * RENEW_EVERY);
    const fence: Fence = () => {
      // Known to be over: what is still under way must not go on beside what the next holder begins, perhaps in this process.
      if (ended) throw new NotInCharge(`The right to ${name} has ended. Nothing is sent.`);
      if (performance.now() - renewedAt > leaseMs * (1 - MARGIN))
        throw new NotInCharge(
          `This process has not been heard of by the store for too long, so another one may ${name} by now. Nothing is sent.`,
        );
    };
    return {
      fence,
      stop: () => {
        ended = true;
        clearInterval(timer);
      },
    };
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
      const { duty, stopRenewing, giveUp } = held;
      held = null;
      // What is under way may still end, under a lease that holds.
      await duty.stop();
      stopRenewing();
      giveUp();
    },
  };
}

function release(client: PoolClient, listener: (error: Error) => void): void {
  client.off('error', listener);
  client.removeAllListeners('notification');
  client.release();
}

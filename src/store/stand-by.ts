import type { Pool, PoolClient } from 'pg';

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
 * Takes on a duty as soon as no other process has it. The right to it is a lock of a connection to the store, so it
 * ends with the process, whatever way that ends, and another one takes over within a second. `name` is in small
 * letters; `warn` is told what went wrong while nobody waits for it.
 */
export function standBy(
  { pool, name, warn }: { pool: Pool; name: string; warn: (words: string, error: unknown) => void },
  take: () => Promise<Duty>,
): Candidate {
  const [lock, channel] = [`hashtext('dr.${name}')`, `dr_${name}`];
  let stopped = false;
  let held: { readonly client: PoolClient; readonly duty: Duty } | null = null;

  async function attempt(): Promise<void> {
    if (held || stopped) return;
    const client = await pool.connect();
    let lost = false;
    const lose = (error: Error) => {
      lost = true;
      if (held?.client !== client) return;
      const { duty } = held;
      held = null;
      warn(`The connection that holds the right to ${name} was lost; trying to get it back.`, error);
      client.release(true);
      trying = trying
        .then(() => duty.stop())
        .catch((cause: unknown) => warn(`Stopping to ${name} failed.`, cause));
    };
    client.on('error', lose);
    client.on('notification', () => held?.duty.wake());
    try {
      const { rows } = await client.query<{ mine: boolean }>(`select pg_try_advisory_lock(${lock}) as mine`);
      if (!rows[0]?.mine) return release(client, lose);
      await client.query(`listen ${channel}`);
      const duty = await take();
      if (lost) return await duty.stop();
      held = { client, duty };
    } catch (error) {
      if (!lost) client.release(true);
      throw error;
    }
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
      const { client, duty } = held;
      held = null;
      await duty.stop();
      client.release(true);
    },
  };
}

function release(client: PoolClient, listener: (error: Error) => void): void {
  client.off('error', listener);
  client.removeAllListeners('notification');
  client.release();
}

import type { Pool, PoolClient } from 'pg';
import type { Logger } from 'pino';

/** What only one process at a time may do. */
export interface Duty {
  readonly wake: () => void;
  readonly stop: () => Promise<void>;
}

/** A process's candidacy for the duty. */
export interface Candidate {
  /** Tells whoever has the duty, here or in another process, that there is work. */
  readonly tell: () => void;
  readonly stop: () => Promise<void>;
}

const LOCK = `hashtext('dr.chat')`;
const TRY_AGAIN_MS = 500;

/**
 * Takes on a duty as soon as no other process has it. The right to it is a lock of a connection to the store, so it
 * ends with the process, whatever way that ends, and another one takes over within a second.
 */
export function standBy(pool: Pool, log: Logger, take: () => Promise<Duty>): Candidate {
  let stopped = false;
  let held: { readonly client: PoolClient; readonly duty: Duty } | null = null;
  let trying: Promise<void> = Promise.resolve();

  async function attempt(): Promise<void> {
    if (held || stopped) return;
    const client = await pool.connect();
    let lost = false;
    const lose = (error: Error) => {
      lost = true;
      if (held?.client !== client) return;
      const { duty } = held;
      held = null;
      log.warn(
        { err: error },
        'The connection that holds the right to send was lost; trying to get it back.',
      );
      client.release(true);
      trying = trying
        .then(() => duty.stop())
        .catch((cause: unknown) => log.error({ err: cause }, 'Stopping failed.'));
    };
    client.on('error', lose);
    client.on('notification', () => held?.duty.wake());
    try {
      const { rows } = await client.query<{ mine: boolean }>(`select pg_try_advisory_lock(${LOCK}) as mine`);
      if (!rows[0]?.mine) return release(client, lose);
      await client.query('listen dr_chat');
      const duty = await take();
      if (lost) return await duty.stop();
      held = { client, duty };
    } catch (error) {
      if (!lost) client.release(true);
      throw error;
    }
  }

  const retry = () => {
    trying = trying.then(attempt).catch((error: unknown) => {
      log.warn({ err: error }, 'The store cannot be asked for the right to send; trying again.');
    });
  };
  const timer = setInterval(retry, TRY_AGAIN_MS);
  retry();
  return {
    tell: () => {
      if (held) held.duty.wake();
      else
        pool
          .query('notify dr_chat')
          .catch((error: unknown) => log.warn({ err: error }, 'Nobody could be told.'));
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

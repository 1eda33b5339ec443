import type { Pool, PoolClient } from 'pg';
import { TIMELINE_CHANNEL } from '../incidents/timeline';
import { PROGRESS_CHANNEL } from './progress-board';

/**
 * Calls back after every append and every progress, whichever process made it. When the connection breaks it is
 * opened again; what was missed meanwhile is made up for by whoever listens looking at the store now and then.
 */
export async function watchStore(
  pool: Pool,
  hear: { readonly changed: (incident: string) => void; readonly progressed: (payload: string) => void },
): Promise<{ readonly stop: () => Promise<void> }> {
  let stopped = false;
  let client: PoolClient | null = null;
  let again: NodeJS.Timeout | undefined;

  const listen = async (): Promise<void> => {
    const connection = await pool.connect();
    client = connection;
    // A broken connection says so both by the event and by what was asked of it.
    const lose = (): void => {
      if (client !== connection) return;
      client = null;
      connection.release(true);
      retry();
    };
    connection.on('notification', (message) => {
      const { channel, payload } = message;
      if (!payload) return;
      if (channel === TIMELINE_CHANNEL) hear.changed(payload);
      if (channel === PROGRESS_CHANNEL) hear.progressed(payload);
    });
    connection.on('error', lose);
    try {
      await connection.query(`listen ${TIMELINE_CHANNEL}; listen ${PROGRESS_CHANNEL}`);
    } catch (error) {
      if (client !== connection) return;
      client = null;
      connection.release(true);
      throw error;
    }
  };
  const retry = (): void => {
    if (stopped) return;
    again = setTimeout(() => {
      listen().catch(retry);
    }, 1_000);
  };

  await listen();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(again);
      client?.release(true);
    },
  };
}

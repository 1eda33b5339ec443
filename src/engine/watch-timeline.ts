import type { Pool, PoolClient } from 'pg';
import { TIMELINE_CHANNEL } from '../incidents/timeline';

/**
 * Calls back with the incident after every append, whichever process made it. When the connection breaks it is
 * opened again; what was missed meanwhile is made up for by whoever listens looking at the store now and then.
 */
export async function watchTimeline(
  pool: Pool,
  changed: (incident: string) => void,
): Promise<{ readonly stop: () => Promise<void> }> {
  let stopped = false;
  let client: PoolClient | null = null;
  let again: NodeJS.Timeout | undefined;

  const listen = async (): Promise<void> => {
    const connection = await pool.connect();
    client = connection;
    connection.on('notification', (message) => {
      if (message.payload) changed(message.payload);
    });
    connection.on('error', () => {
      client = null;
      connection.release(true);
      retry();
    });
    await connection.query(`listen ${TIMELINE_CHANNEL}`);
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

import type { Pool } from 'pg';

const LOCK = `hashtext('dr.store')`;

/**
 * Counts this process among those that use the embedded store: the bot, and a terminal beside it. `leave` tells
 * whether nobody else does any more, so that whoever leaves last can stop the server. The count is a shared lock of a
 * connection, so that it is right whatever way a process ends.
 */
export async function shareStore(pool: Pool): Promise<{ readonly leave: () => Promise<boolean> }> {
  const client = await pool.connect();
  client.on('error', () => undefined);
  await client.query(`select pg_advisory_lock_shared(${LOCK})`);
  return {
    leave: async () => {
      try {
        await client.query(`select pg_advisory_unlock_shared(${LOCK})`);
        const { rows } = await client.query<{ last: boolean }>(
          `select pg_try_advisory_lock(${LOCK}) as last`,
        );
        return rows[0]?.last ?? true;
      } catch {
        // Where the connection broke, nobody can say who else is there: a server that stays is found by the next start.
        return false;
      } finally {
        client.release(true);
      }
    },
  };
}

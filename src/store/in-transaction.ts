import type { Pool, PoolClient } from 'pg';
import { isStoreGone } from './store-gone';

/** Does several things in the store together or not at all. */
export async function inTransaction<Result>(
  pool: Pool,
  act: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  // A connection that breaks between two queries says so by an event, which would end the process; the next query fails.
  const ignore = () => undefined;
  client.on('error', ignore);
  let isBroken = false;
  try {
    await client.query('begin');
    const result = await act(client);
    await client.query('commit');
    return result;
  } catch (error) {
    // A silent store would be waited for once more; it takes back by itself what is cut off.
    isBroken = isStoreGone(error);
    if (!isBroken)
      await client.query('rollback').catch(() => {
        isBroken = true;
      });
    throw error;
  } finally {
    client.off('error', ignore);
    client.release(isBroken);
  }
}

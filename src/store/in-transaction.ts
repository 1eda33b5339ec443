import type { Pool, PoolClient } from 'pg';

/** Does several things in the store together or not at all. */
export async function inTransaction<Result>(
  pool: Pool,
  act: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  // A connection that breaks between two queries says so by an event, which would end the process; the next query fails.
  const broken = () => undefined;
  client.on('error', broken);
  try {
    await client.query('begin');
    const result = await act(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.off('error', broken);
    client.release();
  }
}

import type { Pool } from 'pg';

/** One step of the schema: applied once, in the order of the names. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/**
 * Brings the schema `dr` up to date, each migration in its own transaction, one process at a time.
 * @throws Error naming the migration that failed; nothing of it is kept.
 */
export async function migrate(pool: Pool, migrations: readonly Migration[]): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(`select pg_advisory_lock(hashtext('dr.migrate'))`);
    await client.query('create schema if not exists dr');
    await client.query(
      'create table if not exists dr.migrations (name text primary key, applied_at timestamptz not null default now())',
    );
    const { rows } = await client.query<{ name: string }>('select name from dr.migrations');
    const applied = new Set(rows.map((row) => row.name));
    for (const { name, sql } of migrations.filter((migration) => !applied.has(migration.name))) {
      try {
        await client.query('begin');
        await client.query(sql);
        await client.query('insert into dr.migrations (name) values ($1)', [name]);
        await client.query('commit');
      } catch (error) {
        await client.query('rollback');
        throw new Error(`The store could not be brought up to date: migration ${name} failed.`, {
          cause: error,
        });
      }
    }
  } finally {
    await client.query(`select pg_advisory_unlock(hashtext('dr.migrate'))`).catch(() => undefined);
    client.release();
  }
}

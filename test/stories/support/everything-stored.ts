import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';

/** Every row of every table of a bot's store, and every byte of the files that it is kept in, as text. */
export async function everythingStored(dataDir: string): Promise<string> {
  const root = join(dataDir, 'postgres');
  const [, , , port = ''] = readFileSync(join(root, 'cluster', 'postmaster.pid'), 'utf8').split('\n');
  const password = readFileSync(join(root, 'password'), 'utf8').trim();
  const client = new Client({
    ...{ host: '127.0.0.1', port: Number(port), user: 'drbot', password, database: 'postgres' },
  });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
        where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
    );
    const dumps: string[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(`select to_json(t)::text as row from ${name} t`);
      dumps.push(...rows.map(({ row }) => row));
    }
    return [...dumps, ...filesUnder(join(root, 'cluster'))].join('\n');
  } finally {
    await client.end();
  }
}

const filesUnder = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));

import type { Check, Reading } from '../check';
import type { Connection } from '../connection';
import { sameName } from '../resource-id';
import { sdkDatabase } from './sdk-database';

type DatabaseIs = Extract<Check, { check: 'sql.database-is' }>;

/** Whether the database under a name is the one with this GUID, and online. */
export async function readDatabaseIs(azure: Connection, check: DatabaseIs): Promise<Reading> {
  const { server, database, databaseId } = check;
  const found = await sdkDatabase(azure, server, database);
  return {
    findings: [
      {
        what: `Database under the name "${database}"`,
        expected: databaseId,
        found: found ? (found.databaseId ?? 'unknown') : 'no database',
        ok: sameName(found?.databaseId, databaseId),
      },
      {
        what: 'State',
        expected: 'Online',
        found: found?.status ?? 'no database',
        ok: found?.status === 'Online',
      },
    ],
    facts: { databaseId: found?.databaseId ?? null },
  };
}

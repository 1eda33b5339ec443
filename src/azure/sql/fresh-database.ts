import type { Check, Reading } from '../check';
import type { Connection } from '../connection';
import { toTheSecond } from '../to-the-second';
import { orUnknown, sizeInUse } from './databases';
import { sdkDatabase } from './sdk-database';

type Fresh = Extract<Check, { check: 'sql.fresh-database' }>;

/** Whether the database under a name is one that has just been made and that nobody has written into. */
export async function readFreshDatabase(azure: Connection, check: Fresh): Promise<Reading> {
  const { server, database, madeAfter, atMostBytes } = check;
  const [found, usedBytes] = await Promise.all([
    sdkDatabase(azure, server, database),
    orUnknown(azure, sizeInUse(azure, server, database)),
  ]);
  const made = found?.creationDate ?? null;
  return {
    findings: [
      {
        ...{ what: 'Database of the template', expected: 'Online', found: found?.status ?? 'no database' },
        ok: found?.status === 'Online',
      },
      {
        ...{ what: 'It was made', expected: `after ${toTheSecond(new Date(madeAfter))}` },
        found: made ? toTheSecond(made) : 'unknown: Azure does not say',
        ok: made !== null && made.getTime() >= Date.parse(madeAfter),
      },
      {
        ...{ what: 'It holds', expected: `at most ${megabytes(atMostBytes)}` },
        found: usedBytes === null ? 'unknown: Azure does not say' : megabytes(usedBytes),
        ok: usedBytes === null || usedBytes <= atMostBytes,
      },
    ],
    facts: { databaseId: found?.databaseId ?? null },
  };
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MB`;

import type { Check, Reading } from '../check';
import type { Connection } from '../connection';
import { operationsSince } from './database-operations';
import { orUnknown, sizeInUse, tierOf } from './databases';
import { sdkDatabase } from './sdk-database';

type Recovered = Extract<Check, { check: 'sql.recovered-copy' }>;

/** Whether what came out of a geo-backup can take production's place, as far as Resource Manager can tell. */
export async function readRecoveredCopy(azure: Connection, check: Recovered): Promise<Reading> {
  const { server, database, tier } = check;
  const [found, operations, usedBytes] = await Promise.all([
    sdkDatabase(azure, server, database),
    operationsSince(azure, server, database, new Date(0)),
    orUnknown(azure, sizeInUse(azure, server, database)),
  ]);
  const made = operations.at(-1)?.state ?? 'unknown: Azure does not say';
  const has = found ? tierOf(found) : 'no database';
  return {
    findings: [
      {
        ...{ what: 'Recovered database', expected: 'Online', found: found?.status ?? 'no database' },
        ok: found?.status === 'Online',
      },
      { what: 'Geo-restore', expected: 'Succeeded', found: made, ok: !/Fail|Cancel/i.test(made) },
      {
        what: 'Its service objective',
        expected: tier ?? 'not known',
        found: has,
        ok: tier === null || has === tier,
      },
      {
        ...{ what: 'It holds', expected: 'unknown: the original is out of reach', ok: true },
        found: usedBytes === null ? 'unknown: Azure does not say' : megabytes(usedBytes),
      },
    ],
    facts: { databaseId: found?.databaseId ?? null, usedBytes },
  };
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MB`;

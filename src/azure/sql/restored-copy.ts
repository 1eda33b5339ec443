import type { Database } from '@azure/arm-sql';
import type { Check, Finding, Reading } from '../check';
import type { Connection } from '../connection';
import { toTheSecond } from '../to-the-second';
import { operationsSince } from './database-operations';
import { orUnknown, sizeInUse, tierOf } from './databases';
import { sdkDatabase } from './sdk-database';

type RestoredCopy = Extract<Check, { check: 'sql.restored-copy' }>;

/** How far the size of the copy may be from its source's: rows come and go between the restore point and now. */
const tolerance = 0.25;
/** Small databases change by more than the tolerance with a single table: this much is always accepted, in bytes. */
const slack = 64 * 1024 * 1024;

/** Whether a restored copy is what was asked for, before it may take production's place. */
export async function readRestoredCopy(azure: Connection, check: RestoredCopy): Promise<Reading> {
  const { server, database, expected } = check;
  const point = new Date(expected.restorePoint);
  const [found, operations, usedBytes] = await Promise.all([
    sdkDatabase(azure, server, database),
    operationsSince(azure, server, database, new Date(0)),
    orUnknown(azure, sizeInUse(azure, server, database)),
  ]);
  if (!found) {
    const findings = [{ what: 'Database', expected: `"${database}" exists`, found: 'not there', ok: false }];
    return { findings, facts: {} };
  }
  // The oldest operation of a database is the one that made it.
  const made = operations.at(-1);
  return {
    findings: [
      equal('State', 'Online', found.status),
      asBefore('Service objective', expected.tier, tierOf(found)),
      equal('Restore operation', 'Succeeded', made?.state),
      restorePoint(point, found),
      size(expected.sourceBytes, usedBytes),
      asBefore('Collation', expected.collation, found.collation),
    ],
    facts: { databaseId: found.databaseId ?? null, usedBytes },
  };
}

/** Where Azure does not say what it is, the finding says so and does not fail. */
function equal(what: string, expected: string, found: string | undefined): Finding {
  if (found === undefined) return unknown(what, expected, found);
  return { what, expected, found, ok: found.toLowerCase() === expected.toLowerCase() };
}

/** The same as the source had, where that is known. */
const asBefore = (what: string, source: string | null, found: string | undefined): Finding =>
  source === null ? unknown(what, 'not known for the source', found) : equal(what, source, found);

const unknown = (what: string, expected: string, found: string | undefined): Finding => ({
  what,
  expected,
  found: found ?? 'unknown: Azure does not say',
  ok: true,
});

/** Azure need not publish a copy's restore point; then the copy must at least be younger than that moment. */
function restorePoint(point: Date, found: Database): Finding {
  const asked = toTheSecond(point);
  const published = found.restorePointInTime;
  if (published) {
    const ok = published.getTime() === point.getTime();
    return { what: 'Restore point', expected: asked, found: toTheSecond(published), ok };
  }
  const made = found.creationDate;
  return {
    what: 'Restore point',
    expected: `as of ${asked}`,
    found: made ? `copy made ${toTheSecond(made)}` : 'unknown: Azure does not say',
    ok: !made || made.getTime() > point.getTime(),
  };
}

function size(source: number | null, copy: number | null): Finding {
  const what = 'Size';
  if (source === null || copy === null) {
    return unknown(what, source === null ? 'not known for the source' : megabytes(source), undefined);
  }
  const allowed = Math.max(source * tolerance, slack);
  return {
    what,
    expected: `${megabytes(source)} ± ${megabytes(allowed)}`,
    found: megabytes(copy),
    ok: Math.abs(copy - source) <= allowed,
  };
}

const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`;

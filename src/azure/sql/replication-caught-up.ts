import type { Check, Reading } from '../check';
import type { Connection } from '../connection';
import { linkTo } from './replication';

type CaughtUp = Extract<Check, { check: 'sql.replication-caught-up' }>;

/** Whether a database is replicated to a partner and nothing of it is still being copied there. */
export async function readCaughtUp(azure: Connection, check: CaughtUp): Promise<Reading> {
  const { server, database, partnerServer } = check;
  const link = await linkTo(azure, server, database, partnerServer);
  const found = link ? (link.replicationState ?? 'unknown') : 'no replication';
  return {
    findings: [
      {
        what: `Replication of ${database} to ${partnerServer}`,
        ...{ expected: 'CATCH_UP', found, ok: found === 'CATCH_UP' },
      },
    ],
    facts: {},
  };
}

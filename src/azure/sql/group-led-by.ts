import type { Check, Finding, Reading } from '../check';
import type { Connection } from '../connection';
import { isMember, sdkGroup } from './failover-groups';
import { sdkDatabase } from './sdk-database';

type GroupLedBy = Extract<Check, { check: 'sql.group-led-by' }>;

/** Whether a server leads a failover group, and its database is there, in the group and online. */
export async function readGroupLedBy(azure: Connection, check: GroupLedBy): Promise<Reading> {
  const { server, failoverGroup, database } = check;
  const [group, found] = await Promise.all([
    sdkGroup(azure, server, failoverGroup),
    sdkDatabase(azure, server, database),
  ]);
  const role = group.replicationRole ?? 'unknown';
  const member = isMember(group, server, database);
  const findings: readonly Finding[] = [
    {
      what: `${server.server} in ${failoverGroup}`,
      expected: 'Primary',
      found: role,
      ok: role === 'Primary',
    },
    {
      what: `${database} in ${failoverGroup}`,
      ...{ expected: 'a member', found: member ? 'a member' : 'not a member', ok: member },
    },
    {
      what: `${database} on ${server.server}`,
      ...{ expected: 'Online', found: found?.status ?? 'not there', ok: found?.status === 'Online' },
    },
  ];
  return { findings, facts: {} };
}

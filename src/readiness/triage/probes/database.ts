import type { Database } from '../../../azure/azure';
import { AzureProblem } from '../../../azure/operation';
import { isSilence } from '../../../azure/problem';
import type { DatabaseFinding } from '../finding';
import type { Probing } from './probe';
import { at, silence, unknownFrom, utc } from './within';

const busy: ReadonlySet<string> = new Set([
  'Creating',
  'Restoring',
  'Copying',
  'Recovering',
  'Scaling',
  'Resuming',
]);

/** The production database: whether it is there and online, or among the deleted ones. */
export async function probeDatabase({ app, azure, now }: Probing): Promise<DatabaseFinding> {
  const { sqlServer, database: name } = app;
  try {
    const [found, dropped] = await Promise.all([
      azure.database(sqlServer, name),
      azure.sql.dropped(sqlServer).catch((error: unknown) => {
        if (!(error instanceof AzureProblem)) throw error;
        return null;
      }),
    ]);
    if (found) return { ...there(found), at: at(now) };
    const last = dropped?.find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (last)
      return {
        ...{ state: 'dropped', at: at(now) },
        words: `${name} was deleted on ${utc(last.deletedAt)}, and can still be restored.`,
      };
    if (dropped === null)
      return {
        ...{ state: 'absent', at: at(now) },
        words: `${sqlServer.server} has no database ${name}; whether it is among the deleted ones could not be read.`,
      };
    return {
      ...{ state: 'missing', at: at(now) },
      words: `${sqlServer.server} has no database ${name}, nor is it among its deleted ones.`,
    };
  } catch (error) {
    if (error instanceof AzureProblem && isSilence(error))
      return {
        state: 'unreachable',
        words: silence('Azure SQL', error.details.code),
        at: at(now),
      };
    return unknownFrom(error, `The database ${name}`, now);
  }
}

function there({ name, status, replication, failoverGroup }: Database): {
  readonly state: 'online' | 'busy' | 'down';
  readonly words: string;
} {
  const copies = replication.map(({ partnerServer, state }) => `${partnerServer}: ${state}`).join(', ');
  const tail = `${copies === '' ? '' : ` Replicated to ${copies}.`}${failoverGroup ? ` It is ${failoverGroup.role} in ${failoverGroup.name}.` : ''}`;
  if (status === 'Online') return { state: 'online', words: `${name} is Online.${tail}` };
  return { state: busy.has(status) ? 'busy' : 'down', words: `${name} is ${status}.${tail}` };
}

import type { EventData } from '@azure/arm-monitor';
import { all } from '../call';
import { type Connection, reading } from '../connection';
import type { SqlServerRef } from '../refs';
import { databaseResourceId } from '../resource-id';
import type { Between } from './audit-trail';

/** Something that somebody asked Azure to do to a database: the control plane only, never rows. */
export interface DatabaseChange {
  /** `eventDataId` of the first event about it. */
  readonly id: string;
  readonly at: Date;
  /** Who asked, as Azure names them: a person's sign-in name, or the object id of an application. */
  readonly by: string;
  readonly did: 'deleted' | 'renamed' | 'changed';
  readonly database: string;
}

/** Azure keeps the activity log for 90 days, and refuses to be asked about more. */
const longestMs = 89 * 86_400_000;

const actions: { readonly [action: string]: DatabaseChange['did'] } = {
  'microsoft.sql/servers/databases/delete': 'deleted',
  'microsoft.sql/servers/databases/move/action': 'renamed',
  'microsoft.sql/servers/databases/write': 'changed',
};

/**
 * ActivityLogs_List for one database, oldest first: one change for each request that Azure took, at the time of its
 * first event. What was refused or failed has changed nothing and is left out. The log lags by minutes.
 */
export async function databaseChanges(
  azure: Connection,
  server: SqlServerRef,
  database: string,
  { since, until }: Between,
): Promise<readonly DatabaseChange[]> {
  const { monitor } = azure.clients(server.subscriptionId);
  const from = new Date(Math.max(since.getTime(), azure.now().getTime() - longestMs));
  const filter = `eventTimestamp ge '${from.toISOString()}' and eventTimestamp le '${until.toISOString()}' and resourceUri eq '${databaseResourceId(server, database)}'`;
  const events = await azure.call(reading('the activity log'), (abortSignal) =>
    all(monitor.activityLogs.list(filter, { abortSignal })),
  );
  const requests = new Map<string, readonly EventData[]>();
  for (const event of events) {
    const request = `${event.correlationId}|${event.operationName?.value?.toLowerCase()}`;
    requests.set(request, [...(requests.get(request) ?? []), event]);
  }
  return [...requests.values()]
    .flatMap((told) => changeIn(told, database))
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}

function changeIn(told: readonly EventData[], database: string): readonly DatabaseChange[] {
  const [first] = told.toSorted((a, b) => timeOf(a) - timeOf(b));
  const did = actions[first?.operationName?.value?.toLowerCase() ?? ''];
  const failed = told.some((event) => event.status?.value === 'Failed');
  if (!first?.eventDataId || !first.eventTimestamp || did === undefined || failed) return [];
  return [
    {
      ...{ id: first.eventDataId, at: first.eventTimestamp, did, database },
      by: (first.caller ?? 'somebody').slice(0, 200),
    },
  ];
}

const timeOf = (event: EventData): number => event.eventTimestamp?.getTime() ?? 0;

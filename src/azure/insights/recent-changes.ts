import type { EventData } from '@azure/arm-monitor';
import { all } from '../call';
import { type Connection, reading } from '../connection';
import type { ResourceGroupRef } from '../refs';

/** What a change was, as far as it helps to tell why an app fails. */
export type ChangeKind =
  | 'settings'
  | 'deployment'
  | 'stop'
  | 'start'
  | 'restart'
  | 'deletion'
  | 'failover'
  | 'other';

/** Something that somebody asked Azure to do to a resource of the group, and that Azure took. */
export interface RecentChange {
  readonly at: Date;
  /** As Azure names them: a person's sign-in name, or the object id of an application. */
  readonly by: string;
  readonly kind: ChangeKind;
  /** Azure's own word for it: `Microsoft.Web/sites/stop/action`. */
  readonly action: string;
  readonly resourceId: string;
}

/** Azure's clock and ours need not agree to the second, in milliseconds. */
const clockTolerance = 120_000;

/**
 * ActivityLogs_List of a resource group, newest first: one change for each request, at the time of its first event.
 * What was refused or failed has changed nothing and is left out. Azure's log lags by minutes.
 */
export async function recentChanges(
  azure: Connection,
  { subscriptionId, resourceGroup }: ResourceGroupRef,
  since: Date,
): Promise<readonly RecentChange[]> {
  const { monitor } = azure.clients(subscriptionId);
  const until = new Date(azure.now().getTime() + clockTolerance);
  const filter = `eventTimestamp ge '${since.toISOString()}' and eventTimestamp le '${until.toISOString()}' and resourceGroupName eq '${resourceGroup}'`;
  const events = await azure.call(reading('the activity log'), (abortSignal) =>
    all(monitor.activityLogs.list(filter, { abortSignal })),
  );
  const requests = new Map<string, readonly EventData[]>();
  for (const event of events) {
    const request = `${event.correlationId}|${event.operationName?.value?.toLowerCase()}`;
    requests.set(request, [...(requests.get(request) ?? []), event]);
  }
  return [...requests.values()].flatMap(changeIn).sort((a, b) => b.at.getTime() - a.at.getTime());
}

function changeIn(told: readonly EventData[]): readonly RecentChange[] {
  const [first] = told.toSorted((a, b) => timeOf(a) - timeOf(b));
  const action = first?.operationName?.value;
  if (!first?.eventTimestamp || !action || told.some((event) => event.status?.value === 'Failed')) return [];
  return [
    {
      ...{ at: first.eventTimestamp, action, kind: kindOf(action), resourceId: first.resourceId ?? '' },
      by: (first.caller ?? 'somebody').slice(0, 200),
    },
  ];
}

const timeOf = (event: EventData): number => event.eventTimestamp?.getTime() ?? 0;

const kinds: readonly (readonly [action: RegExp, kind: ChangeKind])[] = [
  [/\/delete$/i, 'deletion'],
  [/failover/i, 'failover'],
  [/^microsoft\.web\/sites\/(slots\/)?stop\/action$/i, 'stop'],
  [/^microsoft\.web\/sites\/(slots\/)?start\/action$/i, 'start'],
  [/^microsoft\.web\/sites\/(slots\/)?restart\/action$/i, 'restart'],
  [/^microsoft\.web\/sites\/(slots\/)?config\/write$/i, 'settings'],
  [/^microsoft\.web\/sites\/.*(deploy|publish|slotsswap|extensions)/i, 'deployment'],
  [/^microsoft\.resources\/deployments\/write$/i, 'deployment'],
];

/** What an action of Azure's role language means here. */
export const kindOf = (action: string): ChangeKind =>
  kinds.find(([pattern]) => pattern.test(action))?.[1] ?? 'other';

import { setTimeout as pause } from 'node:timers/promises';
import type { EventData } from '@azure/arm-monitor';
import { all } from './call';
import { type Connection, reading } from './connection';
import { clockTolerance } from './not-before';
import type { Sent } from './operation';
import { sameName } from './resource-id';
import { type Trace, traceIn } from './trace';

/** What to look for: an action (`Microsoft.Web/sites/restart/action`) on a resource. */
export interface Traced {
  readonly subscriptionId: string;
  readonly resourceId: string;
  readonly action: string;
}

const tries = 4;
const day = 86_400_000;

/**
 * What became of a request that leaves no state behind, or none yet (ActivityLogs_List). Asked a few times since
 * the log lags. Without a request id: the newest such request of the last day, asked once. Of an earlier attempt only
 * counts that Azure is still at work on it, or has done it.
 */
export async function traceOf(azure: Connection, traced: Traced, sent: Sent): Promise<Trace> {
  const attempts = sent.requestId === '' ? 1 : tries;
  for (let attempt = 1; ; attempt += 1) {
    const events = await eventsOn(azure, traced, sent.intendedAt);
    const own = traceIn(events.filter((event) => isOf(event, sent.requestId)));
    const before = (sent.earlierIds ?? []).map((id) => traceIn(events.filter((event) => isOf(event, id))));
    const running = before.find(({ state }) => state === 'running');
    if (running) return running;
    if (own.state !== 'not seen') return own;
    if (attempt === attempts) return before.find(({ state }) => state === 'succeeded') ?? own;
    await pause(azure.activityLogPatienceMs / (tries - 1));
  }
}

const isOf = (event: EventData, requestId: string): boolean =>
  requestId === '' || sameName(event.httpRequest?.clientRequestId, requestId);

async function eventsOn(azure: Connection, traced: Traced, since: Date): Promise<readonly EventData[]> {
  const { monitor } = azure.clients(traced.subscriptionId);
  const now = azure.now().getTime();
  const from = new Date(Math.max(since.getTime() - clockTolerance, now - day)).toISOString();
  const until = new Date(now + clockTolerance).toISOString();
  const filter = `eventTimestamp ge '${from}' and eventTimestamp le '${until}' and resourceUri eq '${traced.resourceId}'`;
  const events = await azure.call(reading('the activity log'), (abortSignal) =>
    all(monitor.activityLogs.list(filter, { abortSignal })),
  );
  return events.filter((event) => sameName(event.operationName?.value, traced.action));
}

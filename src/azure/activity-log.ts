import { setTimeout as pause } from 'node:timers/promises';
import type { EventData } from '@azure/arm-monitor';
import { azureErrorIn } from './azure-error';
import { all } from './call';
import { type Connection, reading } from './connection';
import type { Sent } from './operation';
import { sameName } from './resource-id';

/** What the activity log knows of a request of ours. `not seen` never means that it did not happen: the log lags. */
export type Trace =
  | { readonly state: 'not seen' | 'running' | 'succeeded' }
  /** Azure took it and could not do it, with the reason that the log gives. */
  | { readonly state: 'failed'; readonly reason: string };

/** What to look for: an action (`Microsoft.Web/sites/restart/action`) on a resource. */
export interface Traced {
  readonly subscriptionId: string;
  readonly resourceId: string;
  readonly action: string;
}

const tries = 4;
const clockTolerance = 120_000;
const day = 86_400_000;

/**
 * What became of a request that leaves no state behind, or none yet (ActivityLogs_List). Asked a few times since
 * the log lags. Without a request id: the newest such request of the last day, asked once.
 */
export async function traceOf(azure: Connection, traced: Traced, sent: Sent): Promise<Trace> {
  const anybody = sent.requestId === '';
  const attempts = anybody ? 1 : tries;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const events = await eventsOn(azure, traced, sent.intendedAt);
    const trace = traceIn(events.filter((event) => anybody || isOurs(event, sent)));
    if (trace.state !== 'not seen') return trace;
    if (attempt < attempts) await pause(azure.activityLogPatienceMs / (tries - 1));
  }
  return { state: 'not seen' };
}

const isOurs = (event: EventData, sent: Sent): boolean =>
  sameName(event.httpRequest?.clientRequestId, sent.requestId);

/** One request writes several events under one correlation id: started, accepted, and how it ended. */
function traceIn(events: readonly EventData[]): Trace {
  const newest = [...events].sort((a, b) => time(b) - time(a))[0];
  if (!newest) return { state: 'not seen' };
  const related = events.filter((event) => event.correlationId === newest.correlationId);
  const failed = related.find((event) => sameName(event.status?.value, 'Failed'));
  if (failed) return { state: 'failed', reason: reasonIn(failed) };
  const succeeded = related.some((event) => sameName(event.status?.value, 'Succeeded'));
  return { state: succeeded ? 'succeeded' : 'running' };
}

/** Azure puts the error body as text into `properties.statusMessage`. */
function reasonIn(event: EventData): string {
  const message = event.properties?.['statusMessage'] ?? '';
  try {
    const error = azureErrorIn(JSON.parse(message));
    if (error) return `${error.message} (${error.code})`;
  } catch {
    // Some providers write plain text there, and some nothing at all.
  }
  return message || event.subStatus?.value || 'no reason given';
}

const time = (event: EventData): number => event.eventTimestamp?.getTime() ?? 0;

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

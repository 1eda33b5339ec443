import type { EventData } from '@azure/arm-monitor';
import { azureErrorIn } from './azure-error';
import { sameName } from './resource-id';

/** What the activity log knows of a request. `not seen` never means that it did not happen: the log lags. */
export type Trace =
  /** `refused`: Azure answered no, and nothing began. */
  | { readonly state: 'not seen' | 'refused' | 'running' | 'succeeded' }
  /** Azure took it and could not do it, with the reason that the log gives. */
  | { readonly state: 'failed'; readonly reason: string };

/**
 * What became of the newest request among these events. Each request writes several under one correlation id:
 * that it started, that Azure accepted it when it takes long, and how it ended.
 */
export function traceIn(events: readonly EventData[]): Trace {
  const newest = [...events].sort((a, b) => time(b) - time(a))[0];
  if (!newest) return { state: 'not seen' };
  const related = events.filter((event) => event.correlationId === newest.correlationId);
  const having = (status: string) => related.find((event) => sameName(event.status?.value, status));
  const failed = having('Failed');
  if (failed)
    return having('Accepted') ? { state: 'failed', reason: reasonIn(failed) } : { state: 'refused' };
  return { state: having('Succeeded') ? 'succeeded' : 'running' };
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

import type { IncidentView } from '../engine/engine';
import type { Severity } from '../incidents/event';
import type { RunState } from '../incidents/run-state';
import { actorName } from './actor-name';
import { sayUtc } from './say';

/** How bad the incident was said to be when it was opened. */
export function severityOf(view: IncidentView): Severity | null {
  for (const { event } of view.entries) if (event.type === 'incident.opened') return event.severity;
  return null;
}

/** Which incident, how bad, who asked and when. */
export const placeWords = (view: IncidentView, severity: Severity | null, run: RunState): string =>
  [
    `Incident ${view.incident}`,
    ...(severity ? [severity] : []),
    `asked by ${actorName(run.requester)}`,
    sayUtc(run.requestedAt),
  ].join(' · ');

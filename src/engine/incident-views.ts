import { runState } from '../incidents/run-state';
import type { IncidentRow, Timeline } from '../incidents/timeline';
import type { IncidentView } from './engine';

/** Incidents as people see them, newest first. */
export async function allViews(timeline: Timeline, which: 'open' | 'all'): Promise<readonly IncidentView[]> {
  return Promise.all((await timeline.incidents(which)).map((row) => viewOf(timeline, row)));
}

/** One incident with its runs computed from its entries. */
export async function viewOf(timeline: Timeline, row: IncidentRow): Promise<IncidentView> {
  const { entries, head } = await timeline.whole(row.incident);
  const opened = entries.find((entry) => entry.event.type === 'incident.opened')?.event;
  const runs = [...new Set(entries.map((entry) => entry.run))];
  return {
    incident: row.incident,
    title: opened?.type === 'incident.opened' ? opened.title : row.incident,
    app: row.app,
    conversation: row.conversation,
    simulated: opened?.type === 'incident.opened' && opened.simulated,
    openedAt: row.openedAt,
    ...{ entries, head },
    runs: runs.flatMap((run) => (run === null ? [] : (runState(run, entries) ?? []))),
  };
}

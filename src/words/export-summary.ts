import type { IncidentView } from '../engine/engine';
import type { Entry } from '../incidents/event';
import { canonical } from '../incidents/json';
import { runState } from '../incidents/run-state';
import { type Report, reportOf } from './report-facts';

/** What an export says for people besides its entries. All of it comes from them, so whoever has them can check it. */
export interface ExportSummary {
  readonly title: string;
  readonly app: string;
  readonly simulated: boolean;
  readonly openedAt: Date | null;
  readonly runs: readonly { readonly run: string; readonly title: string; readonly report: Report }[];
}

/** The summary of an incident's entries; a run that is not over is measured up to the last thing that happened. */
export function summaryOf(entries: readonly Entry[]): ExportSummary {
  const opened = entries.find(({ event }) => event.type === 'incident.opened');
  const about = opened?.event.type === 'incident.opened' ? opened.event : null;
  const until = lastMoment({ entries });
  const runs = [...new Set(entries.flatMap(({ run }) => run ?? []))].flatMap(
    (run) => runState(run, entries) ?? [],
  );
  return {
    title: about?.title ?? entries[0]?.incident ?? '',
    app: about?.app ?? '',
    simulated: about?.simulated ?? false,
    openedAt: opened?.happenedAt ?? null,
    runs: runs.map((run) => ({ run: run.run, title: run.title, report: reportOf({ entries }, run, until) })),
  };
}

/** The latest that happened. Not the last entry's time: a note keeps the one of a message from long before. */
export const lastMoment = ({ entries }: Pick<IncidentView, 'entries'>): Date =>
  new Date(Math.max(0, ...entries.map(({ happenedAt }) => happenedAt.getTime())));

/** The first part of an export that is not what its entries come to; null when each is, or is not there. */
export function untrueIn(document: object, entries: readonly Entry[]): string | null {
  const told = new Map<string, unknown>(Object.entries(document));
  const untrue = Object.entries(summaryOf(entries)).find(
    ([name, value]) => told.has(name) && canonical(told.get(name)) !== canonical(value),
  );
  return untrue?.[0] ?? null;
}

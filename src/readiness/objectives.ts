import type { IncidentView } from '../engine/engine';
import type { ProtectedApp } from '../engine/estate';
import type { Runbook } from '../engine/runbook';
import { dataLossMinutes } from '../incidents/data-loss';
import type { RunState } from '../incidents/run-state';
import { knownCaveats, targets } from './document';

/** What one runbook really took, beside what the document estimates. */
export interface Measured {
  readonly runbook: string;
  readonly title: string;
  readonly estimateMinutes: readonly [number, number];
  /** Runs of it that brought the app back. */
  readonly recoveries: number;
  /** Minutes from the request to the recovery; null when it was never run to a recovery. */
  readonly recovery: { readonly last: number; readonly median: number; readonly worst: number } | null;
  /** Minutes of data lost; null where no recovery could tell. */
  readonly loss: { readonly last: number | null; readonly worst: number } | null;
  /** What the newest plan of it quoted, in minutes; null when there is none, or it could not be told. */
  readonly quoted: number | null;
  /** Whether the last recovery was within the app's own objective; null when there is none. */
  readonly kept: boolean | null;
}

/** The objectives of an app, and what was really reached. */
export interface Objectives {
  readonly app: ProtectedApp;
  readonly targets: readonly (typeof targets)[number][];
  readonly measured: readonly Measured[];
  readonly caveats: readonly string[];
}

/** A runbook, as far as its time is measured. */
type Estimated = Pick<Runbook, 'name' | 'title' | 'estimateMinutes'>;

/** The objectives of an app beside what its runs took, from the timeline alone. */
export function objectivesOf(
  app: ProtectedApp,
  runbooks: ReadonlyMap<string, Estimated>,
  views: readonly IncidentView[],
): Objectives {
  const runs = views
    .filter((view) => view.app === app.name)
    .flatMap((view) => view.runs)
    .sort((a, b) => a.requestedAt.getTime() - b.requestedAt.getTime());
  return {
    ...{ app, targets, caveats: knownCaveats },
    measured: [...runbooks.values()].map((runbook) =>
      measuredOf(
        runbook,
        app,
        runs.filter((run) => run.runbook === runbook.name),
      ),
    ),
  };
}

function measuredOf(runbook: Estimated, app: ProtectedApp, runs: readonly RunState[]): Measured {
  // A recovery that was taken back is none.
  const recovered = runs.filter((run) => run.recoveredAt !== null && !run.undo);
  const minutes = recovered.map((run) => (Number(run.recoveredAt) - run.requestedAt.getTime()) / 60_000);
  const losses = recovered.map(dataLossMinutes);
  const told = losses.filter((loss) => loss !== null);
  const last = minutes.at(-1);
  return {
    ...{ runbook: runbook.name, title: runbook.title, estimateMinutes: runbook.estimateMinutes },
    recoveries: recovered.length,
    recovery: last === undefined ? null : { last, median: median(minutes), worst: Math.max(...minutes) },
    loss: told.length === 0 ? null : { last: losses.at(-1) ?? null, worst: Math.max(...told) },
    quoted: runs.findLast((run) => run.plan)?.plan?.duration.minutes ?? null,
    kept: last === undefined ? null : last <= app.objectives.rtoMinutes[1],
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low = 0, high = low] = [
    sorted[Math.ceil(sorted.length / 2) - 1],
    sorted[Math.floor(sorted.length / 2)],
  ];
  return (low + high) / 2;
}

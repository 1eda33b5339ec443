import type { Engine, IncidentView } from '../engine/engine';
import type { RunState } from '../incidents/run-state';

/** Which incident a person means, or between which they must choose. */
export type Meant =
  | { readonly kind: 'one'; readonly view: IncidentView; readonly rest: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'several'; readonly views: readonly IncidentView[] };

/**
 * The incident that words in a conversation are about: the one they name first, the newest of that thread, or the
 * only open one. `open` leaves out those that are over.
 */
export async function meantIncident(
  engine: Pick<Engine, 'incidents'>,
  conversation: string,
  rest: string,
  which: 'open' | 'all',
): Promise<Meant> {
  const views = await engine.incidents(which);
  const [first = '', ...others] = rest.split(' ');
  const named = views.find((view) => view.incident.toLowerCase() === first.toLowerCase());
  if (named) return { kind: 'one', view: named, rest: others.join(' ') };
  const here = views.find((view) => view.conversation === conversation);
  if (here) return { kind: 'one', view: here, rest };
  const open = which === 'open' ? views : views.filter((view) => currentRun(view)?.finished === null);
  const [only, ...more] = open.length > 0 ? open : views;
  if (!only) return { kind: 'none' };
  return more.length === 0 ? { kind: 'one', view: only, rest } : { kind: 'several', views: [only, ...more] };
}

/** The run that an incident is about now: the one that is not over, else the last. */
export const currentRun = (view: IncidentView): RunState | undefined =>
  view.runs.findLast((run) => run.finished === null) ?? view.runs.at(-1);

import { type RunState, runState } from '../incidents/run-state';
import type { Opening } from '../incidents/timeline';
import { gatePolicy, type ProtectedApp } from './estate';

/** An app that a run has not brought back counts as down for so long, wherever people go on with it. */
const OPEN_FOR_MS = 24 * 60 * 60_000;

/** What the estate asks of a run: who approves, and which resources no run may change without it. */
type GroundRules = { readonly [rule in 'policies' | 'guards']: NonNullable<RunState[rule]> };

/**
 * The rules that a new run begins under: those of the estate file as it is now, unless the run goes on with what is an
 * open incident. Then they are those that the incident has, so that nobody gets around an approval by aborting a run,
 * softening the file and asking again.
 */
export function groundRules(
  app: ProtectedApp,
  opening: Pick<Opening, 'entries' | 'previous'>,
  at: Date,
): GroundRules {
  const held = heldBy(opening, at);
  const now = Object.fromEntries(Object.keys(app.gates).map((name) => [name, gatePolicy(app, name)]));
  return { policies: { ...now, ...held?.policies }, guards: held?.guards ?? app.guards };
}

/** The run whose rules hold on: the one before, while its app is not back; else the newest of the same incident. */
function heldBy({ entries, previous }: Pick<Opening, 'entries' | 'previous'>, at: Date): RunState | null {
  const before = previous && runState(previous.run, previous.entries);
  if (before && isOpen(before, at)) return before;
  const joined = entries.findLast(({ event }) => event.type === 'run.requested');
  return joined?.run ? runState(joined.run, entries) : null;
}

/** Whether an incident counts as open after its newest run: the app was not recovered, or that was taken back. */
function isOpen({ finished, recoveredAt }: RunState, at: Date): boolean {
  if (!finished) return true;
  if (recoveredAt && finished.outcome !== 'undone') return false;
  return at.getTime() - finished.at.getTime() < OPEN_FOR_MS;
}

import type { RunState } from '../incidents/run-state';

/** How the program ends, for scripts. */
export const EXIT = {
  done: 0,
  /** It could not start, or the store or Azure failed it. */
  failed: 1,
  /** What was asked for cannot be done like that. */
  refused: 2,
  /** The run waits for people who are not here. */
  waits: 3,
  /** The run is paused and somebody has to decide. */
  paused: 4,
  /** The run is over and did not do what it was for: rejected, expired, stopped, taken back. */
  otherwise: 5,
  /** Ctrl-C; the run is as it was. */
  interrupted: 130,
} as const;

/** The exit code for a run as it stands when this terminal leaves it. */
export function exitCodeFor({ finished, pause }: RunState): number {
  if (finished) return finished.outcome === 'completed' ? EXIT.done : EXIT.otherwise;
  return pause ? EXIT.paused : EXIT.waits;
}

import type { Azure } from '../azure/azure';
import type { Draft, Event } from '../incidents/event';
import { type RunState, runState } from '../incidents/run-state';
import type { Timeline } from '../incidents/timeline';
import type { Person } from './approval';
import type { Progress } from './engine';
import type { Estate } from './estate';
import type { PastMinutes, Runbook } from './runbook';

/** What carrying runs out needs from outside. */
export interface ConductorPorts {
  readonly timeline: Timeline;
  readonly azure: Azure;
  readonly estate: Estate;
  readonly runbooks: ReadonlyMap<string, Runbook>;
  /** Who somebody is, and the roles that they have now; what cannot be asked for is not had. */
  readonly person: (account: string, name: string) => Promise<Person>;
  readonly past: () => Promise<PastMinutes>;
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<void>;
  /** How long an operation of Azure may stand still before people are asked, in milliseconds; by what it normally takes. */
  readonly standstillMs?: (expectedMinutes: number | null) => number;
  /** How long a request may still take effect that nobody has answered, in milliseconds; a minute unless told. */
  readonly arrivesWithinMs?: number | undefined;
  readonly progress: (progress: Progress) => void;
  /** How people speak to this process, where it is not Teams; said in every entry that is theirs. */
  readonly via?: 'terminal';
}

/** Which run of which incident is carried out. */
export interface ConductInput {
  readonly incident: string;
  readonly run: string;
}

/** The state of a run, from the timeline. @throws Error when the timeline does not know the run. */
export const stateOfRun = async (timeline: Timeline, input: ConductInput): Promise<RunState> =>
  stateIn(await timeline.entries(input.incident), input);

/** The state of a run in its incident's entries. @throws Error when they do not know the run. */
export function stateIn(entries: readonly Draft[], { incident, run }: ConductInput): RunState {
  const state = runState(run, entries);
  if (!state) throw new Error(`The timeline of ${incident} has no run ${run}.`);
  return state;
}

/**
 * Adds an event of the bot's own to a run's timeline, once per id, because it has happened and must be told; how many
 * entries that made: 0 or 1.
 */
export async function appendAs(
  ports: ConductorPorts,
  { incident, run }: ConductInput,
  id: string,
  event: Event,
): Promise<number> {
  const draft = { id: `${run}:${id}`, run, actor: { kind: 'bot' }, happenedAt: ports.now(), event } as const;
  return (await ports.timeline.append(incident, [draft])).length;
}

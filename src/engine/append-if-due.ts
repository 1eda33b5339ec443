import type { Event } from '../incidents/event';
import { type RunState, runState } from '../incidents/run-state';
import type { ConductInput, ConductorPorts } from './conductor-ports';
import { type Action, decide } from './decide';

/** Whether an entry was written, was there already (a resumed run), or is not asked for any more. */
export type Appended = 'added' | 'there' | 'not due';

/**
 * Adds an event of the bot's own to a run's timeline, once per id, and only while the run still asks for it: between
 * a decision and its entry somebody may have withdrawn a vote or aborted. `eventFor` gets what is to be done at that
 * very moment, with no other writer in between, and gives null when the event is not due.
 */
export async function appendIfDue(
  ports: ConductorPorts,
  { incident, run }: ConductInput,
  id: string,
  eventFor: (actions: readonly Action[], state: RunState) => Event | null,
): Promise<Appended> {
  const entryId = `${run}:${id}`;
  let appended: Appended = 'not due';
  await ports.timeline.appendAfter(incident, (entries) => {
    if (entries.some((entry) => entry.id === entryId)) {
      appended = 'there';
      return [];
    }
    const state = runState(run, entries);
    const now = ports.now();
    const event = state && eventFor(decide(state, now).actions, state);
    if (!event) return [];
    appended = 'added';
    return [{ id: entryId, run, actor: { kind: 'bot' }, happenedAt: now, event }];
  });
  return appended;
}

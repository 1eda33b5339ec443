import type { ConductorPorts } from './conductor-ports';
import type { Note, Noted } from './engine';
import { personActor } from './request-run';

/** Writes a note of a person into an incident's timeline, once by its id. */
export async function takeNote(
  ports: Pick<ConductorPorts, 'timeline' | 'via'>,
  { id, incident, event, by, at }: Note,
): Promise<Noted> {
  const { timeline } = ports;
  if (!(await timeline.incident(incident))) return { ok: false, words: `There is no incident ${incident}.` };
  if (event.type === 'entry.amended') {
    // Entries are numbered without a hole and never go away, so this still holds when the amendment is written.
    const last = (await timeline.entries(incident)).length;
    if (event.seq < 1 || event.seq > last)
      return {
        ok: false,
        words: `${incident} has no entry #${event.seq}. It has #1 to #${last}, and an amendment points at one of them: each line of the thread begins with its number.`,
      };
  }
  const draft = { id, run: null, actor: personActor(by, ports), happenedAt: at, event };
  const [added] = await timeline.append(incident, [draft]);
  const entry = added ?? (await timeline.entries(incident)).find((one) => one.id === id);
  if (!entry) throw new Error(`The note ${id} is not in ${incident} after it was written.`);
  return { ok: true, added: added !== undefined, seq: entry.seq };
}

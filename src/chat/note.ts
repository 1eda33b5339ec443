import { aimed, refuse } from './steer';
import type { Desk, Turn, Worked } from './turn';

/** Adds a person's words to the timeline. */
export async function note(desk: Desk, turn: Turn, rest: string): Promise<Worked> {
  const aim = await aimed(desk, turn, 'note', rest, 'all');
  if (!aim) return 'done';
  if (aim.rest === '') {
    await refuse(desk, turn, 'note', 'Say what to write down: "@dr note …".');
    return 'done';
  }
  const answered = await desk.engine.note({
    ...said(turn, aim.view.incident),
    event: { type: 'note.added', text: aim.rest, ...others(turn) },
  });
  if (!answered.ok) await refuse(desk, turn, 'note', answered.words);
  return 'done';
}

/** The number of an entry as people copy it from the thread, and what is right instead. */
const pointed = /^#?(\d{1,9})[:.,]?\s+(\S.*)$/s;

/** Corrects an entry by one that points at it: `amend #12 it was the staging database`. */
export async function amend(desk: Desk, turn: Turn, rest: string): Promise<Worked> {
  const aim = await aimed(desk, turn, 'amend', rest, 'all');
  if (!aim) return 'done';
  const [, seq, text] = pointed.exec(aim.rest) ?? [];
  if (seq === undefined || text === undefined) {
    await refuse(
      desk,
      turn,
      'amend',
      `Say which entry of ${aim.view.incident} and what is right: "@dr amend #12 …". Each line of the thread begins with its number; "@dr timeline" shows them too.`,
    );
    return 'done';
  }
  const answered = await desk.engine.note({
    ...said(turn, aim.view.incident),
    event: { type: 'entry.amended', seq: Number(seq), text, ...others(turn) },
  });
  if (!answered.ok) await refuse(desk, turn, 'amend', answered.words);
  return 'done';
}

const said = (turn: Turn, incident: string) => ({
  ...{ id: `say:${turn.id}`, incident, by: turn.asker.person },
  at: turn.saidAt,
});

/** Whose words they are, where somebody else has pressed for which incident they are. */
const others = ({ author, asker }: Turn): { readonly of?: string } =>
  author.id.toLowerCase() === asker.person.id.toLowerCase() ? {} : { of: author.name };

import type { Answer, IncidentView } from '../engine/engine';
import { openReviews } from '../engine/hear-exceptions';
import type { RunState } from '../incidents/run-state';
import { readTime } from '../words/when';
import { speakingOf } from './asker';
import { meantGate } from './meant-gate';
import { answerOf, told } from './steer';
import type { Desk, Turn, Worked } from './turn';

const no = (words: string): Answer => ({ ok: false, words });

/** Lends one of the person's roles: `approver to Isaiah Langer until 18:00`, or takes it back: `back`. */
export const delegate = (desk: Desk, turn: Turn, rest: string): Promise<Worked> =>
  answerOf(desk, turn, 'delegate', rest, 'open', async ({ run, rest: words }) => {
    if (/^(?:back|end)\b/i.test(words)) return desk.engine.endDelegation(told(turn, run));
    const [, role = '', name = '', time = '', reason = ''] =
      /^(?:the |my )?(?:role )?(\S+) to (.+?) until (.+?)(?:,? because (.+))?$/i.exec(words) ?? [];
    if (role === '')
      return no(
        'Say which role, to whom, and until when: "@dr delegate approver to Isaiah Langer until 18:00".',
      );
    const found = desk.directory.people().filter((person) => isCalled(person.name, name));
    const [to] = found;
    if (!to || found.length > 1)
      return no(
        `${to ? 'Several people' : 'Nobody'} in the estate ${to ? 'are' : 'is'} called "${name}". There are: ${desk.directory
          .people()
          .map((person) => person.name)
          .join(', ')}.`,
      );
    const until = readTime(time, speakingOf(turn.asker, turn.at));
    if (until.kind !== 'instant')
      return no(`I cannot read "${time}" as one moment. Write it like "18:00" or "in 2 hours".`);
    return desk.engine.delegate({
      ...told(turn, run),
      role: role.toLowerCase(),
      to,
      until: until.at,
      reason,
    });
  });

const isCalled = (full: string, said: string): boolean => {
  const [name, wanted] = [full.toLowerCase(), said.toLowerCase().trim()];
  return name === wanted || name.split(' ')[0] === wanted;
};

/** Goes ahead alone at the one gate that these words can mean, with what follows as the reason. */
export const breakGlass = (desk: Desk, turn: Turn, rest: string): Promise<Worked> =>
  answerOf(desk, turn, 'break glass', rest, 'open', async ({ run, rest: reason }) => {
    const gate = meantGate(run, turn.saidAt);
    if (typeof gate === 'string') return no(gate);
    const { stage, planHash } = gate;
    return desk.engine.breakGlass({ ...told(turn, run), stage, planHash, reason });
  });

/** Signs the reviews of break-glasses that are owed in an incident, also in one that is over. */
export const signReview = (desk: Desk, turn: Turn, rest: string): Promise<Worked> =>
  answerOf(desk, turn, 'sign review', rest, 'all', async ({ view, rest: words }) => {
    const owed = owedIn(view);
    if (owed.length === 0) return no('No break-glass waits for a review here.');
    for (const { run, stage, round } of owed) {
      const id = `say:${turn.id}:${run.run}:${stage}:${round}`;
      const signed = await desk.engine.signReview({ ...told(turn, run), id, stage, round, words });
      if (!signed.ok) return signed;
    }
    return { ok: true };
  });

const owedIn = ({
  runs,
}: IncidentView): readonly { readonly run: RunState; readonly stage: string; readonly round: number }[] =>
  runs.flatMap((run) => openReviews(run).map(({ stage, round }) => ({ run, stage, round })));

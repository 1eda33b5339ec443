import { gateOf } from '../engine/approval';
import type { Answer, IncidentView } from '../engine/engine';
import type { Decision } from '../incidents/event';
import type { GateOption } from '../incidents/plan';
import type { RunState } from '../incidents/run-state';
import { currentRun, meantIncident } from './meant-run';
import { type Desk, notice, type Turn, type Worked } from './turn';

/** A run that a person wants to do something about, with what they said besides. */
export interface Aim {
  readonly view: IncidentView;
  readonly run: RunState;
  readonly rest: string;
}

/** Stops the run, before or after something was changed. */
export const abort = (desk: Desk, turn: Turn, rest: string): Promise<Worked> =>
  steer(desk, turn, 'abort', rest, ({ run, rest: reason }) => {
    if (!run.pause) return desk.engine.abort({ ...told(turn, run), reason });
    return desk.engine.decide({
      ...told(turn, run),
      pause: run.pause.number,
      decision: { choice: 'stop', reason },
    });
  });

/** Tries the failed stage of a paused run again. */
export const retry = (desk: Desk, turn: Turn, rest: string): Promise<Worked> =>
  steer(desk, turn, 'retry', rest, ({ run }) => decide(desk, turn, run, { choice: 'retry' }));

/** Leaves the failed stage of a paused run out; never without a reason. */
export const skip = (desk: Desk, turn: Turn, rest: string): Promise<Worked> =>
  steer(desk, turn, 'skip', rest, async ({ run, rest: reason }) =>
    reason === ''
      ? { ok: false, words: 'Say why this step may be left out: "@dr skip …".' }
      : decide(desk, turn, run, { choice: 'skip', reason }),
  );

/** Takes back what a run changed: an answer to its open commit gate, or to a pause. */
export const undo = (desk: Desk, turn: Turn, rest: string): Promise<Worked> =>
  steer(desk, turn, 'undo', rest, ({ run, rest: reason }) => {
    const option = openAnswer(run, 'undo');
    return option ? vote(desk, turn, run, option, reason) : decide(desk, turn, run, { choice: 'undo' });
  });

/** Keeps what a run changed: the answer to its open commit gate. */
export const keep = (desk: Desk, turn: Turn, rest: string): Promise<Worked> =>
  steer(desk, turn, 'keep', rest, async ({ run, rest: reason }) => {
    const option = openAnswer(run, 'undo') && openAnswer(run, 'go-on');
    return option
      ? vote(desk, turn, run, option, reason)
      : {
          ok: false,
          words: 'There is nothing to keep right now: no swap of this run waits to be confirmed.',
        };
  });

const steer = (
  desk: Desk,
  turn: Turn,
  command: string,
  rest: string,
  act: (aim: Aim) => Promise<Answer>,
): Promise<Worked> => answerOf(desk, turn, command, rest, 'open', act);

/** Does something about the run that is meant, and says so where its thread does not. */
export async function answerOf(
  desk: Desk,
  turn: Turn,
  command: string,
  rest: string,
  which: 'open' | 'all',
  act: (aim: Aim) => Promise<Answer>,
): Promise<Worked> {
  const aim = await aimed(desk, turn, command, rest, which);
  if (!aim) return 'done';
  const answered = await act(aim);
  // What was done stands in the thread as an entry of its own; saying it twice would only be noise there.
  if (!answered.ok) await refuse(desk, turn, command, answered.words);
  else if (turn.asker.conversation !== aim.view.conversation)
    await notice(desk, turn, {
      title: `${aim.view.incident}: ${command}`,
      words: "Done. The incident's thread shows what follows.",
      tone: 'good',
    });
  return 'done';
}

/** The run that is meant; null after saying that there is none, or asking which. */
export async function aimed(
  desk: Desk,
  turn: Turn,
  command: string,
  rest: string,
  which: 'open' | 'all',
): Promise<Aim | null> {
  const meant = await meantIncident(desk.engine, turn.asker.conversation, rest, which);
  if (meant.kind === 'several') await askWhich(desk, turn, command, meant.views, rest);
  const view = meant.kind === 'one' ? meant.view : null;
  const run = view && currentRun(view);
  if (view && run) return { view, run, rest: meant.kind === 'one' ? meant.rest : '' };
  if (meant.kind !== 'several')
    await refuse(desk, turn, command, 'No incident is open. "@dr restore" begins one.');
  return null;
}

/** Asks which of several incidents a command is for, each as a button that says it. */
export const askWhich = (
  desk: Desk,
  turn: Turn,
  command: string,
  views: readonly IncidentView[],
  rest: string,
): Promise<void> =>
  notice(desk, turn, {
    title: 'Which incident?',
    words: `Several are open. Choose the one that "${command}" is for.`,
    tone: 'info',
    choices: views.slice(0, 8).map((view) => ({
      label: `${view.incident}: ${view.title}`,
      action: {
        ...{ verb: 'say', words: [command, view.incident, rest].filter(Boolean).join(' ') },
        said: { by: { id: turn.author.id, name: turn.author.name }, at: turn.saidAt.toISOString() },
      },
    })),
  });

/** Says that a command was not done, and why. */
export const refuse = (desk: Desk, turn: Turn, command: string, words: string): Promise<void> =>
  notice(desk, turn, { title: `Not done: ${command}`, words, tone: 'warning' });

/** What every word about a run says besides: who, when, under which id. */
export const told = ({ id, asker, at }: Turn, { run }: RunState) => ({
  id: `say:${id}`,
  run,
  by: asker.person,
  at,
});

async function decide(desk: Desk, turn: Turn, run: RunState, decision: Decision): Promise<Answer> {
  if (!run.pause)
    return {
      ok: false,
      words: `${run.title} is not waiting for a decision of that kind. "@dr status" shows where it is.`,
    };
  return desk.engine.decide({ ...told(turn, run), pause: run.pause.number, decision });
}

interface OpenAnswer {
  readonly stage: string;
  readonly planHash: string;
  readonly option: GateOption;
}

/** The answer of an open gate that leads there. */
function openAnswer(run: RunState, leads: GateOption['leads']): OpenAnswer | null {
  for (const { stage, planHash, closed } of Object.values(run.gates)) {
    if (closed || !run.plan) continue;
    const option = gateOf(run.plan, stage).options.find((one) => one.leads === leads);
    if (option) return { stage, planHash, option };
  }
  return null;
}

const vote = (
  { engine }: Desk,
  turn: Turn,
  run: RunState,
  { stage, planHash, option }: OpenAnswer,
  reason: string,
): Promise<Answer> => engine.vote({ ...told(turn, run), stage, planHash, choice: option.choice, reason });

import { appNamed } from '../engine/estate';
import type { GateState, RunState } from '../incidents/run-state';
import type { Desk } from './desk';
import { drawGate, type GateAnswer, gateAnswers } from './draw-gate';
import { harmless, paintOf } from './look';

/** What came of showing a gate: it was answered, nobody answers it here now, or this terminal is to be left. */
export type AtGate = 'answered' | 'wait' | 'leave';

/** Shows a gate and takes an answer to it, from the command line or from whoever sits here, until `over`. */
export async function answerGate(
  desk: Desk,
  run: RunState,
  gate: GateState,
  over: AbortSignal,
): Promise<AtGate> {
  const { console, now, person, asked, estate } = desk;
  const app = appNamed(estate, run.plan?.app ?? '') ?? null;
  console.write(drawGate(run, gate, { person: person(), app, now: now(), look: console.look }));
  const given = givenAnswer(desk, run, gate);
  if (given) return (await vote(desk, run, gate, given, asked.reason)) ? 'answered' : 'wait';
  if (!console.interactive) return asked.wait ? 'wait' : 'leave';
  return ask(desk, run, gate, over);
}

/** The answer that the command line gives, if this person has not given it yet and may. */
function givenAnswer({ asked, person, now }: Desk, run: RunState, gate: GateState): GateAnswer | null {
  const who = person();
  if (gate.votes.some((one) => one.by.id === who.id)) return null;
  const answers = gateAnswers(run, gate.stage, who, now());
  const named = asked.answers[gate.stage];
  if (named !== undefined) return answers.find(({ option }) => option.choice === named) ?? null;
  const [goesOn] = answers;
  return asked.approve && goesOn?.refusal === null ? goesOn : null;
}

async function ask(desk: Desk, run: RunState, gate: GateState, over: AbortSignal): Promise<AtGate> {
  const { console, person, now } = desk;
  const { bad, dim } = paintOf(console.look);
  console.write(
    dim('\n  s  sign in as somebody else    w  wait for an answer in Teams    q  leave the run as it is'),
  );
  for (;;) {
    const typed = (await console.ask('> ', over))?.trim().toLowerCase() ?? null;
    if (typed === null) return over.aborted ? 'wait' : 'leave';
    if (typed === 'q') return 'leave';
    if (typed === 'w') return 'wait';
    if (typed === 's') {
      const problem = await desk.change();
      if (problem !== null) console.write(bad(`✗ ${harmless(problem)}`));
      return 'answered';
    }
    const answers = gateAnswers(run, gate.stage, person(), now());
    const answer = answers.find(({ option }, index) =>
      [String(index + 1), option.choice, option.label.toLowerCase()].includes(typed),
    );
    if (!answer) {
      console.write(bad(`✗ Type a number from 1 to ${answers.length}, s, w or q.`));
      continue;
    }
    if (answer.refusal !== null) {
      console.write(bad(`✗ ${harmless(answer.refusal)}`));
      continue;
    }
    const reason = await console.ask(
      `${answer.option.label}: the reason, for the timeline (Enter for none): `,
      over,
    );
    if (reason === null) return over.aborted ? 'wait' : 'leave';
    if (await vote(desk, run, gate, answer, reason.trim())) return 'answered';
  }
}

async function vote(
  { engine, console, person, newId, now }: Desk,
  run: RunState,
  { stage, planHash }: GateState,
  { option }: GateAnswer,
  reason: string,
): Promise<boolean> {
  const answer = await engine.vote({
    ...{ id: newId(), run: run.run, stage, planHash, choice: option.choice, reason },
    ...{ by: person(), at: now() },
  });
  if (!answer.ok) console.write(paintOf(console.look).bad(`✗ ${harmless(answer.words)}`));
  return answer.ok;
}

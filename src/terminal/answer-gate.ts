import { mayBreakGlass } from '../engine/approval';
import type { Answer } from '../engine/engine';
import { appNamed } from '../engine/estate';
import { isSame } from '../incidents/human';
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
  console.write(drawGate(run, gate, { person: await person(), app, now: now(), look: console.look }));
  const given = await givenAnswer(desk, run, gate);
  if (given) return (await vote(desk, run, gate, given, asked.reason)) ? 'answered' : 'wait';
  if (asked.breakGlass && mayBreakGlass(gate, await person()) && !gate.closed)
    return (await breakGlass(desk, run, gate, asked.reason)) ? 'answered' : 'wait';
  if (!console.interactive) return asked.wait ? 'wait' : 'leave';
  return ask(desk, run, gate, over);
}

/** The answer that the command line gives, if this person has not given it yet and may. */
async function givenAnswer(
  { asked, person, now }: Desk,
  run: RunState,
  gate: GateState,
): Promise<GateAnswer | null> {
  const who = await person();
  if (gate.votes.some((one) => isSame(one.by, who))) return null;
  const answers = gateAnswers(run, gate.stage, who, now());
  const named = asked.answers[gate.stage];
  if (named !== undefined) return answers.find(({ option }) => option.choice === named) ?? null;
  const [goesOn] = answers;
  return asked.approve && goesOn?.refusal === null ? goesOn : null;
}

async function ask(desk: Desk, run: RunState, gate: GateState, over: AbortSignal): Promise<AtGate> {
  const { console, person, now } = desk;
  const { bad, dim } = paintOf(console.look);
  if (mayBreakGlass(gate, await person()))
    console.write(
      '  b  Break the glass: go ahead alone. Everybody is told, and somebody else must review it.',
    );
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
    if (typed === 'b' && mayBreakGlass(gate, await person())) {
      const why = await console.ask('Why can it not wait for the others? ', over);
      if (why === null) return over.aborted ? 'wait' : 'leave';
      if (await breakGlass(desk, run, gate, why.trim())) return 'answered';
      continue;
    }
    const answers = gateAnswers(run, gate.stage, await person(), now());
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

async function breakGlass(
  desk: Desk,
  run: RunState,
  { stage, planHash }: GateState,
  reason: string,
): Promise<boolean> {
  const { engine, person, newId, now } = desk;
  const alone = { id: newId(), run: run.run, stage, planHash, reason, by: await person(), at: now() };
  return said(desk, await engine.breakGlass(alone));
}

async function vote(
  desk: Desk,
  run: RunState,
  { stage, planHash }: GateState,
  { option }: GateAnswer,
  reason: string,
): Promise<boolean> {
  const { engine, person, newId, now } = desk;
  const answer = await engine.vote({
    ...{ id: newId(), run: run.run, stage, planHash, choice: option.choice, reason },
    ...{ by: await person(), at: now() },
  });
  return said(desk, answer);
}

/** Whether it was done; why not is written. */
function said({ console }: Desk, answer: Answer): boolean {
  if (!answer.ok) console.write(paintOf(console.look).bad(`✗ ${harmless(answer.words)}`));
  return answer.ok;
}

import { DECIDES, roleRefusal } from '../engine/may';
import type { Decision } from '../incidents/event';
import type { RunState } from '../incidents/run-state';
import { pauseOffers } from '../words/pause-offers';
import type { AtGate } from './answer-gate';
import type { Desk } from './desk';
import { drawPause } from './draw-pause';
import { harmless, paintOf } from './look';

/** Shows a paused run and takes a decision about it, until `over`. */
export async function answerPause(desk: Desk, run: RunState, over: AbortSignal): Promise<AtGate> {
  const { console, person, asked } = desk;
  console.write(drawPause(run, await person(), console.look));
  const given = asked.decision;
  if (given && decided.get(desk) !== given) {
    // Given once on the command line, it answers one pause: the next one may be about something else.
    decided.set(desk, given);
    return (await decide(desk, run, given)) ? 'answered' : 'leave';
  }
  if (!console.interactive) return asked.wait ? 'wait' : 'leave';
  return ask(desk, run, over);
}

const decided = new WeakMap<Desk, Decision>();

async function ask(desk: Desk, run: RunState, over: AbortSignal): Promise<AtGate> {
  const { console } = desk;
  const { bad, dim } = paintOf(console.look);
  const offers = pauseOffers(run);
  console.write(
    dim('\n  s  sign in as somebody else    w  wait for a decision in Teams    q  leave the run as it is'),
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
    const offer = offers.find(({ choice }, index) => [String(index + 1), choice].includes(typed));
    if (!offer) {
      console.write(bad(`✗ Type a number from 1 to ${offers.length}, s, w or q.`));
      continue;
    }
    const reason = offer.needsReason ? await console.ask(`${offer.title}: the reason: `, over) : '';
    if (reason === null) return over.aborted ? 'wait' : 'leave';
    if (offer.choice === 'skip' && reason.trim() === '') {
      console.write(bad('✗ Say why this step may be left out.'));
      continue;
    }
    if (await decide(desk, run, decisionOf(offer.choice, reason.trim()))) return 'answered';
  }
}

const decisionOf = (choice: Decision['choice'], reason: string): Decision =>
  choice === 'retry' || choice === 'undo' ? { choice } : { choice, reason };

async function decide(
  { engine, console, person, newId, now }: Desk,
  run: RunState,
  decision: Decision,
): Promise<boolean> {
  const by = await person();
  const words = roleRefusal(by, DECIDES);
  const answer =
    words === null
      ? await engine.decide({
          ...{ id: newId(), run: run.run, pause: run.pause?.number ?? 0 },
          ...{ decision, by, at: now() },
        })
      : { ok: false as const, words };
  if (!answer.ok) console.write(paintOf(console.look).bad(`✗ ${harmless(answer.words)}`));
  return answer.ok;
}

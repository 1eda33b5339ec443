import type { Event } from '../incidents/event';
import { isSame } from '../incidents/human';
import type { GateStage, Stage } from '../incidents/plan';
import type { RunState } from '../incidents/run-state';
import { type Person, voiceFor } from './approval';
import type { Conducting } from './conducting';
import { type ConductorPorts, stateIn } from './conductor-ports';
import type { Answer, Engine } from './engine';
import { personActor } from './request-run';

/** What a person said about a run becomes this event, or is refused in words. */
type Heard = Event | Extract<Answer, { ok: false }>;

const refuse = (words: string) => ({ ok: false, words }) as const;

/** A vote, if this person may give it to the plan that the gate stands before. */
export function heardVote(state: RunState, vote: Parameters<Engine['vote']>[0], now: Date): Heard {
  const gate = state.gates[vote.stage];
  if (gate && gate.planHash !== vote.planHash)
    return refuse('The plan has changed since this card was drawn. Look at the new one first.');
  const voice = voiceFor(state, vote.stage, vote.choice, vote.by, now);
  if ('words' in voice) return refuse(voice.words);
  const { stage, choice, reason, planHash } = vote;
  const round = gate?.round ?? state.round;
  const { roles, onBehalfOf } = voice;
  const said = { type: 'vote.cast', stage, round, choice, reason, planHash, roles } as const;
  return onBehalfOf.length > 0 ? { ...said, onBehalfOf } : said;
}

/** A withdrawal, as long as the gate is open and there is a vote to withdraw. */
export function heardWithdrawal(state: RunState, vote: Parameters<Engine['withdraw']>[0]): Heard {
  const gate = state.gates[vote.stage];
  if (!gate || gate.closed) return refuse('It is too late to withdraw: this was answered already.');
  if (!gate.votes.some((one) => isSame(one.by, vote.by)))
    return refuse('You have no vote here that could be withdrawn.');
  return { type: 'vote.withdrawn', stage: vote.stage, round: gate.round, reason: vote.reason };
}

/** A decision about a paused run, if it answers the pause that the run is in. */
export function heardDecision(
  state: RunState,
  { pause: number, decision }: Parameters<Engine['decide']>[0],
): Heard {
  const { pause } = state;
  if (pause?.number !== number)
    return refuse('This question was already answered. The card shows where the run is now.');
  const unskippable = decision.choice === 'skip' ? skipRefusal(state) : null;
  if (unskippable !== null) return refuse(unskippable);
  if (decision.choice === 'undo' && state.undo)
    return refuse('This run is being taken back already. Retry, skip, or stop.');
  return { type: 'run.decided', pause: pause.number, stage: pause.stage, decision };
}

/** Why the stage that a run is paused at cannot be left out, in words for the person who asks; null when it can. */
export function skipRefusal({ plan, pause }: RunState): string | null {
  if (pause?.because !== 'failed') return 'There is no failed stage to skip. Go on, undo, or stop.';
  return plan?.stages.some((stage) => needsFactsOf(pause.stage, stage))
    ? 'Later steps need what this one finds out, so it cannot be left out. Retry: what was done by hand, under the name in the plan, is found and taken.'
    : null;
}

/** Whether a stage reads, changes or takes back something that only another one learns. */
const needsFactsOf = (learner: string, stage: Stage): boolean =>
  stage.name !== learner && JSON.stringify(stage).includes(`{"fact":"${learner}.`);

/**
 * A wish to stop, unless the run is being stopped or taken back anyway. While a gate asks whether to take everything
 * back, that is for the gate's quorum to answer: an abort would let one person do it alone.
 */
export function heardAbort(state: RunState, { reason }: Parameters<Engine['abort']>[0]): Heard {
  if (state.abort || state.undo) return refuse('This run is being stopped or taken back already.');
  const asked = openQuestionOfUndo(state);
  return asked
    ? refuse(
        `Every change is made, and the run waits for an answer: ${asked.options.map((one) => one.label).join(' or ')}. Give that answer instead.`,
      )
    : { type: 'abort.asked', reason };
}

/** The open gate that asks whether what was done is kept or taken back. */
const openQuestionOfUndo = ({ plan, gates }: RunState): GateStage | undefined =>
  plan?.stages
    .filter((stage) => stage.kind === 'gate')
    .find(({ name, options }) => gates[name]?.closed === null && options.some((one) => one.leads === 'undo'));

/** Writes down what a person said about a run, if it may be said, and wakes the run up. */
export async function say(
  ports: ConductorPorts,
  conducting: Pick<Conducting, 'signal'>,
  run: string,
  said: { readonly id: string; readonly by: Person; readonly at: Date },
  hear: (state: RunState) => Heard | readonly Event[],
  when: 'while open' | 'also when over' = 'while open',
): Promise<Answer> {
  const incident = await ports.timeline.incidentOfRun(run);
  if (incident === null) return { ok: false, words: `There is no run ${run}.` };
  const id = `${run}:said:${said.id}`;
  let answer: Answer = { ok: true };
  await ports.timeline.appendAfter(incident, (entries) => {
    if (entries.some((entry) => entry.id === id)) return [];
    const state = stateIn(entries, { incident, run });
    const heard =
      state.finished && when === 'while open'
        ? refuse(`This run is over: ${state.finished.words}`)
        : hear(state);
    if ('ok' in heard) {
      answer = heard;
      return [];
    }
    const actor = personActor(said.by, ports);
    return [heard].flat().map((event, index) => ({
      ...{ id: index === 0 ? id : `${id}:${index}`, run, actor, happenedAt: said.at, event },
    }));
  });
  if (answer.ok) await conducting.signal(run);
  return answer;
}

import { createHash } from 'node:crypto';
import { mayBreakGlass, type Person, rolesAsked, voiceOf, voteRefusal } from '../engine/approval';
import type { IncidentView, Progress } from '../engine/engine';
import type { Entry } from '../incidents/event';
import { accountsOf, type Human, isSame } from '../incidents/human';
import { canonical } from '../incidents/json';
import { reviewOf } from '../incidents/review';
import { type GateState, type RunState, runState } from '../incidents/run-state';
import { chatWith } from './addresses';

/** What a standing card shows. */
export type Shows =
  | { readonly card: 'headline'; readonly run: RunState }
  | { readonly card: 'report'; readonly run: RunState }
  /** Somebody went ahead alone: what was done, why, and the review that is owed. */
  | { readonly card: 'review'; readonly run: RunState; readonly stage: string; readonly round: number }
  | {
      readonly card: 'gate';
      readonly run: RunState;
      readonly stage: string;
      /** Whose card it is in their 1:1 chat; null for the one that all see. */
      readonly viewer: Person | null;
      /** The ids in Teams of those who are shown their own view of the shared card. */
      readonly userIds: readonly string[];
    };

/** A card that stands in a conversation for as long as its incident does, and is redrawn when its version changes. */
export interface Surface {
  readonly id: string;
  readonly conversation: string;
  readonly version: string;
  readonly urgency: 'now' | 'calm';
  readonly shows: Shows;
}

/** What the cards depend on besides the incident itself. */
export interface Audience {
  readonly people: readonly Person[];
  /** Teams' ids by Entra object id (small letters). */
  readonly mri: (person: string) => string | null;
  readonly progress: (run: string) => readonly Progress[];
  readonly now: Date;
}

/** The cards that an incident wants now, in the order in which they are first posted. Pure. */
export function desiredSurfaces(view: IncidentView, audience: Audience): readonly Surface[] {
  return view.runs.flatMap((run) => [
    headline(view, run, audience),
    ...gates(view, run).flatMap(({ state, stage, round }) => gateCards(view, state, stage, round, audience)),
    ...reviews(view, run, audience),
    ...(run.recoveredAt || run.finished ? [report(view, run)] : []),
  ]);
}

/** The id of the shared card of a gate, which its `refresh` comes back with. */
export const gateCardId = (run: string, stage: string, round: number): string =>
  `gate:${run}:${stage}:${round}`;

/** The gate that a card id stands for, with the run as that card shows it; null when it is no such card. */
export function gateOfCard(
  view: IncidentView,
  card: string,
): { readonly run: RunState; readonly stage: string } | null {
  for (const run of view.runs) {
    for (const { state, stage, round } of gates(view, run))
      if (gateCardId(run.run, stage, round) === card) return { run: state, stage };
  }
  return null;
}

const hash = (value: unknown): string =>
  createHash('sha256').update(canonical(value)).digest('hex').slice(0, 32);

const MINUTE = 60_000;

function headline(view: IncidentView, run: RunState, { progress, now }: Audience): Surface {
  const atWork = Object.values(run.stages).some((stage) => stage.status === 'running');
  // Its clocks go on; a redraw a minute keeps them honest while something happens, one in five while people decide.
  const clock = run.finished ? 0 : Math.floor(now.getTime() / (atWork ? MINUTE : 5 * MINUTE));
  const steps = progress(run.run).map(({ stage, percent, words }) => ({ stage, percent, words }));
  return {
    id: `headline:${run.run}`,
    conversation: view.conversation,
    version: hash({ entries: view.entries.length, steps, clock }),
    urgency: run.finished || run.pause ? 'now' : 'calm',
    shows: { card: 'headline', run },
  };
}

const report = (view: IncidentView, run: RunState): Surface => ({
  id: `report:${run.run}`,
  conversation: view.conversation,
  version: hash({ recovered: run.recoveredAt, finished: run.finished, reviews: run.reviews }),
  urgency: 'now',
  shows: { card: 'report', run },
});

/** A break-glass is told to the channel and to everybody who might have answered, at once, until it is reviewed. */
const reviews = (view: IncidentView, run: RunState, { people, mri }: Audience): readonly Surface[] =>
  run.reviews.flatMap((review): readonly Surface[] => {
    const { stage, round } = review;
    const id = `review:${run.run}:${stage}:${round}`;
    const told = people.filter(
      (person) =>
        !isSame(person, review.by) &&
        !isSame(person, run.requester) &&
        person.roles.some((role) => rolesAsked(review).includes(role)),
    );
    const shown = {
      version: hash(review),
      urgency: 'now',
      shows: { card: 'review', run, stage, round },
    } as const;
    return [
      { id, conversation: view.conversation, ...shown },
      ...told.map((person) => ({
        ...{ id: `${id}@${person.id.toLowerCase()}`, conversation: chatWith(inTeams(person, mri)) },
        ...shown,
      })),
    ];
  });

/** The account with which somebody is in Teams; a guest account of theirs may never have been. */
const inTeams = (person: Human, mri: Audience['mri']): string =>
  accountsOf(person).find((account) => mri(account) !== null) ?? person.id;

interface GateCard {
  readonly state: RunState;
  readonly stage: string;
  readonly round: number;
}

/** Every gate that was ever opened; one of an earlier round as the run stood when that round ended. */
function gates(view: IncidentView, run: RunState): readonly GateCard[] {
  return view.entries.flatMap(({ run: of, event }, index) => {
    if (of !== run.run || event.type !== 'gate.opened') return [];
    const { stage, round } = event;
    const current = run.gates[stage]?.round === round;
    const state = current ? run : endOfRound(view.entries, run, index, stage);
    return state ? [{ state, stage, round }] : [];
  });
}

function endOfRound(
  entries: readonly Entry[],
  { run, reviews }: RunState,
  opened: number,
  stage: string,
): RunState | null {
  const next = entries.findIndex(
    (entry, index) =>
      index > opened &&
      entry.run === run &&
      entry.event.type === 'gate.opened' &&
      entry.event.stage === stage,
  );
  const before = next === -1 ? entries : entries.slice(0, next);
  const then = runState(run, before);
  // Who has looked at a break-glass is said on its gate's card as it is now.
  const state = then && { ...then, reviews };
  const gate = state?.gates[stage];
  if (!state || !gate || gate.closed) return state;
  const at = entries[next]?.happenedAt ?? gate.openedAt;
  return {
    ...state,
    gates: { ...state.gates, [stage]: { ...gate, closed: { choice: '', because: 'drift', at } } },
  };
}

function gateCards(
  view: IncidentView,
  run: RunState,
  stage: string,
  round: number,
  { people, mri, now }: Audience,
): readonly Surface[] {
  const gate = run.gates[stage];
  if (!gate) return [];
  const id = gateCardId(run.run, stage, round);
  const userIds = gate.closed
    ? []
    : people.filter((one) => mayAnswer(run, stage, one, now)).flatMap((one) => mri(inTeams(one, mri)) ?? []);
  const stands = standsAt(run, gate);
  const shared: Surface = {
    id,
    conversation: view.conversation,
    version: hash({ ...stands, userIds }),
    urgency: 'now',
    shows: { card: 'gate', run, stage, viewer: null, userIds: userIds.slice(0, 60) },
  };
  const own = approvers(gate, run, people, now).map(
    (viewer): Surface => ({
      id: `${id}@${viewer.id.toLowerCase()}`,
      conversation: chatWith(inTeams(viewer, mri)),
      version: hash(stands),
      urgency: 'now',
      shows: { card: 'gate', run, stage, viewer, userIds: [] },
    }),
  );
  return [shared, ...own];
}

/** Those whose answer the gate is waiting for: its roles, without the requester, who may not approve. */
const approvers = (gate: GateState, run: RunState, people: readonly Person[], now: Date): readonly Person[] =>
  people.filter(
    (person) =>
      !isSame(person, run.requester) &&
      voiceOf(run, person, now).roles.some((role) => rolesAsked(gate).includes(role)),
  );

/** Whether somebody may give any answer at all to a gate now. */
function mayAnswer(run: RunState, stage: string, person: Person, now: Date): boolean {
  const gate = run.plan?.stages.find((one) => one.name === stage);
  if (gate?.kind !== 'gate') return false;
  const state = run.gates[stage];
  if (state && !state.closed && mayBreakGlass(state, person)) return true;
  return gate.options.some(({ choice }) => voteRefusal(run, stage, choice, person, now) === null);
}

/** All of a run that a gate's card shows. */
const standsAt = (run: RunState, gate: GateState) => ({
  hash: gate.planHash,
  votes: gate.votes,
  escalated: gate.escalatedAt,
  lent: run.delegations,
  broken: reviewOf(run.reviews, gate) ?? null,
  closed: gate.closed,
  drift: run.drift,
  over: run.finished !== null,
  stopping: run.abort !== null,
});

import type { Actor, EventOf, GatePolicy, OnBehalf } from './event';
import { isSame } from './human';

/** A voice that counts at a gate. Withdrawn and voided votes are not here; they stay in the timeline. */
export interface Vote {
  readonly by: Person;
  readonly choice: string;
  readonly reason: string;
  readonly roles: readonly string[];
  readonly onBehalfOf: readonly OnBehalf[];
  readonly at: Date;
}

type Person = Extract<Actor, { kind: 'person' }>;

/** Where a gate stands. */
export interface GateState {
  readonly stage: string;
  readonly round: number;
  readonly planHash: string;
  readonly policy: GatePolicy;
  readonly openedAt: Date;
  readonly expiresAt: Date;
  readonly votes: readonly Vote[];
  /** Since when a second group is asked as well; null while it is not. */
  readonly escalatedAt: Date | null;
  readonly closed: {
    readonly choice: string;
    readonly because: 'quorum' | 'veto' | 'expired' | 'drift' | 'break-glass';
    readonly at: Date;
  } | null;
}

/** A gate that has just been opened: nobody has answered yet. */
export const opened = (event: EventOf<'gate.opened'>, at: Date): GateState => ({
  stage: event.stage,
  round: event.round,
  planHash: event.planHash,
  policy: event.policy,
  openedAt: at,
  expiresAt: new Date(event.expiresAt),
  ...{ votes: [], escalatedAt: null, closed: null },
});

/** A gate after a vote or a withdrawal; only people's answers to this round's plan count, one a person. */
export function voted(
  gate: GateState | undefined,
  event: EventOf<'vote.cast' | 'vote.withdrawn'>,
  actor: Actor,
  at: Date,
): GateState | undefined {
  if (!gate || !isOpenIn(gate, event.round) || actor.kind !== 'person') return gate;
  const others = gate.votes.filter((vote) => !isSame(vote.by, actor));
  if (event.type === 'vote.withdrawn') return { ...gate, votes: others };
  if (event.planHash !== gate.planHash) return gate;
  const { choice, reason, roles, onBehalfOf = [] } = event;
  return { ...gate, votes: [...others, { by: actor, choice, reason, roles, onBehalfOf, at }] };
}

/** A gate whose second group is asked as well. */
export const escalated = (
  gate: GateState | undefined,
  { round }: EventOf<'gate.escalated'>,
  at: Date,
): GateState | undefined => (gate && isOpenIn(gate, round) ? { ...gate, escalatedAt: at } : gate);

/** A gate that somebody went through alone. */
export const broken = (
  gate: GateState | undefined,
  { round, planHash, choice }: EventOf<'gate.broken'>,
  actor: Actor,
  at: Date,
): GateState | undefined =>
  gate && isOpenIn(gate, round) && gate.planHash === planHash && actor.kind === 'person'
    ? { ...gate, closed: { choice, because: 'break-glass', at } }
    : gate;

/** A gate after its end; the first end counts. */
export const closed = (
  gate: GateState | undefined,
  { round, choice, because }: EventOf<'gate.closed'>,
  at: Date,
): GateState | undefined =>
  gate && isOpenIn(gate, round) ? { ...gate, closed: { choice, because, at } } : gate;

const isOpenIn = (gate: GateState, round: number): boolean => gate.round === round && !gate.closed;

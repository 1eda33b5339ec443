import type { Actor, EventOf, GatePolicy } from './event';
import { broken, type GateState } from './gate-state';
import type { Plan } from './plan';

type Person = Extract<Actor, { kind: 'person' }>;

/**
 * Somebody went ahead alone at a gate, and whether somebody else has looked at that since. It is owed also when the
 * plan is made anew and its gate asks again.
 */
export interface Review {
  readonly stage: string;
  readonly round: number;
  /** What the gate had asked. */
  readonly question: string;
  /** Whom it had asked. */
  readonly policy: GatePolicy;
  readonly escalatedAt: Date | null;
  readonly by: Person;
  readonly reason: string;
  readonly at: Date;
  readonly signed: { readonly by: Person; readonly words: string; readonly at: Date } | null;
}

/** What a break-glass changes in a run: its gate is answered, and a review is owed. */
interface Alone {
  readonly gates: { readonly [stage: string]: GateState };
  readonly reviews: readonly Review[];
}

/** A run's gates and reviews after somebody went ahead alone; unchanged when that gate did not ask this any more. */
export function wentAlone(
  { gates, reviews, plan }: Alone & { readonly plan: Plan | null },
  event: EventOf<'gate.broken'>,
  by: Actor,
  at: Date,
): Alone {
  const { stage, reason } = event;
  const before = gates[stage];
  const gate = broken(before, event, by, at);
  if (!gate || gate === before || by.kind !== 'person') return { gates, reviews };
  const { round, policy, escalatedAt } = gate;
  const asked = plan?.stages.find(({ name }) => name === stage);
  const question = asked?.kind === 'gate' ? asked.question : stage;
  const review = { stage, round, question, policy, escalatedAt, by, reason, at, signed: null };
  return { gates: { ...gates, [stage]: gate }, reviews: [...reviews, review] };
}

/** Reviews after somebody else has looked at one of them; the first signature counts. */
export const reviewSigned = (
  reviews: readonly Review[],
  { stage, round, words }: EventOf<'review.signed'>,
  by: Actor,
  at: Date,
): readonly Review[] =>
  reviews.map((review) =>
    by.kind === 'person' && !review.signed && review.stage === stage && review.round === round
      ? { ...review, signed: { by, words, at } }
      : review,
  );

/** The review of a gate as it was asked in a round; undefined when nobody went through it alone. */
export const reviewOf = (
  reviews: readonly Review[],
  { stage, round }: Pick<Review, 'stage' | 'round'>,
): Review | undefined => reviews.find((one) => one.stage === stage && one.round === round);

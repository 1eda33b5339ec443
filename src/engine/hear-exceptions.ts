import { inForce } from '../incidents/delegation';
import type { Event } from '../incidents/event';
import { isSame, named } from '../incidents/human';
import type { Review } from '../incidents/review';
import type { RunState } from '../incidents/run-state';
import { gateOf, isVoiceOf, type Person, rolesAsked } from './approval';
import type { Answer, Engine } from './engine';

type Heard = Event | Extract<Answer, { ok: false }>;
const refuse = (words: string) => ({ ok: false, words }) as const;

const SHORTEST_REASON = 10;
/** A role is lent for an incident, not for good. */
const LONGEST_LOAN_MS = 24 * 3_600_000;

/** Going ahead alone, if this person's role may, with a reason that somebody can review. */
export function heardBreakGlass(
  state: RunState,
  { stage, planHash, reason, by }: Parameters<Engine['breakGlass']>[0],
  now: Date,
): Heard {
  const gate = state.gates[stage];
  const { plan } = state;
  if (!plan || !gate || gate.closed)
    return refuse('This approval is not open, so there is no glass to break.');
  if (state.driftOpen || gate.planHash !== planHash)
    return refuse('The plan has changed since this card was drawn. Look at the new one first.');
  if (now >= gate.expiresAt) return refuse('The time to answer this is over.');
  const role = gate.policy.breakGlass;
  if (role === undefined)
    return refuse('The estate names no role that may go ahead alone here. Ask those who may approve.');
  if (!by.roles.includes(role)) return refuse(`Only the role ${role} may go ahead alone.`);
  if (reason.trim().length < SHORTEST_REASON)
    return refuse('Say why this cannot wait for the others: a sentence that they can review afterwards.');
  const choice = gateOf(plan, stage).options.find((option) => option.leads === 'go-on')?.choice ?? '';
  return { type: 'gate.broken', stage, round: gate.round, planHash, choice, reason: reason.trim() };
}

/** The break-glasses of a run that nobody else has looked at since. */
export const openReviews = (state: RunState): readonly Review[] =>
  state.reviews.filter(({ signed }) => !signed);

/** A review of a break-glass, by somebody else who might have answered that gate. Also when the run is over. */
export function heardReview(
  state: RunState,
  { stage, round, words, by }: Parameters<Engine['signReview']>[0],
): Heard {
  const meant = state.reviews.filter(
    (one) => one.stage === stage && (round === undefined || one.round === round),
  );
  const review = meant.find(({ signed }) => !signed) ?? meant.at(-1);
  if (!review) return refuse('Nobody went ahead alone here, so there is nothing to review.');
  if (review.signed) return refuse(`${review.signed.by.name} has already signed this review.`);
  if (isSame(review.by, by)) return refuse('You went ahead alone, so somebody else must review it.');
  if (isSame(state.requester, by)) return refuse('You asked for this run, so somebody else must review it.');
  const may = rolesAsked(review);
  if (!by.roles.some((role) => may.includes(role)))
    return refuse(`Only those who might have answered may sign: ${may.join(', ')}.`);
  return { type: 'review.signed', stage, round: review.round, words: words.trim() };
}

/** Lending a role for a while: never by or to the one who asked for the run, and never what was lent itself. */
export function heardDelegation(
  state: RunState,
  { role, to, until, reason, by, at }: Parameters<Engine['delegate']>[0],
): Heard {
  const problem =
    loanProblem(state, by, to, role) ??
    (until <= at ? 'That moment is over already.' : null) ??
    (until.getTime() - at.getTime() > LONGEST_LOAN_MS
      ? 'A role can be lent for a day at most: name an earlier moment.'
      : null);
  if (problem !== null) return refuse(problem);
  return { type: 'role.delegated', role, to: named(to), until: until.toISOString(), reason };
}

function loanProblem(state: RunState, by: Person, to: Person, role: string): string | null {
  if (!by.roles.includes(role)) return `You do not hold the role ${role} yourself, so you cannot lend it.`;
  if (isSame(by, to)) return 'That is you.';
  if (isSame(by, state.requester)) return 'You asked for this run, so you cannot choose who approves it.';
  if (isSame(to, state.requester)) return `${to.name} asked for this run, so they cannot answer it.`;
  if (to.roles.includes(role)) return `${to.name} holds the role ${role} already.`;
  const used = Object.values(state.gates)
    .flatMap(({ closed, votes }) => (closed ? [] : votes))
    .find((vote) => isVoiceOf(vote, by));
  if (!used) return null;
  return isSame(used.by, by)
    ? 'You have answered already. Withdraw your answer first, then lend the role.'
    : `${used.by.name} has answered on your behalf. Once they have withdrawn that answer, you can lend the role anew.`;
}

/** Taking back every role that this person has lent. */
export function heardReturn(
  state: RunState,
  { by, at }: Parameters<Engine['endDelegation']>[0],
): readonly Event[] | Extract<Answer, { ok: false }> {
  const lent = inForce(state.delegations, at).filter(({ from }) => isSame(from, by));
  return lent.length > 0
    ? lent.map(({ role, to }) => ({ type: 'delegation.ended', role, to: to.id }))
    : refuse('You have lent no role here.');
}

import { inForce } from '../incidents/delegation';
import type { GatePolicy, OnBehalf, RoleQuorum } from '../incidents/event';
import { type Human, isSame, type Named } from '../incidents/human';
import { type GateOption, type GateStage, type Plan, stageOf } from '../incidents/plan';
import type { GateState, RunState, Vote } from '../incidents/run-state';

/** A person as the estate knows them. */
export interface Person extends Named {
  readonly roles: readonly string[];
  /** Why it is not known which more roles they have, in words; absent when it is known. */
  readonly unsure?: string;
}

/** Why a vote does not count, in words for the person who gave it. */
export interface VoteRefusal {
  readonly words: string;
}

/** The gate stage of a plan by its name. @throws when that stage is no gate: a bug, not an event. */
export function gateOf(plan: Plan, name: string): GateStage {
  const stage = stageOf(plan, name);
  if (stage.kind !== 'gate') throw new Error(`"${name}" is a ${stage.kind}, not a gate.`);
  return stage;
}

/** Why a person's answer to a gate may not be recorded; null when it may. */
export function voteRefusal(...asked: Parameters<typeof voiceFor>): VoteRefusal | null {
  const heard = voiceFor(...asked);
  return 'words' in heard ? heard : null;
}

/**
 * The voice with which a person's answer to a gate is recorded, or why it may not be. The requester is barred here,
 * in the engine, from every answer that a quorum is asked for; a card that shows the button by mistake changes nothing.
 */
export function voiceFor(
  state: RunState,
  stage: string,
  choice: string,
  person: Person,
  now: Date,
): Voice | VoteRefusal {
  const gate = state.gates[stage];
  if (!state.plan || !gate) return { words: 'This approval is not open yet.' };
  if (state.finished) return { words: `This run is over: ${state.finished.words}` };
  if (state.driftOpen)
    return { words: 'The plan has changed and is being made anew. Look at the new one first.' };
  if (gate.closed) return { words: `This was already answered: ${gate.closed.choice}.` };
  if (now >= gate.expiresAt) return { words: 'The time to answer this is over.' };
  const option = gateOf(state.plan, stage).options.find((one) => one.choice === choice);
  if (!option) return { words: `"${choice}" is not an answer to this question.` };
  if (option.needsQuorum) return voiceInQuorum(state, gate, person, now);
  const mayAnswer = [...rolesAsked(gate), 'responder'];
  const voice = voiceOf(state, person, now);
  return holds(voice, mayAnswer) ? voice : { words: notListed(mayAnswer, person, voice) };
}

/** One human is one voice: whoever was answered for has none, and no mandate is used by two people. */
function voiceInQuorum(state: RunState, gate: GateState, person: Person, now: Date): Voice | VoteRefusal {
  if (isSame(person, state.requester))
    return { words: 'You asked for this run, so somebody else must approve it.' };
  const listed = rolesAsked(gate);
  const voice = voiceOf(
    state,
    person,
    now,
    (lender) => !isSame(lender, state.requester) && !answerOf(gate, lender, person),
  );
  if (!holds(voice, listed)) {
    const used = voiceOf(state, person, now)
      .onBehalfOf.filter(({ role }) => listed.includes(role))
      .flatMap((lender) => usedWords(gate, lender, person));
    return { words: used[0] ?? notListed(listed, person, voice) };
  }
  const answered = answerOf(gate, person, person);
  return answered ? { words: `${answered.by.name} has already answered on your behalf.` } : voice;
}

const holds = (voice: Voice, roles: readonly string[]): boolean =>
  voice.roles.some((role) => roles.includes(role));

/** Whose voices are in a vote: the voter's, and those of everybody on whose behalf it was given. */
const mandatesOf = ({ by, onBehalfOf }: Pick<Vote, 'by' | 'onBehalfOf'>): readonly Human[] => [
  by,
  ...onBehalfOf,
];

/** Whether somebody's voice is in a vote, be it that they gave it themselves or that another one did for them. */
export const isVoiceOf = (vote: Vote, human: Human): boolean =>
  mandatesOf(vote).some((one) => isSame(one, human));

/** The standing answer of somebody other than the voter that a human's voice is in already. */
const answerOf = ({ votes }: GateState, human: Human, voter: Human): Vote | undefined =>
  votes.find((vote) => !isSame(vote.by, voter) && isVoiceOf(vote, human));

function usedWords(gate: GateState, lender: OnBehalf, person: Person): readonly string[] {
  const vote = answerOf(gate, lender, person);
  if (!vote) return [];
  return isSame(vote.by, lender)
    ? [`${lender.name} has already answered, so nobody can on their behalf.`]
    : [`${vote.by.name} has already answered on behalf of ${lender.name}.`];
}

/** The roles with which somebody answers: their own, less those that they have lent, and those lent to them. */
export interface Voice {
  readonly roles: readonly string[];
  readonly onBehalfOf: readonly OnBehalf[];
  readonly lent: readonly { readonly role: string; readonly to: string; readonly until: string }[];
}

/**
 * Somebody's voice in a run right now. A role that is lent is one voice still: its holder is without it meanwhile.
 * `mayUse` says of which lenders the roles may be used.
 */
export function voiceOf(
  state: Pick<RunState, 'delegations'>,
  person: Person,
  now: Date,
  mayUse: (lender: Human) => boolean = () => true,
): Voice {
  const valid = inForce(state.delegations, now);
  const lent = valid.filter(({ from }) => isSame(from, person));
  const own = person.roles.filter((role) => !lent.some((one) => one.role === role));
  const onBehalfOf = valid
    .filter(({ to, from, role }) => isSame(to, person) && !own.includes(role) && mayUse(from))
    .map(({ role, from }) => ({ role, ...from }));
  return {
    roles: [...new Set([...own, ...onBehalfOf.map(({ role }) => role)])],
    onBehalfOf,
    lent: lent.map(({ role, to, until }) => ({ role, to: to.name, until })),
  };
}

function notListed(roles: readonly string[], person: Person, { lent }: Voice): string {
  const gone = lent.find(({ role }) => roles.includes(role));
  if (!gone && person.unsure !== undefined) return person.unsure;
  return gone
    ? `You have lent the role ${gone.role} to ${gone.to} until ${gone.until}. Take it back first: "@dr delegate back".`
    : `Only ${orList(roles)} may answer this. You are ${roleWords(person)}.`;
}

/** Every role whose holders a gate asks now: those of its policy, and the second group once it is asked as well. */
export const rolesAsked = ({
  policy,
  escalatedAt,
}: Pick<GateState, 'policy' | 'escalatedAt'>): readonly string[] => [
  ...new Set([...listedRoles(policy), ...(escalatedAt && policy.escalation ? [policy.escalation.role] : [])]),
];

/** When a gate's second group is to be asked; null when there is none, or it was asked already. */
export function escalatesAt({ policy, openedAt, escalatedAt, expiresAt }: GateState): Date | null {
  if (!policy.escalation || escalatedAt) return null;
  const at = new Date(openedAt.getTime() + policy.escalation.afterMinutes * 60_000);
  return at < expiresAt ? at : null;
}

/** Whether somebody holds the role that may go ahead alone at a gate. */
export const mayBreakGlass = ({ policy }: Pick<GateState, 'policy'>, { roles }: Person): boolean =>
  policy.breakGlass !== undefined && roles.includes(policy.breakGlass);

/** Every role that a gate's policy names. */
export const listedRoles = (policy: GatePolicy): readonly string[] => [
  ...new Set(policy.needs.map((need) => need.role)),
];

/** How a gate ends. */
export interface GateClosing {
  readonly option: GateOption;
  readonly because: 'quorum' | 'veto' | 'expired';
}

/**
 * The end of a gate, if its votes or the clock have brought it: one veto by a listed role, an answer that needs
 * no quorum, a full quorum, or the expiry with the outcome that the policy states. Otherwise null.
 */
export function gateClosing(plan: Plan, gate: GateState, now: Date): GateClosing | null {
  const { options } = gateOf(plan, gate.stage);
  for (const option of options.filter((one) => !one.needsQuorum)) {
    if (gate.votes.some((vote) => vote.choice === option.choice))
      return { option, because: option.leads === 'stop' ? 'veto' : 'quorum' };
  }
  for (const option of options.filter((one) => one.needsQuorum)) {
    const votes = gate.votes.filter((vote) => vote.choice === option.choice);
    if (missing(gate, votes).length === 0) return { option, because: 'quorum' };
  }
  if (now < gate.expiresAt) return null;
  const option = options.find((one) => one.leads === gate.policy.onExpiry) ?? stop;
  return { option, because: 'expired' };
}

const stop: GateOption = { choice: 'expired', label: 'Expired', leads: 'stop', needsQuorum: false };

/** Somebody with a voice, and the roles that it has. */
type Voter = Pick<Vote, 'roles'> & { readonly by: { readonly id: string } };

/**
 * What a quorum still lacks. One human fills one seat: somebody with two roles does not count for both, so the
 * votes are seated as well as they can be.
 */
export function missing(
  { policy, escalatedAt }: Pick<GateState, 'policy' | 'escalatedAt'>,
  votes: readonly Voter[],
): readonly RoleQuorum[] {
  const seats = policy.needs.flatMap((need) => Array.from({ length: need.count }, () => need.role));
  const seated = seat(seats, votes, escalatedAt ? (policy.escalation?.role ?? null) : null);
  const empty = new Map<string, number>();
  for (const [index, role] of seats.entries()) {
    if (!seated.has(index)) empty.set(role, (empty.get(role) ?? 0) + 1);
  }
  return [...empty].map(([role, count]) => ({ role, count }));
}

/** Maximum matching of voters to seats (augmenting paths): seat index → voter. */
function seat(
  seats: readonly string[],
  votes: readonly Voter[],
  anySeat: string | null,
): ReadonlyMap<number, string> {
  const taken = new Map<number, string>();
  const rolesOf = new Map(votes.map((vote) => [vote.by.id, vote.roles]));
  const place = (voter: string, tried: Set<number>): boolean =>
    seats.some((role, index) => {
      const roles = rolesOf.get(voter) ?? [];
      if (tried.has(index) || !(roles.includes(role) || (anySeat !== null && roles.includes(anySeat))))
        return false;
      tried.add(index);
      const holder = taken.get(index);
      if (holder !== undefined && !place(holder, tried)) return false;
      taken.set(index, voter);
      return true;
    });
  for (const voter of rolesOf.keys()) place(voter, new Set());
  return taken;
}

const orList = (words: readonly string[]): string =>
  words.map((word) => `${/^[aeiou]/i.test(word) ? 'an' : 'a'} ${word}`).join(' or ');

const roleWords = (person: Person): string =>
  person.roles.length > 0 ? person.roles.join(' and ') : 'not in the list of people for this app';

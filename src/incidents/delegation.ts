import type { Actor, Delegated, EventOf } from './event';
import { isSame, type Named, named } from './human';

/** A role that was lent, by whom, and from when. */
export interface Delegation extends Delegated {
  readonly from: Named;
  readonly since: Date;
}

/** A role is lent to one person at a time: lending it again takes it from whoever had it. */
export function delegated(
  all: readonly Delegation[],
  { role, to, until }: EventOf<'role.delegated'>,
  actor: Actor,
  since: Date,
): readonly Delegation[] {
  if (actor.kind !== 'person') return all;
  const others = all.filter((one) => one.role !== role || !isSame(one.from, actor));
  return [...others, { role, to, until, from: named(actor), since }];
}

/** Takes a role back before its time. */
export const takenBack = (
  all: readonly Delegation[],
  { role, to }: EventOf<'delegation.ended'>,
  actor: Actor,
): readonly Delegation[] =>
  actor.kind === 'person'
    ? all.filter((one) => one.role !== role || one.to.id !== to || !isSame(one.from, actor))
    : all;

/** What is lent right now. */
export const inForce = (all: readonly Delegation[], now: Date): readonly Delegation[] =>
  all.filter(({ until }) => now.getTime() < Date.parse(until));

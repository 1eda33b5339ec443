import type { Actor, Delegated, EventOf } from './event';

/** A role that was lent, by whom, and from when. */
export interface Delegation extends Delegated {
  readonly from: { readonly id: string; readonly name: string };
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
  const others = all.filter((one) => one.role !== role || one.from.id !== actor.id);
  return [...others, { role, to, until, from: { id: actor.id, name: actor.name }, since }];
}

/** Takes a role back before its time. */
export const takenBack = (
  all: readonly Delegation[],
  { role, to }: EventOf<'delegation.ended'>,
  actor: Actor,
): readonly Delegation[] =>
  actor.kind === 'person'
    ? all.filter((one) => one.role !== role || one.to.id !== to || one.from.id !== actor.id)
    : all;

/** What is lent right now. */
export const inForce = (all: readonly Delegation[], now: Date): readonly Delegation[] =>
  all.filter(({ until }) => now.getTime() < Date.parse(until));

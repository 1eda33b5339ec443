import { toTheSecond } from '../../azure/to-the-second';
import { missing } from '../../engine/approval';
import type { Directory } from '../../engine/directory';
import type { ProtectedApp } from '../../engine/estate';
import type { RoleQuorum } from '../../incidents/event';
import type { RollCall } from '../roll-calls';
import type { Protection } from './finding';

/** How long a roll-call says something, in days: people change their jobs and their telephones. */
const FRESH_DAYS = 90;

/**
 * Whether those who answered the newest roll-call could open every gate of an app. Whoever called it counts as there.
 * One human takes one seat, as at a gate.
 */
export function approversThere(
  last: RollCall | null,
  { gates }: Pick<ProtectedApp, 'gates'>,
  people: ReturnType<Directory['people']>,
  now: Date,
): Protection {
  const head = { what: 'Approvers', assumed: 'reachable whenever a gate opens' };
  if (last === null)
    return {
      ...{ ...head, found: 'never asked', verdict: 'weaker' },
      words: 'Nobody knows who would answer tonight: “@dr roll-call” asks them.',
    };
  const days = Math.floor((now.getTime() - last.at.getTime()) / 86_400_000);
  const answered = last.people.filter(({ afterMs }) => afterMs !== null);
  const found = `${answered.length} of ${last.people.length} answered the roll-call of ${toTheSecond(last.at)}`;
  if (days > FRESH_DAYS)
    return {
      ...{ ...head, found, verdict: 'weaker' },
      words: `That was ${days} days ago: “@dr roll-call” asks them again.`,
    };
  const there = new Set([last.by.id, ...answered.map(({ id }) => id)].map((id) => id.toLowerCase()));
  const votes = people
    .filter(({ id }) => there.has(id.toLowerCase()))
    .map((by) => ({ by: { id: by.id }, roles: by.roles }));
  const closed = Object.entries(gates).flatMap(([name, policy]) => {
    const lacking = missing({ policy, escalatedAt: null }, votes);
    return lacking.length === 0 ? [] : [`${name} (${lacking.map(seats).join(' and ')})`];
  });
  return {
    ...{ ...head, found, verdict: closed.length === 0 ? 'kept' : 'weaker' },
    words:
      closed.length === 0
        ? 'Those who answered could open every gate.'
        : `Those who answered could not open these gates: ${closed.join(', ')}.`,
  };
}

const seats = ({ role, count }: RoleQuorum): string => `${count} more ${role}`;

import type { Person } from './approval';

/** The roles of the estate that may start, stop and steer runs. */
export const DECIDES: readonly string[] = ['responder', 'approver'];

/** Why somebody may not do something, in words for them; null when they may. */
export function roleRefusal(person: Person, may: 'anyone' | readonly string[]): string | null {
  if (may === 'anyone' || person.roles.some((role) => may.includes(role))) return null;
  const are = person.roles.length > 0 ? person.roles.join(' and ') : 'not in the list of people for this bot';
  return `Only ${may.map((role) => `${article(role)} ${role}`).join(' or ')} may do this. You are ${are}.`;
}

const article = (noun: string): string => (/^[aeiou]/i.test(noun) ? 'an' : 'a');

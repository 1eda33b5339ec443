import type { Person } from '../engine/approval';
import { type Estate, personOf } from '../engine/estate';
import { type Incoming, zoneOf } from './incoming';
import type { Speaking } from './words/say-time';

/** Who asks, where, and how they read and say times. */
export interface Asker {
  readonly person: Person;
  readonly conversation: string;
  readonly personal: boolean;
  readonly zone: string;
  /** False when Teams did not say the zone, and UTC is taken. */
  readonly zoneKnown: boolean;
  readonly locale: string;
}

/** What somebody is told whom Teams did not name. */
export const NOBODY =
  'Teams did not say who you are, so nothing was changed. Sign in with your work account and try again.';

const LONGEST_NAME = 120;

/**
 * Who an activity is from, by their Entra object id, which Teams vouches for; null when there is none. Never by a
 * name, and never by anything that a card sends.
 */
export function askerOf(activity: Incoming, estate: Estate): Asker | null {
  const { from, conversation, locale } = activity;
  if (!from.aadObjectId) return null;
  const zone = zoneOf(activity);
  return {
    person: personOf(estate, from.aadObjectId, (from.name ?? 'Somebody').slice(0, LONGEST_NAME)),
    conversation: conversation.id,
    personal: conversation.conversationType === 'personal',
    zone: zone ?? 'UTC',
    zoneKnown: zone !== null,
    locale: locale || 'en-GB',
  };
}

/** How this person reads and says times at a moment, to the second: nobody means, or wants to read, less. */
export const speakingOf = ({ zone, locale }: Asker, now: Date): Speaking => ({
  ...{ zone, locale },
  now: new Date(Math.floor(now.getTime() / 1000) * 1000),
});

/** Why somebody may not do something, in words for them; null when they may. */
export function roleRefusal(person: Person, may: 'anyone' | readonly string[]): string | null {
  if (may === 'anyone' || person.roles.some((role) => may.includes(role))) return null;
  const are = person.roles.length > 0 ? person.roles.join(' and ') : 'not in the list of people for this bot';
  return `Only ${may.map((role) => `${article(role)} ${role}`).join(' or ')} may do this. You are ${are}.`;
}

const article = (noun: string): string => (/^[aeiou]/i.test(noun) ? 'an' : 'a');

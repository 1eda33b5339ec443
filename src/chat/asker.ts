import type { Person } from '../engine/approval';
import type { Directory } from '../engine/directory';
import type { Speaking } from '../words/say-time';
import { type Incoming, zoneOf } from './incoming';

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
export async function askerOf(activity: Incoming, directory: Directory): Promise<Asker | null> {
  const { from, conversation, locale } = activity;
  if (!from.aadObjectId) return null;
  const zone = zoneOf(activity);
  return {
    person: await directory.person(from.aadObjectId, (from.name ?? 'Somebody').slice(0, LONGEST_NAME)),
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

import { buttonsOf } from '../../../src/simulator/teams/card';
import type { Message } from '../../../src/simulator/teams/store';
import type { World } from '../../support/world';

/** The one-shot token behind a button of this person's card, as somebody could read it off the wire. @throws when there is none. */
export function tokenOf({ teams }: World, person: string, message: Message, title: string): string {
  const data: unknown = buttonsOf(teams.view(person, message) ?? {}).find((one) => one.title === title)?.data;
  if (typeof data === 'object' && data !== null && 'token' in data && typeof data.token === 'string')
    return data.token;
  throw new Error(`${person} has no button "${title}" with a token.`);
}

import type { Person } from '../engine/approval';
import type { Engine } from '../engine/engine';
import type { Estate } from '../engine/estate';
import type { Asked } from './arguments';
import type { Console } from './console';

/** What everything at a terminal works with. */
export interface Desk {
  readonly console: Console;
  readonly engine: Engine;
  readonly estate: Estate;
  readonly asked: Asked;
  readonly now: () => Date;
  /** A fresh id for what is said once. */
  readonly newId: () => string;
  /** Who sits here now, with the roles that they have at this moment. */
  readonly person: () => Promise<Person>;
  /** The account that is signed in here: changes when somebody else signs in. */
  readonly account: () => string;
  /** Told which run this terminal follows, so that it can say how to come back. */
  readonly follows: (incident: string) => void;
  /** Lets somebody else sign in; gives why they could not, or null. */
  readonly change: () => Promise<string | null>;
  /** The IANA time zone of this machine. */
  readonly zone: string;
}

/** Who sits here, with what they may be here for. */
export const personWords = ({ name, roles, unsure }: Person): string =>
  `${name} (${roles.length > 0 ? roles.join(', ') : 'without a role, so may only look'})${unsure === undefined ? '' : `. ${unsure}`}`;

import type { Operator } from '../azure/sign-in';
import type { Person } from '../engine/approval';
import type { Engine } from '../engine/engine';
import { type Estate, personOf } from '../engine/estate';
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
  /** Who sits here now. */
  readonly person: () => Person;
  /** Lets somebody else sign in; gives why they could not, or null. */
  readonly change: () => Promise<string | null>;
  /** The IANA time zone of this machine. */
  readonly zone: string;
}

/** The person of the estate whom Entra has named; somebody whom the estate does not know may nothing. */
export const personFor = (estate: Estate, { id, name }: Operator): Person => personOf(estate, id, name);

/** Who sits here, with what they may be here for. */
export const personWords = ({ name, roles }: Person): string =>
  `${name} (${roles.length > 0 ? roles.join(', ') : 'not in the estate file, so may only look'})`;

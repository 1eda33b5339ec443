import { type Person, playgroundTenant } from './teams/tenant';
import { newId, type World } from './world';

/** How long a code can be entered, and how often a client may ask whether it was, in seconds. Entra says 900 and 5. */
export const CODE_SECONDS = 900;
export const POLL_SECONDS = 1;

/** A sign-in that a client has begun and a person completes in a browser. */
interface Begun {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly clientId: string;
  readonly scope: string;
  readonly expiresAt: number;
  person: Person | null;
}

/** What became of a sign-in, for the client that asks. */
type SignIn =
  | { readonly kind: 'unknown' | 'pending' | 'expired' }
  | { readonly kind: 'done'; readonly person: Person; readonly scope: string };

/** Sign-ins by device code (RFC 8628), while they are under way; a restart forgets them, and people begin again. */
export interface DeviceCodes {
  readonly begin: (clientId: string, scope: string) => { deviceCode: string; userCode: string };
  /** Each sign-in can be redeemed once. */
  readonly redeem: (deviceCode: string, clientId: string) => SignIn;
  /** What a person does in a browser. @throws TypeError naming what is wrong with the code or the name. */
  readonly complete: (userCode: string, person: string) => Person;
}

/** The letters of Entra's codes: none that looks like another. */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXYZ23456789';

/** The sign-ins of one tenant, whose people are those of the Agents Playground. */
export function createDeviceCodes(world: World): DeviceCodes {
  const begun = new Map<string, Begun>();
  return {
    begin: (clientId, scope) => {
      const deviceCode = newId(world.state);
      const userCode = [...newId(world.state).replaceAll('-', '')]
        .slice(0, 9)
        .map((digit, index) => LETTERS[(Number.parseInt(digit, 16) + 7 * index) % LETTERS.length])
        .join('');
      const expiresAt = world.now().getTime() + CODE_SECONDS * 1_000;
      begun.set(deviceCode, { deviceCode, userCode, clientId, scope, expiresAt, person: null });
      return { deviceCode, userCode };
    },
    redeem: (deviceCode, clientId) => {
      const found = begun.get(deviceCode);
      if (!found || found.clientId !== clientId) return { kind: 'unknown' };
      if (found.expiresAt <= world.now().getTime()) return { kind: 'expired' };
      if (!found.person) return { kind: 'pending' };
      begun.delete(deviceCode);
      return { kind: 'done', person: found.person, scope: found.scope };
    },
    complete: (userCode, name) => {
      const code = userCode.trim().toUpperCase();
      const found = [...begun.values()].find((one) => one.userCode === code && one.person === null);
      if (!found || found.expiresAt <= world.now().getTime())
        throw new TypeError(
          `Nobody waits for the code "${userCode}". Begin the sign-in again for a new one.`,
        );
      const wanted = name.trim().toLowerCase();
      const person = playgroundTenant.people.find(
        (one) => one.name.toLowerCase() === wanted || one.givenName.toLowerCase() === wanted,
      );
      if (!person) {
        const people = playgroundTenant.people.map((one) => one.name).join(', ');
        throw new TypeError(`Nobody in the tenant is called "${name}". There are: ${people}.`);
      }
      found.person = person;
      return person;
    },
  };
}

import type { DirectoryPerson } from '../azure/graph/directory';
import type { Estate } from './estate';

/** Which accounts were ever found to be one human's, by the estate file or by a mail address that they had in common. */
export interface KnownAccounts {
  /** Takes in what Entra says now. What it said before stays: who leaves a group is the same human as before. */
  readonly learn: (people: readonly DirectoryPerson[]) => void;
  /** The further accounts of whoever has these, in small letters and in order. */
  readonly besides: (account: string, ...more: readonly string[]) => readonly string[];
}

/** What the estate file knows of accounts, to be added to by readings of Entra. */
export function knownAccounts(people: Estate['people']): KnownAccounts {
  // Accounts and what joins them, each with its neighbours.
  const beside = new Map<string, Set<string>>();
  const join = (account: string, by: string): void => {
    for (const [from, to] of [
      [account.toLowerCase(), by],
      [by, account.toLowerCase()],
    ] as const)
      beside.set(from, (beside.get(from) ?? new Set()).add(to));
  };
  for (const { id, accounts = [] } of people)
    for (const account of [id, ...accounts]) join(account, `${ENTRY}${id.toLowerCase()}`);
  return {
    learn: (found) => {
      for (const { id, mail } of found) if (mail !== null) join(id, `${MAIL}${mail}`);
    },
    besides: (...accounts) => {
      const reached = new Set(accounts.map((account) => account.toLowerCase()));
      // A set goes on with what is added to it meanwhile.
      for (const one of reached) for (const next of beside.get(one) ?? []) reached.add(next);
      return [...reached]
        .filter(
          (one) => !one.startsWith(ENTRY) && !one.startsWith(MAIL) && one !== accounts[0]?.toLowerCase(),
        )
        .sort();
    },
  };
}

const ENTRY = 'entry of ';
const MAIL = 'mail ';

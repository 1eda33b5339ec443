import type { DirectoryPerson, DirectoryReadings } from '../azure/graph/directory';
import type { Person } from './approval';
import { type Estate, personOf } from './estate';
import { knownAccounts } from './known-accounts';

/** Who people are and which roles they have: by the lists of the estate file, and by groups of Microsoft Entra ID. */
export interface Directory {
  /**
   * A person by an account of theirs, with the roles that they have now and every account that is known to be theirs.
   * When Entra cannot be asked in time, the roles of its groups are not had, and `unsure` says so: closed, not open.
   * Whose account it is stays as it was last known.
   */
  readonly person: (account: string, name: string) => Promise<Person>;
  /** Everybody who is known to have a role: the lists, and the members of groups as they were last read. */
  readonly people: () => readonly Person[];
}

/** How long what Entra said holds, in milliseconds: whoever leaves a group has no voice after that. */
const FRESH_MS = 60_000;
/** Teams waits for an answer meanwhile. */
const PATIENCE_MS = 2_500;

/** One reading of all groups. */
interface Reading {
  readonly at: number;
  readonly people: readonly DirectoryPerson[];
  /** Canonical ids by account, in small letters: accounts with the same mail are one human. */
  readonly humans: ReadonlyMap<string, string>;
  /** Roles by canonical id. */
  readonly roles: ReadonlyMap<string, readonly string[]>;
  readonly names: ReadonlyMap<string, string>;
}

/** The directory of an estate. Without groups it asks nobody. */
export function createDirectory(
  estate: Pick<Estate, 'people' | 'groups'>,
  entra: DirectoryReadings,
  now: () => Date,
  {
    freshMs = FRESH_MS,
    patienceMs = PATIENCE_MS,
  }: { readonly freshMs?: number; readonly patienceMs?: number } = {},
): Directory {
  let last: Reading | null = null;
  let reading: Promise<Reading> | null = null;
  const accounts = knownAccounts(estate.people);
  const listed = (account: string, name: string): Person => personOf(estate, account, name);
  /** With all accounts: which of them gives the id depends on who is in a group today, which human it is does not. */
  const known = (person: Person, account: string = person.id): Person => {
    const further = accounts.besides(person.id, account);
    return further.length > 0 ? { ...person, accounts: further } : person;
  };

  /** The newest reading that is still fresh, or a new one; several who ask at once share it. */
  const fresh = (): Promise<Reading> => {
    if (last && now().getTime() - last.at < freshMs) return Promise.resolve(last);
    reading ??= readAll(estate, entra, now)
      .then((read) => {
        last = read;
        accounts.learn(read.people);
        return read;
      })
      .finally(() => {
        reading = null;
      });
    return reading;
  };

  return {
    person: async (account, name) => {
      const person = listed(account, name);
      if (estate.groups.length === 0) return known(person, account);
      try {
        return known(joined(estate, person, await within(fresh(), patienceMs)), account);
      } catch {
        const human = last ? joined(estate, person, { ...last, roles: new Map() }) : person;
        return { ...known(human, account), unsure: UNSURE };
      }
    },
    people: () => {
      if (estate.groups.length === 0) return estate.people.map(({ id, name }) => known(listed(id, name)));
      // For the next time; what is known until then is better than nothing.
      fresh().catch(() => undefined);
      const humans = new Map(estate.people.map(({ id, name }) => [id.toLowerCase(), listed(id, name)]));
      for (const [id, name] of last?.names ?? []) {
        const human = humans.get(id) ?? listed(id, name);
        if (last) humans.set(id, joined(estate, human, last));
      }
      return [...humans.values()].map((person) => known(person));
    },
  };
}

const UNSURE =
  'Your roles come from groups in Entra ID, which cannot be asked right now, so your answer cannot count. Try again in a minute. If it cannot wait, the one whom the estate names may break the glass.';

/** A person by the reading: whoever the account belongs to, with the roles of the file and of the groups. */
function joined(estate: Pick<Estate, 'people'>, known: Person, { humans, roles, names }: Reading): Person {
  const id = humans.get(known.id.toLowerCase()) ?? known.id;
  const human = personOf(estate, id, names.get(id.toLowerCase()) ?? known.name);
  return { ...human, roles: [...new Set([...human.roles, ...(roles.get(id.toLowerCase()) ?? [])])] };
}

/** Reads every group, and who the listed people are, so that accounts of one human are known as such. */
async function readAll(
  { people, groups }: Pick<Estate, 'people' | 'groups'>,
  entra: DirectoryReadings,
  now: () => Date,
): Promise<Reading> {
  const at = now().getTime();
  const ids = [...new Set(groups.map(({ id }) => id))];
  const [members, listed] = await Promise.all([
    Promise.all(ids.map(async (group) => ({ group, people: await entra.membersOf(group) }))),
    Promise.all(people.map(({ id }) => entra.user(id))),
  ]);
  const all = [...listed.flatMap((one) => one ?? []), ...members.flatMap((one) => one.people)];
  const humans = canonical(all, people);
  const roles = new Map<string, readonly string[]>();
  for (const { group, people: inGroup } of members) {
    const given = groups.filter(({ id }) => id === group).map(({ role }) => role);
    for (const { id } of inGroup) {
      const human = (humans.get(id.toLowerCase()) ?? id).toLowerCase();
      roles.set(human, [...new Set([...(roles.get(human) ?? []), ...given])]);
    }
  }
  const names = new Map(all.toReversed().map(({ id, name }) => [id.toLowerCase(), name]));
  const known = new Map([...names].filter(([id]) => (humans.get(id) ?? id).toLowerCase() === id));
  return { at, people: all, humans, roles, names: known };
}

/** One id for each human: that of the estate file where it has one, else the first of the accounts with the same mail. */
function canonical(all: readonly DirectoryPerson[], people: Estate['people']): ReadonlyMap<string, string> {
  const byMail = new Map<string, string>();
  const ofFile = new Map(
    people.flatMap(({ id, accounts = [] }) =>
      [id, ...accounts].map((one) => [one.toLowerCase(), id] as const),
    ),
  );
  const sorted = all.toSorted((a, b) => rank(a, ofFile) - rank(b, ofFile) || a.id.localeCompare(b.id));
  for (const { id, mail } of sorted)
    if (mail !== null && !byMail.has(mail)) byMail.set(mail, ofFile.get(id.toLowerCase()) ?? id);
  return new Map(
    all.map(({ id, mail }) => [
      id.toLowerCase(),
      (mail === null ? undefined : byMail.get(mail)) ?? ofFile.get(id.toLowerCase()) ?? id,
    ]),
  );
}

const rank = ({ id }: DirectoryPerson, ofFile: ReadonlyMap<string, string>): number =>
  ofFile.has(id.toLowerCase()) ? 0 : 1;

async function within<T>(wanted: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Entra did not answer in time.')), ms);
  });
  try {
    return await Promise.race([wanted, late]);
  } finally {
    clearTimeout(timer);
  }
}

import { distance } from 'fastest-levenshtein';

/** A protected app and the names of its databases. */
export type Restorable = { readonly name: string; readonly databases: readonly string[] };

/**
 * What was said after "restore"; nothing is filled in that does not follow from it. `leftover` is what could not
 * be placed, and `problem` says, for the person, why this cannot be gone on with and what to write instead.
 */
export type RestoreWords = {
  readonly app?: string;
  readonly database?: string;
  readonly timeText?: string;
  readonly leftover?: string;
  readonly problem?: string;
};

/**
 * Reads "db to 10:00", "apprequest db to yesterday 6pm", "AppRequestPortal 10 minutes ago" and the like, in any
 * letter case. Names what is meant when it is the only thing that can be meant; a name that nobody knows is a
 * problem, never skipped.
 */
export function readRestore(rest: string, { apps }: { readonly apps: readonly Restorable[] }): RestoreWords {
  const words = rest.split(/\s+/).filter((word) => word !== '');
  const names = namesOf(apps);
  const front = readTargets(words, names, startsTime);
  const { time, behind } = splitBehind(words.slice(front.read), names);
  const said = [...front.said, ...behind];
  const leftover = front.unknown.join(' ');
  const moment = time.join(' ').replace(/^(?:(?:back )?to|as of|from)(?:\s+|$)/i, '');
  // When it was deleted the logs tell: the form offers those moments where no time is named.
  const timeText = beforeTheDeletion.test(moment) ? '' : moment;
  const problem = leftover === '' ? contradictionIn(said, apps) : unknownName(leftover, apps);
  return {
    ...(problem === undefined ? meantBy(said, apps) : {}),
    ...(timeText === '' ? {} : { timeText }),
    ...(leftover === '' ? {} : { leftover }),
    ...(problem === undefined ? {} : { problem }),
  };
}

const beforeTheDeletion =
  /^(?:(?:just|right|shortly|immediately) )?before (?:(?:it|they|that|this) (?:was|were|got) deleted|(?:it|that|this) happened|(?:(?:the|that|this|my|our|his|her|their|[\w.-]+['’]s) )?(?:(?:last|latest|accidental|wrong|data) )?(?:deletions?|deletes?|deleting|removal|loss|accident|mistake))(?: please)?[.!]?$/i;

type Said = { readonly app?: string; readonly database?: string };
type Name = { readonly words: readonly string[]; readonly said: Said };

function namesOf(apps: readonly Restorable[]): readonly Name[] {
  const named = (name: string, said: Said): Name => ({ words: name.toLowerCase().trim().split(/\s+/), said });
  return apps
    .flatMap((app) => [
      named(app.name, { app: app.name }),
      ...app.databases.flatMap((database) => [
        named(database, { database }),
        named(`${app.name}/${database}`, { app: app.name, database }),
      ]),
    ])
    .toSorted((a, b) => b.words.length - a.words.length);
}

const anyDatabase = /^(?:db|database|sql)$/;
const filler = /^(?:the|and|of|for|in|on|app|application|server|please|its|our|my)$/;
const timeStart =
  /^(?:[@+-]?\d|(?:to|back|as|at|from|before|after|until|since|now|just|right|today|yesterday|tomorrow|tonight|noon|midday|midnight|this|last|next|day|half|quarter|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|few|about|around|roughly|exactly)$|(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?$|(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)$)/;

const startsTime = (word: string): boolean => timeStart.test(word);
const bareWord = (word: string): string =>
  word.toLowerCase().replace(/^[("'“`]+|['’]s$|[)"'”`,.:;!?]+$/g, '');

type Targets = { readonly read: number; readonly said: readonly Said[]; readonly unknown: readonly string[] };

/** Reads names from the front until a word that begins a time; what is neither is unknown. */
function readTargets(
  words: readonly string[],
  names: readonly Name[],
  isEnd: (word: string) => boolean,
): Targets {
  const bare = words.map(bareWord);
  const said: Said[] = [];
  const unknown: string[] = [];
  let read = 0;
  while (read < words.length) {
    const word = bare[read] ?? '';
    const name = names.find((each) => each.words.every((part, index) => part === bare[read + index]));
    if (name === undefined && isEnd(word)) break;
    if (name !== undefined)
      said.push(...names.filter((each) => sameWords(each, name)).map((each) => each.said));
    else if (anyDatabase.test(word)) said.push({});
    else if (!filler.test(word)) unknown.push(words[read] ?? '');
    read += name?.words.length ?? 1;
  }
  return { read, said: withoutDoubles(said), unknown };
}

const sameWords = (a: Name, b: Name): boolean => a.words.join(' ') === b.words.join(' ');

// A name that several apps give to a database says nothing more the second time.
function withoutDoubles(said: readonly Said[]): readonly Said[] {
  return said.filter(
    (each, index) =>
      said.findIndex((other) => other.app === each.app && other.database === each.database) === index,
  );
}

// Enough for "of the database Audit Trail in the app billing please".
const mostWordsBehind = 12;

/** Splits "10:00 yesterday in apprequest" into its time and the names behind it. */
function splitBehind(
  words: readonly string[],
  names: readonly Name[],
): { readonly time: readonly string[]; readonly behind: readonly Said[] } {
  for (let from = Math.max(1, words.length - mostWordsBehind); from < words.length; from += 1) {
    const { said, unknown } = readTargets(words.slice(from), names, () => false);
    if (said.length > 0 && unknown.length === 0) return { time: words.slice(0, from), behind: said };
  }
  return { time: words, behind: [] };
}

function contradictionIn(said: readonly Said[], apps: readonly Restorable[]): string | undefined {
  const named = distinct(said.flatMap(({ app }) => app ?? []));
  const databases = distinct(said.flatMap(({ database }) => database ?? []));
  const several = [named, databases].find((names) => names.length > 1);
  if (several) return `You named ${several.join(' and ')}. Restore one at a time.`;
  const [app] = named;
  const [database] = databases;
  const own = apps.find(({ name }) => name === app);
  if (own === undefined || database === undefined || own.databases.includes(database)) return undefined;
  return `${own.name} has no database “${database}”. ${itsDatabases(own)}`;
}

function meantBy(said: readonly Said[], apps: readonly Restorable[]): Said {
  if (said.length === 0) return {};
  const app = said.find((each) => each.app !== undefined)?.app;
  const database = said.find((each) => each.database !== undefined)?.database;
  const owners = apps.filter(
    ({ name, databases }) =>
      (app === undefined || name === app) && (database === undefined || databases.includes(database)),
  );
  const [owner] = owners;
  if (owner === undefined || owners.length > 1) return database === undefined ? {} : { database };
  const [only, ...more] = owner.databases;
  const meant = database ?? (more.length === 0 ? only : undefined);
  return { app: owner.name, ...(meant === undefined ? {} : { database: meant }) };
}

// A hint, not an inventory: more than these nobody reads in a chat.
const mostAppsListed = 5;

function unknownName(unknown: string, apps: readonly Restorable[]): string {
  const databases = distinct(apps.flatMap((app) => app.databases));
  const shown = unknown.length > 60 ? `${unknown.slice(0, 60)}…` : unknown;
  const near = [...databases, ...apps.map(({ name }) => name)]
    .map((name) => ({ name, mistakes: distance(name.toLowerCase(), shown.toLowerCase()) }))
    .filter(({ name, mistakes }) => mistakes <= name.length * 0.4)
    .toSorted((a, b) => a.mistakes - b.mistakes)[0];
  const guess = near === undefined ? '' : ` Did you mean ${near.name}?`;
  return `I do not know “${shown}”.${guess} ${apps.slice(0, mostAppsListed).map(itsDatabases).join(' ')}`.trim();
}

function itsDatabases({ name, databases }: Restorable): string {
  return databases.length === 0
    ? `${name} has no databases.`
    : `Databases of ${name}: ${databases.join(', ')}.`;
}

const distinct = (names: readonly string[]): readonly string[] => [...new Set(names)];

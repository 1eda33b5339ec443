import type { Findings, Probe } from './finding';

/** How a finding counts, in a word that stands beside it: colours alone say nothing to many people. */
export type Mark = 'well' | 'broken' | 'noticed' | 'not known';

/** A finding as a line for people. */
export interface Row {
  readonly probe: Probe;
  readonly title: string;
  readonly mark: Mark;
  readonly words: string;
  /** When it was seen, ISO 8601, UTC. */
  readonly at: string;
}

const titles: { readonly [probe in Probe]: string } = {
  app: 'App',
  signIn: 'Sign-in',
  secrets: 'Key Vault',
  database: 'Database',
  storage: 'Storage',
  region: 'Region',
  azure: 'Azure itself',
  changes: 'Recent changes',
};

/** Every finding as a line: what is wrong first, and else in the order in which the decision tree asks for them. */
export const rowsOf = (findings: Findings): readonly Row[] =>
  (Object.keys(titles) as Probe[])
    .map((probe) => {
      const { words, at } = findings[probe];
      return { probe, title: titles[probe], mark: marks[probe](findings), words, at };
    })
    .sort((one, other) => order.indexOf(one.mark) - order.indexOf(other.mark));

const order: readonly Mark[] = ['broken', 'not known', 'noticed', 'well'];

const marks: { readonly [probe in Probe]: (findings: Findings) => Mark } = {
  azure: ({ azure }) => (azure.state === 'answers' ? 'well' : 'broken'),
  app: ({ app }) => (app.state === 'green' ? 'well' : app.state === 'refused' ? 'not known' : 'broken'),
  signIn: ({ signIn }) =>
    signIn.state !== 'answers' || signIn.password === 'expired' || signIn.password === 'none'
      ? 'broken'
      : 'well',
  secrets: ({ secrets }) => markOf(secrets.state, 'fine'),
  database: ({ database }) => (database.state === 'busy' ? 'noticed' : markOf(database.state, 'online')),
  storage: ({ storage }) => markOf(storage.state, 'reachable'),
  region: ({ region }) => {
    if (region.state !== 'read') return 'not known';
    if (region.resources.some(({ state }) => state === 'unavailable')) return 'broken';
    return region.resources.some(({ state }) => state === 'degraded') ? 'noticed' : 'well';
  },
  changes: ({ changes }) => {
    if (changes.state !== 'read') return 'not known';
    return changes.changes.some(({ kind }) => kind !== 'other') ? 'noticed' : 'well';
  },
};

const markOf = (state: string, well: string): Mark =>
  state === well ? 'well' : state === 'unknown' ? 'not known' : 'broken';

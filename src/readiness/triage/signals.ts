import type { Findings, Part } from './finding';

/** What each part of the app says about the region it is in: a sign of life, of failure, or neither. */
export type Signals = { readonly [part in Part]: 'up' | 'down' | 'unknown' };

/**
 * The signs of the primary region. A part that answered for itself is a sign of life, whatever it answered. Azure
 * Resource Health overrules what Resource Manager remembers of a database, which no probe of ours has touched.
 */
export function signals(findings: Findings): Signals {
  const { app, secrets, database, storage } = findings;
  return {
    app: appAnswers(app.state) ? 'up' : appFails(app.state) ? 'down' : 'unknown',
    secrets: secrets.state === 'unreachable' ? 'down' : answered.has(secrets.state) ? 'up' : 'unknown',
    database:
      database.state === 'unreachable' || reported(findings, 'database') === 'unavailable'
        ? 'down'
        : database.state === 'online'
          ? 'up'
          : 'unknown',
    storage: storage.state === 'unreachable' ? 'down' : storage.state === 'reachable' ? 'up' : 'unknown',
  };
}

const appAnswers = (state: Findings['app']['state']): boolean =>
  state === 'green' || state === 'unhealthy' || state === 'refused';

const appFails = (state: Findings['app']['state']): boolean => state === 'failing' || state === 'silent';

/** States of the secrets that only a vault which answers can lead to. */
const answered: ReadonlySet<Findings['secrets']['state']> = new Set(['fine', 'secret-lost', 'denied']);

/** What Azure Resource Health says of a part; null when it says nothing of it. */
const reported = ({ region }: Findings, part: Part) =>
  (region.state === 'read' ? region.resources.find((one) => one.part === part)?.state : undefined) ?? null;

/** The parts that have this sign. */
export const partsThatAre = (signs: Signals, is: 'up' | 'down' | 'unknown'): readonly Part[] =>
  (Object.keys(signs) as Part[]).filter((part) => signs[part] === is);

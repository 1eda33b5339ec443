import type { RecentChange } from '../../../azure/insights/recent-changes';
import type { Change, ChangesFinding } from '../finding';
import type { Probing } from './probe';
import { at, unknownFrom } from './within';

/** How far back changes are looked for, in hours: what was well for longer was not broken by one. */
const HOURS = 24;
const MOST = 40;

/** What people and programs changed in the app's resource group. */
export async function probeChanges({ app, azure, now }: Probing): Promise<ChangesFinding> {
  try {
    const since = new Date(now().getTime() - HOURS * 3_600_000);
    const changes = (await azure.insights.changes(app, since)).slice(0, MOST).map(changeOf);
    return { state: 'read', changes, words: wordsOf(changes), at: at(now) };
  } catch (error) {
    return unknownFrom(error, 'The activity log', now);
  }
}

const changeOf = ({ at: time, by, kind, resourceId }: RecentChange): Change => ({
  ...{ at: time.toISOString(), by, kind },
  resource:
    resourceId
      .replace(/\/config\/[^/]+$/i, '')
      .split('/')
      .at(-1) ?? resourceId,
});

const verbs: { readonly [kind in Change['kind']]: string } = {
  settings: 'settings changed',
  deployment: 'deployed',
  stop: 'stopped',
  start: 'started',
  restart: 'restarted',
  deletion: 'deleted',
  failover: 'failed over',
  other: 'changed',
};

/** The changes that may explain a failure, newest first; the rest is only counted. */
function wordsOf(changes: readonly Change[]): string {
  const telling = changes.filter(({ kind }) => kind !== 'other');
  if (changes.length === 0) return `No changes in the last ${HOURS} hours.`;
  const shown = telling
    .slice(0, 3)
    .map(
      ({ kind, resource, by, at: time }) => `${resource} ${verbs[kind]} by ${by} at ${time.slice(11, 16)}Z`,
    );
  const rest = changes.length - shown.length;
  return `${[...shown, ...(rest > 0 ? [`${rest} more in the last ${HOURS} hours`] : [])].join('; ')}.`;
}

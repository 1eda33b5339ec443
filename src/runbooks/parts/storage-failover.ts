import { isGeoRedundant, type StorageAccount } from '../../azure/storage/account';
import type { Choice, Compiled } from '../../engine/runbook';
import { refuse } from './refuse';
import { redundancyWords } from './storage-words';

/** What a person asked for: `auto` is planned wherever Azure can, since that loses nothing. */
export type Asked = 'auto' | 'planned' | 'unplanned';

/** What will be done: from where to where, and whether anything is lost by it. */
export interface Failover {
  readonly how: 'planned' | 'unplanned';
  readonly from: string;
  readonly to: string;
  /** The redundancy before; an unplanned failover takes the second region away from it. */
  readonly sku: string;
  /** The redundancy right after. */
  readonly skuAfter: string;
  /** Everything written before it is in the second region. Null: Azure does not tell. */
  readonly lastSync: Date | null;
  /** Whether the primary region answers, and data is lost all the same. */
  readonly needless: boolean;
}

type Decided = { readonly failover: Failover } | Exclude<Compiled, { plan: unknown }>;

/** What is left of a redundancy in one region: zones stay, the second region goes. */
const localOf = (sku: string): string => (sku.includes('GZRS') ? 'Standard_ZRS' : 'Standard_LRS');

/** What to say wherever a failover is not possible. */
export const REPLACE = 'Make a new storage account instead: "@dr replace storage".';

const replaceInstead: Choice = {
  ...{ words: 'Make a new storage account instead', runbook: 'replace-storage', parameters: {} },
};

/** Which failover this account can have now, or why none and what would work. */
export function failoverOf(account: StorageAccount, asked: Asked): Decided {
  const { name, sku, replication, primaryAnswers, secondaryLocation } = account;
  if (account.failoverInProgress)
    return refuse(
      'FailoverInProgress',
      `Azure is failing "${name}" over already. Wait for its end (up to an hour or more), then look again.`,
    );
  if (!isGeoRedundant(sku) || secondaryLocation === null)
    return otherwise(
      'NotGeoRedundant',
      `"${name}" is ${redundancyWords(sku)}: it has no copy in a second region, so there is nothing to fail over to.`,
    );
  const notYet = whyNot(account, secondaryLocation);
  if (notYet) return otherwise('NothingToFailOverTo', notYet);
  const planned = replication?.canFailOverPlanned === true;
  if (asked === 'planned' && !planned)
    return {
      ...refuse(
        'NoPlannedFailover',
        `A planned failover needs both regions, and Azure offers none for "${name}" now (${account.primaryLocation} ${primaryAnswers ? 'answers' : 'does not answer'}). An unplanned one loses what was not copied.`,
      ),
      // The form offers the unplanned one as `auto` now: should the primary come back meanwhile, nothing need be lost.
      choices: [{ words: 'Fail over unplanned', parameters: { how: 'auto' } }],
    };
  const how = planned && asked !== 'unplanned' ? 'planned' : 'unplanned';
  return {
    failover: {
      ...{ how, from: account.primaryLocation, to: secondaryLocation, sku },
      skuAfter: how === 'planned' ? sku : localOf(sku),
      lastSync: replication?.lastSync ?? null,
      needless: how === 'unplanned' && primaryAnswers,
    },
  };
}

/** Why the second region cannot take over, or null when it can, or nobody knows while the first is away. */
function whyNot({ name, replication, primaryAnswers }: StorageAccount, secondary: string): string | null {
  if (replication === null)
    return primaryAnswers
      ? `Azure does not tell how far the copy of "${name}" in ${secondary} is, as in the first minutes after the redundancy was changed. Ask again in some minutes.`
      : null;
  if (replication.status === 'Bootstrap')
    return `The first copy of "${name}" to ${secondary} is not complete yet, so nothing can be failed over to.`;
  if (replication.status === 'Unavailable')
    return `The second region of "${name}", ${secondary}, does not answer, so it cannot take over.`;
  return replication.canFailOver || replication.canFailOverPlanned
    ? null
    : `Azure says that "${name}" cannot be failed over now.`;
}

const otherwise = (code: string, why: string): Decided => ({
  ...refuse(code, `${why} ${REPLACE}`),
  choices: [replaceInstead],
});

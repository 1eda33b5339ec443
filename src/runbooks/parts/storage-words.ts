import { isGeoRedundant, type StorageAccount } from '../../azure/storage/account';
import { toTheSecond } from '../../azure/to-the-second';
import type { Plan } from '../../incidents/plan';
import type { Failover } from './storage-failover';

/** Where an account's data is, for people. */
export function regionsWords(account: StorageAccount): string {
  const { primaryLocation, primaryAnswers, secondaryLocation, secondaryAnswers } = account;
  const state = (answers: boolean) => (answers ? 'answers' : 'does not answer');
  const first = `${primaryLocation} (primary, ${state(primaryAnswers)})`;
  return secondaryLocation === null
    ? `${first}, and nowhere else`
    : `${first} and ${secondaryLocation} (${state(secondaryAnswers)})`;
}

/** A redundancy for people, with Azure's own name for it. */
export const redundancyWords = (sku: string): string => {
  if (isGeoRedundant(sku)) return `geo-redundant (${sku})`;
  return sku.endsWith('ZRS') ? `redundant in one region (${sku})` : `locally redundant (${sku})`;
};

/** What a failover loses. The Last Sync Time is Azure's own: everything before it is in the second region. */
export function failoverLoss({ how, lastSync }: Failover, requestedAt: Date): Plan['loss'] {
  if (how === 'planned')
    return {
      ...{ minutes: 0, from: null, settledBy: null },
      words: 'None: Azure copies everything before it swaps the regions.',
    };
  if (lastSync === null)
    return {
      ...{ minutes: null, from: null, settledBy: null },
      words:
        'Not known: Azure does not tell the Last Sync Time. Everything that was not copied yet is lost for good; mostly that is less than 15 minutes of writes, and nobody promises it.',
    };
  const minutes = Math.max(0, Math.ceil((requestedAt.getTime() - lastSync.getTime()) / 60_000));
  const from = toTheSecond(lastSync);
  return {
    ...{ minutes, from, settledBy: 'fail-over' },
    words: `Up to ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} of writes, for good: everything written after ${from}, Azure's Last Sync Time. Packaging jobs put into the queue since then are gone; jobs finished since then may come back and be done twice.`,
  };
}

/** What people must know before they say yes to a failover. */
export function failoverNotices(account: StorageAccount, failover: Failover): string[] {
  const { how, from, to, sku, skuAfter, needless } = failover;
  const kept = `${account.name} keeps its address and keys: no secret changes, and the app need not be restarted. The app itself stays where it is, so it reaches its storage in ${to} more slowly.`;
  if (how === 'planned')
    return [
      `${from} and ${to} swap their parts, and the account stays ${redundancyWords(sku)}. While Azure copies the rest, the account takes no writes.`,
      kept,
    ];
  return [
    ...(needless
      ? [
          `${from} seems to answer, and this loses data all the same. Choose the planned failover if Azure offers it, or wait.`,
        ]
      : []),
    `Afterwards the account is ${redundancyWords(skuAfter)}: in ${to} alone, with no second copy, until the last part of this plan has made it ${redundancyWords(sku)} again. For that ${from} must answer; the copy costs transfer, and takes minutes or days, depending on how much there is.`,
    kept,
    'Azure says "typically less than an hour", and does not tell how far it is meanwhile.',
  ];
}

/** What to do once a failover is over. */
export const failoverAfterwards = ({ how, from, to }: Failover): string[] => [
  how === 'planned'
    ? `To go back to ${from} later: "@dr failover storage", planned again.`
    : `To go back to ${from} later: once the copy there is complete, "@dr failover storage" is a planned failover that loses nothing.`,
  ...(how === 'unplanned'
    ? [
        'Put the packaging jobs that were lost into the queue again, and look whether a package was made twice.',
      ]
    : []),
  `The account's own field "location" in Azure goes on saying where it was made; its data is in ${to}.`,
];

import { AzureProblem } from '../../azure/operation';
import type { StorageAccount } from '../../azure/storage/account';
import { toTheSecond } from '../../azure/to-the-second';
import type { Context, FormData } from '../../engine/runbook';
import type { JsonObject } from '../../incidents/json';
import { type Asked, type Failover, failoverOf, REPLACE } from './storage-failover';
import { failoverLoss, redundancyWords, regionsWords } from './storage-words';

/** The values of the failover's form: how the account stands, and what each kind of failover would cost. */
export async function failoverForm({ app, azure, now }: Context, known: JsonObject): Promise<FormData> {
  const [account, reach] = await Promise.all([
    azure.storage.account(app.storage).catch(inWords),
    azure.storage.reachable(app.storage),
  ]);
  const head = {
    ...{ app: app.name, appTitle: app.title, account: app.storage.account },
    ...{ serves: reach.words, reason: String(known['reason'] ?? '') },
  };
  if (typeof account === 'string') return { ...head, ...nothing, blocked: account };
  if (account === null)
    return {
      ...{ ...head, ...nothing },
      blocked: `There is no storage account "${app.storage.account}" in ${app.storage.resourceGroup}. ${REPLACE}`,
    };
  const decided = failoverOf(account, 'auto');
  return {
    ...head,
    regions: regionsWords(account),
    redundancy: redundancyWords(account.sku),
    copied: account.replication?.lastSync ? toTheSecond(account.replication.lastSync) : null,
    ...('failover' in decided
      ? { blocked: '', ...choicesFor(account, decided.failover, asked(known), now) }
      : { ...none, blocked: decided.refused.what }),
  };
}

const none = { hows: [], how: 'auto' };
const nothing = { regions: 'not known', redundancy: 'not known', copied: null, ...none };

const asked = (known: JsonObject): Asked => {
  const how = known['how'];
  return how === 'planned' || how === 'unplanned' ? how : 'auto';
};

/**
 * What can be chosen: each with what it loses, the best first. The best is asked for as `auto`: if the regions change
 * before it begins, the plan is made anew for what is best then, and people are asked again.
 */
function choicesFor(account: StorageAccount, best: Failover, wanted: Asked, now: Date) {
  const unplanned = failoverOf(account, 'unplanned');
  const loss = 'failover' in unplanned ? lossWords(unplanned.failover, now) : '';
  const atOnce = `Unplanned: ${loss} One region afterwards`;
  const sure = wanted === 'planned' ? 'planned' : 'auto';
  const hows =
    best.how === 'planned'
      ? [
          { title: 'Planned: both regions answer, and nothing is lost', value: sure },
          { title: atOnce, value: 'unplanned' },
        ]
      : [{ title: atOnce, value: 'auto' }];
  const how = hows.find(({ value }) => value === wanted) ?? hows[0];
  return { hows, how: how?.value ?? 'auto' };
}

function lossWords(failover: Failover, now: Date): string {
  const { minutes } = failoverLoss(failover, now);
  return minutes === null
    ? 'how much is lost is not known.'
    : `loses up to ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} of writes.`;
}

/** What Azure refused, as words for the form. @throws what is no refusal of Azure's. */
function inWords(error: unknown): string {
  if (error instanceof AzureProblem) return error.message;
  throw error;
}

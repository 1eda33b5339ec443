import type { StorageAccountRef } from '../../azure/refs';
import type { Context, Runbook } from '../../engine/runbook';
import { isUnread, orUnread } from './or-unread';
import { redundancyWords, regionsWords } from './storage-words';

/** Where the account's data is right now, whether it serves, and how the app is. */
export const storageTruth: Runbook['truth'] = async (plan, _state, context) => {
  const { app, azure } = context;
  const made = plan.stages.find(
    (stage) => stage.kind === 'step' && stage.does.op === 'storage.create-account',
  );
  const fresh = made?.kind === 'step' ? made.target : null;
  const accounts = [app.storage, ...(fresh === null ? [] : [{ ...app.storage, account: fresh }])];
  const [health, ...words] = await Promise.all([
    azure.health(app.healthUrl),
    ...accounts.map((one) => accountTruth(one, context)),
  ]);
  return [...words.flat(), `The app: ${health.words}`];
};

async function accountTruth(ref: StorageAccountRef, { azure }: Context): Promise<readonly string[]> {
  const [account, reach] = await Promise.all([
    orUnread(azure.storage.account(ref)),
    azure.storage.reachable(ref),
  ]);
  if (isUnread(account))
    return [`${ref.account}: ${reach.words}. How it stands cannot be read right now: ${account.unread}`];
  if (account === null) return [`There is no storage account ${ref.account}.`];
  const moving = account.failoverInProgress ? ' Azure is failing it over at this moment.' : '';
  return [
    `${account.name} is ${redundancyWords(account.sku)}, in ${regionsWords(account)}; ${reach.words}.${moving}`,
  ];
}

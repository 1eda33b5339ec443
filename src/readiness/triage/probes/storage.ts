import { AzureProblem } from '../../../azure/operation';
import type { StorageAccount } from '../../../azure/storage/account';
import { isGeoRedundant } from '../../../azure/storage/account';
import type { StorageReach } from '../../../azure/storage/reach';
import type { StorageFinding } from '../finding';
import type { Probing } from './probe';
import { at, lastSeen, within } from './within';

/** The storage account: what its services answer, and what Azure says of its primary region. */
export async function probeStorage({ app, azure, now, partMs }: Probing): Promise<StorageFinding> {
  const { account: name } = app.storage;
  const [reach, account] = await Promise.all([
    within(
      partMs,
      lastSeen(
        () => azure.storage.reachable(app.storage),
        ({ ok }) => ok,
        partMs,
      ),
      () => silent(partMs),
    ),
    within(partMs, accountOf(azure.storage.account(app.storage)), () => 'not known' as const),
  ]);
  if (account === 'none')
    return {
      ...{ state: 'missing', geoRedundant: null, reported: true, at: at(now) },
      words: `There is no storage account ${name}.`,
    };
  const geoRedundant = account === 'not known' ? null : isGeoRedundant(account.sku);
  const reported = account !== 'not known' && !account.primaryAnswers;
  const said =
    account === 'not known'
      ? ' What Azure says of its primary region could not be read.'
      : ` Azure calls its primary region ${reported ? 'unavailable' : 'available'}.`;
  const seen = { geoRedundant, reported, words: `Of ${name}: ${reach.words}.${said}`, at: at(now) };
  if (reported || reach.services.some(({ answered }) => answered === false))
    return { state: 'unreachable', ...seen };
  if (reach.ok) return { state: 'reachable', ...seen };
  return {
    state: 'unknown',
    because: 'refused',
    words: `${seen.words} So the bot cannot tell.`,
    at: at(now),
  };
}

/** What Azure knows of the account: that there is none, or nothing because it did not say. */
async function accountOf(
  reading: Promise<StorageAccount | null>,
): Promise<StorageAccount | 'none' | 'not known'> {
  try {
    return (await reading) ?? 'none';
  } catch (error) {
    if (!(error instanceof AzureProblem)) throw error;
    return 'not known';
  }
}

const silent = (ms: number): StorageReach => {
  const words = `no answer within ${ms / 1000} s`;
  return { ok: false, words, services: [{ service: 'queue', ok: false, answered: false, words }] };
};

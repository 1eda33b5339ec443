import { restoreTruth } from '../../src/runbooks/parts/restore-truth';
import { createFakeAzure, freshState } from '../support/fake-azure';
import { planOf, step } from '../support/plans';
import { shop } from '../support/protected-app';
import { noon, requested, stateAfter } from '../support/story';

const now = () => noon;

/** The words for a swap in which the original has the id `original` and the restored copy `restored`. */
async function truthOf(ids: Readonly<Record<string, string>>): Promise<string> {
  const state = freshState();
  const { shop: like } = state.databases[shop.sqlServer.server] ?? {};
  if (!like) throw new Error('A fresh Azure has no shop.');
  state.databases[shop.sqlServer.server] = Object.fromEntries(
    Object.entries(ids).map(([name, id]) => [name, { ...like, id }]),
  );
  const plan = planOf(
    [
      step('restore', { does: { op: 'sql.point-in-time-restore', target: 'shop-restored' } }),
      step('set-aside', { does: { op: 'sql.rename', from: 'shop', to: 'shop-old' } }),
    ],
    { parameters: { app: 'shop', database: 'shop' }, observed: { 'database id': 'original' } },
  );
  const run = { ...stateAfter(requested), facts: { 'restore.databaseId': 'restored' } };
  const azure = createFakeAzure({ now, state });
  return (await restoreTruth(plan, run, { app: shop, azure, now: noon, past: () => null })).join(' ');
}

test('the state of a swap is told by what the databases are, not by what they are called', async () => {
  expect(await truthOf({ shop: 'original', 'shop-restored': 'restored' })).toMatch(
    /shop exists and is Online: it is the original data\..*restored copy is in shop-restored/,
  );
  expect(await truthOf({ 'shop-old': 'original', 'shop-restored': 'restored' })).toMatch(
    /There is no database named shop right now.*original data is safe in shop-old/,
  );
  expect(await truthOf({ shop: 'restored', 'shop-old': 'original' })).toMatch(
    /it is the restored data\. The original data is safe in shop-old/,
  );
});

test('a database that somebody else put in the place of production is not taken for the restored one', async () => {
  const words = await truthOf({ shop: 'empty', 'shop-old': 'original', 'shop-restored': 'restored' });
  expect(words).toContain('it is neither the original nor the restored data');
  expect(words).toContain('The original data is safe in shop-old');
  expect(await truthOf({ shop: 'restored', 'shop-old': 'empty' })).toContain(
    'shop-old exists (Online), but it is not the original data.',
  );
});

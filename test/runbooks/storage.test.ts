import type { StorageAccount } from '../../src/azure/storage/account';
import { namesFor } from '../../src/runbooks/parts/new-account';
import { failoverOf } from '../../src/runbooks/parts/storage-failover';
import { failoverLoss } from '../../src/runbooks/parts/storage-words';

test.each([
  ['stappreqdemo01', 'inc7-1', 'stappreqdemo01i7r1'],
  // The stem of an account that a run has made is kept, and the run is replaced.
  ['stappreqdemo01i7r1', 'inc9-2', 'stappreqdemo01i9r2'],
  ['stappreqdemo01i7r1a', 'inc9-2', 'stappreqdemo01i9r2'],
  // Azure allows 24 characters.
  ['averylongstorageaccount1', 'inc1234-12', 'averylongstoragei1234r12'],
  ['st', 'play', 'stplay'],
])('the account that takes the place of %s in run %s is %s', (old, run, name) => {
  expect(namesFor(old, run)[0]).toBe(name);
});

test('every name that a run may give is one that Azure allows, and no two are the same', () => {
  const names = namesFor('averylongstorageaccount1', 'inc99999-999');

  for (const name of names) expect(name).toMatch(/^[a-z0-9]{3,24}$/);
  expect(new Set(names).size).toBe(names.length);
});

const lastSync = new Date('2026-02-14T11:53:20Z');
const healthy: StorageAccount = {
  ...{ name: 'stshop', resourceId: 'stshop', state: 'Succeeded', sku: 'Standard_RAGRS', kind: 'StorageV2' },
  ...{ location: 'eastus', primaryLocation: 'eastus', primaryAnswers: true },
  ...{ secondaryLocation: 'westus', secondaryAnswers: true, failoverInProgress: false },
  replication: { status: 'Live', lastSync, canFailOver: true, canFailOverPlanned: true },
  ...{ createdAt: null, minimumTlsVersion: 'TLS1_2', restricted: false, tags: {} },
};
const down: StorageAccount = {
  ...{ ...healthy, primaryAnswers: false },
  replication: { status: 'Live', lastSync, canFailOver: true, canFailOverPlanned: false },
};
const copying = { status: 'Bootstrap', lastSync: null, canFailOver: false, canFailOverPlanned: false };

test.each([
  ['both regions answer', 'planned', healthy, 'auto', 'Standard_RAGRS'],
  ['both regions answer, and at once is asked for', 'unplanned', healthy, 'unplanned', 'Standard_LRS'],
  ['the primary does not answer', 'unplanned', down, 'auto', 'Standard_LRS'],
  ['zones are kept', 'unplanned', { ...down, sku: 'Standard_GZRS' }, 'auto', 'Standard_ZRS'],
  [
    'nobody can tell how far the copy is',
    'unplanned',
    { ...down, replication: null },
    'auto',
    'Standard_LRS',
  ],
] as const)('where %s, the failover is %s', (_words, how, account, asked, skuAfter) => {
  expect(failoverOf(account, asked)).toMatchObject({
    failover: { how, from: 'eastus', to: 'westus', skuAfter },
  });
});

test.each([
  [
    'there is no second region',
    { ...healthy, sku: 'Standard_LRS', secondaryLocation: null },
    'NotGeoRedundant',
  ],
  ['the first copy is not complete', { ...healthy, replication: copying }, 'NothingToFailOverTo'],
  [
    'the second region does not answer',
    { ...healthy, replication: { ...copying, status: 'Unavailable' } },
    'NothingToFailOverTo',
  ],
  ['Azure does not tell, and the primary serves', { ...healthy, replication: null }, 'NothingToFailOverTo'],
  ['one is under way already', { ...healthy, failoverInProgress: true }, 'FailoverInProgress'],
] as const)('where %s, there is none, and it is said what to do', (_words, account, code) => {
  const decided = failoverOf(account, 'auto');

  expect(decided).toMatchObject({ refused: { code } });
  expect(JSON.stringify(decided)).toMatch(/replace storage|Ask again|Wait for its end/);
});

test('a planned failover that cannot be had is refused with the other as a choice', () => {
  expect(failoverOf(down, 'planned')).toMatchObject({
    refused: { code: 'NoPlannedFailover' },
    choices: [{ parameters: { how: 'auto' } }],
  });
});

test('the loss is counted from the Last Sync Time, is none when planned, and is unknown where Azure does not tell', () => {
  const at = new Date('2026-02-14T12:00:00Z');
  const lossOf = (account: StorageAccount) => {
    const decided = failoverOf(account, 'auto');
    return 'failover' in decided ? failoverLoss(decided.failover, at) : null;
  };

  expect(lossOf(down)).toMatchObject({ minutes: 7, from: '2026-02-14T11:53:20Z', settledBy: 'fail-over' });
  expect(lossOf(healthy)).toMatchObject({ minutes: 0, from: null });
  expect(lossOf({ ...down, replication: null })).toMatchObject({ minutes: null, from: null });
});

import type { Azure, Database } from '../../src/azure/azure';
import type { ProtectedApp } from '../../src/engine/estate';
import { locksHeld, packageSource, templateThere } from '../../src/readiness/protection/app';
import {
  backupRedundancy,
  differentialBackups,
  geoBackupAge,
  replication,
  restoreWindow,
} from '../../src/readiness/protection/database';
import { readProtection } from '../../src/readiness/protection/read-protection';
import { storageRedundancy, storageSync } from '../../src/readiness/protection/storage';
import { purgeProtection, secretsThere, softDelete } from '../../src/readiness/protection/vault';
import { createFakeAzure, freshState, primary } from '../support/fake-azure';
import { shop } from '../support/protected-app';
import { refusal } from '../support/refusal';
import { noon } from '../support/story';

const azure = createFakeAzure({ now: () => noon, state: freshState() });
const replicated = createFakeAzure({ now: () => noon, state: freshState({ group: true }) });
const shopDatabase = async (from: Azure = azure): Promise<Database> => {
  const found = await from.database(primary, 'shop');
  if (!found) throw new Error('There is no shop.');
  return found;
};
const minutesAgo = (minutes: number) => new Date(noon.getTime() - minutes * 60_000);
const tier3: ProtectedApp = { ...shop, tier: 3 };

test('a shorter restore window than the document’s is weaker', async () => {
  const database = await shopDatabase();
  expect(restoreWindow({ value: database })).toMatchObject({
    verdict: 'kept',
    found: expect.stringMatching(/^7 days, back to 2026-02-07T12:00:00Z/),
  });
  expect(restoreWindow({ value: { ...database, retentionDays: 3 } }).verdict).toBe('weaker');
  expect(restoreWindow({ value: { ...database, retentionDays: null } }).verdict).toBe('unknown');
});

test.each([
  ['Geo', 'kept'],
  ['GeoZone', 'kept'],
  ['Zone', 'weaker'],
  ['Local', 'weaker'],
  [null, 'unknown'],
])('backups in %s storage are %s', (redundancy, verdict) => {
  const backups = { redundancy, days: 7, differentialHours: 12 };
  expect(backupRedundancy({ value: backups }, shop).verdict).toBe(verdict);
});

test.each([
  [4, 'kept'],
  [43, 'weaker'],
])('a geo-backup of %i minutes is %s: the document promises 5', (minutes, verdict) => {
  expect(geoBackupAge({ value: { at: minutesAgo(minutes), tier: 'S0' } }, shop, noon)).toMatchObject({
    verdict,
    found: expect.stringContaining(`${minutes} minutes old`),
  });
});

test('no geo-backup at all is weaker, and one of unknown age is unknown', () => {
  expect(geoBackupAge({ value: null }, shop, noon)).toMatchObject({
    verdict: 'weaker',
    found: 'Azure has none',
  });
  expect(geoBackupAge({ value: { at: null, tier: null } }, shop, noon).verdict).toBe('unknown');
});

test('Tier 2 asks for no replication; Tier 3 does, in a failover group', async () => {
  const [alone, together] = [await shopDatabase(), await shopDatabase(replicated)];
  expect(replication({ value: alone }, shop)).toMatchObject({ verdict: 'kept', found: 'none' });
  expect(replication({ value: alone }, tier3).verdict).toBe('weaker');
  expect(replication({ value: together }, tier3)).toMatchObject({
    verdict: 'kept',
    found: 'sql-secondary in westus2, CATCH_UP, in the failover group fog-shop',
  });
  expect(replication({ value: { ...together, failoverGroup: null } }, tier3).verdict).toBe('weaker');
});

test.each([
  [12, 'kept'],
  [24, 'kept'],
  [null, 'unknown'],
])('differential backups every %s hours are %s', (differentialHours, verdict) => {
  expect(differentialBackups({ value: { redundancy: 'Geo', days: 7, differentialHours } }).verdict).toBe(
    verdict,
  );
});

const vault = {
  ...{ name: 'kv', resourceId: '/kv', location: 'eastus', ready: true, permissions: 'roles' as const },
  ...{ softDeleteDays: 7, purgeProtection: false, forTemplates: true },
};

test('soft delete and purge protection are told as they are', () => {
  expect(softDelete({ value: vault }).verdict).toBe('kept');
  expect(softDelete({ value: { ...vault, softDeleteDays: null } }).verdict).toBe('unknown');
  expect(purgeProtection({ value: vault })).toMatchObject({
    found: 'off',
    verdict: 'kept',
    words: expect.stringMatching(/final at once/),
  });
  expect(purgeProtection({ value: { ...vault, purgeProtection: true } }).found).toBe('on');
  expect(softDelete({ value: null })).toMatchObject({
    verdict: 'weaker',
    found: 'Azure has no such resource',
  });
});

test('a secret that is missing, disabled or about to expire is named', () => {
  const secret = (name: string, more: object = {}) => ({
    name,
    enabled: true,
    updatedOn: null,
    expiresOn: null,
    ...more,
  });
  const all = shop.secrets.map(({ name }) => secret(name));
  expect(secretsThere({ value: all }, shop, noon)).toMatchObject({
    verdict: 'kept',
    found: '3 of 3 are there, 0 of them with an expiry date',
  });
  expect(secretsThere({ value: all.slice(1) }, shop, noon)).toMatchObject({
    verdict: 'weaker',
    found: expect.stringContaining('ClientSecret is missing'),
  });
  const soon = new Date(noon.getTime() + 5 * 86_400_000);
  const ageing = [
    secret('ClientSecret', { expiresOn: soon }),
    secret('SqlConnectionString', { enabled: false }),
    ...all.slice(2),
  ];
  expect(secretsThere({ value: ageing }, shop, noon).found).toMatch(
    /SqlConnectionString is disabled; ClientSecret expires 2026-02-19/,
  );
});

const account = {
  ...{ name: 'st', resourceId: '/st', state: 'Succeeded', sku: 'Standard_GRS', kind: 'StorageV2' },
  ...{ location: 'eastus', primaryLocation: 'eastus', primaryAnswers: true },
  ...{ secondaryLocation: 'westus', secondaryAnswers: true, failoverInProgress: false, createdAt: null },
  ...{ minimumTlsVersion: 'TLS1_2', restricted: false, tags: {} },
  replication: { status: 'Live', lastSync: minutesAgo(4), canFailOver: true, canFailOverPlanned: true },
};

test.each([
  ['Standard_GRS', 'kept'],
  ['Standard_RAGZRS', 'kept'],
  ['Standard_LRS', 'weaker'],
])('storage with %s is %s', (sku, verdict) => {
  expect(storageRedundancy({ value: { ...account, sku } }).verdict).toBe(verdict);
});

test('the age of the copy is told, never as 0 where it is not known', () => {
  expect(storageSync({ value: account }, noon)).toMatchObject({
    verdict: 'weaker',
    found: expect.stringMatching(/^4 minutes/),
  });
  const unknown = { ...account, replication: { ...account.replication, lastSync: null } };
  expect(storageSync({ value: unknown }, noon).verdict).toBe('unknown');
  expect(storageSync({ value: { ...account, replication: null } }, noon).verdict).toBe('weaker');
});

test('a ReadOnly lock stops every recovery; one against deletion stops none', () => {
  const lock = (level: 'ReadOnly' | 'CanNotDelete') => ({
    value: [{ name: 'frozen', level, scope: '/subscriptions/s/resourceGroups/g' }],
  });
  expect(locksHeld(lock('ReadOnly')).verdict).toBe('weaker');
  expect(locksHeld(lock('CanNotDelete'))).toMatchObject({
    verdict: 'kept',
    found: 'frozen (CanNotDelete) on g',
  });
  expect(locksHeld({ value: [] }).found).toBe('none');
});

test('a package that the host has no more is weaker, and one that could not be looked for is unknown', async () => {
  const settings = await azure.web.settings(shop.webApp);
  const found = await azure.packages.versions(shop.packages, []);
  expect(packageSource({ value: { settings, found } }, shop)).toMatchObject({
    verdict: 'kept',
    found: expect.stringMatching(/Shop-1\.3\.0\.zip is on packages\.example, and 3 other/),
  });
  const without = {
    packages: found.packages.filter(({ version }) => version !== '1.3.0'),
    unread: [],
    unconfirmed: [],
  };
  expect(packageSource({ value: { settings, found: without } }, shop).verdict).toBe('weaker');
  expect(
    packageSource({ value: { settings, found: { packages: [], unread: ['down'], unconfirmed: [] } } }, shop)
      .verdict,
  ).toBe('unknown');
});

test('a template that cannot be read, or that nobody has named, is weaker', () => {
  const nobody = { ...shop, template: null };
  expect(templateThere({ value: null }, nobody)).toMatchObject({
    ...{ found: 'none in the estate file', verdict: 'weaker' },
  });
  const unread = 'Reading the file https://… did not work: no answer within 10 s.';
  expect(templateThere({ value: { unread } }, shop)).toMatchObject({ found: unread, verdict: 'weaker' });
  expect(templateThere({ value: { sha256: 'x', parameters: [], types: [], count: 0 } }, shop).verdict).toBe(
    'kept',
  );
});

test('what cannot be read is unknown and holds up nothing else', async () => {
  const broken: Azure = {
    ...azure,
    database: async () => {
      throw refusal('Timeout');
    },
    storage: { ...azure.storage, account: () => new Promise(() => undefined) },
  };
  const found = await readProtection(broken, shop, noon, 50);
  const unknown = found.filter(({ verdict }) => verdict === 'unknown').map(({ what }) => what);
  expect(unknown).toEqual([
    'Point-in-time restore',
    'Replication',
    'Storage: redundancy',
    'Storage: age of the copy',
  ]);
});

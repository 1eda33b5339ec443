import type { Check, Reading } from '../../src/azure/check';
import type { StorageAccount } from '../../src/azure/storage/account';
import { isGeoRedundant } from '../../src/azure/storage/account';
import type { StorageReadings } from '../../src/azure/storage/readings';
import type { FakeState } from './fake-azure';
import type { FakeOperations } from './fake-azure-operations';
import { refusal } from './refusal';

/** A storage account as the small Azure keeps it; the copy in the second region is five minutes old. */
export interface FakeAccount {
  readonly sku: string;
  readonly location: string;
  readonly primary: string;
  readonly secondary: string | null;
  readonly down: boolean;
  readonly createdAt: number;
}

/** A geo-redundant account in two regions. */
export const freshAccount = (more: Partial<FakeAccount> = {}): FakeAccount => ({
  ...{ sku: 'Standard_GRS', location: 'eastus', primary: 'eastus', secondary: 'westus', down: false },
  ...{ createdAt: 0, ...more },
});

const known = (state: FakeState, name: string): FakeAccount => {
  const found = state.storage[name];
  if (!found) throw refusal('ResourceNotFound', { status: 404 });
  return found;
};

/** Azure Storage: accounts in a map, and the rules of their redundancy. */
export const fakeStorage: FakeOperations<
  'storage.fail-over' | 'storage.set-redundancy' | 'storage.create-account'
> = {
  'storage.fail-over': {
    name: ({ account, to }) => `${account.account} → ${to}`,
    look: (state, { account, to }) => {
      const { primary, sku } = known(state, account.account);
      return primary === to
        ? { state: 'done', facts: { region: primary, redundancy: sku } }
        : { state: 'absent' };
    },
    change: (state, { account, how, to }) => {
      const found = known(state, account.account);
      if (!isGeoRedundant(found.sku)) throw refusal('InvalidAccountType', { status: 400 });
      if (how === 'planned' && found.down) throw refusal('PlannedFailoverNotAllowed', { status: 409 });
      const kept = { secondary: found.primary };
      const lost = { secondary: null, sku: 'Standard_LRS', down: false };
      state.storage[account.account] = { ...found, primary: to, ...(how === 'planned' ? kept : lost) };
      return { state: 'accepted', token: account.account };
    },
  },
  'storage.set-redundancy': {
    name: ({ account, sku }) => `${account.account} → ${sku}`,
    look: (state, { account, sku }) =>
      known(state, account.account).sku === sku
        ? { state: 'done', facts: { redundancy: sku } }
        : { state: 'absent' },
    change: (state, { account, sku }) => {
      const found = known(state, account.account);
      const secondary = isGeoRedundant(sku) ? (found.secondary ?? 'paired') : null;
      state.storage[account.account] = { ...found, sku, secondary };
      return { state: 'accepted', token: account.account };
    },
  },
  'storage.create-account': {
    name: ({ account }) => account.account,
    look: (state, { account }, sent) => {
      const found = state.storage[account.account];
      if (!found) return { state: 'absent' };
      return found.createdAt < sent.intendedAt.getTime()
        ? { state: 'blocked', problem: refusal('NameTaken') }
        : { state: 'done', facts: { account: account.account, region: found.location } };
    },
    change: (state, { account, location, sku }, now) => {
      if (state.storage[account.account]) throw refusal('StorageAccountAlreadyTaken', { status: 409 });
      const secondary = isGeoRedundant(sku) ? 'paired' : null;
      const places = { location, primary: location, secondary };
      state.storage[account.account] = freshAccount({ sku, ...places, createdAt: now.getTime() });
      return { state: 'accepted', token: account.account };
    },
  },
};

/** What the small Azure tells of its storage accounts. */
export const fakeStorageReadings = (state: FakeState, now: () => Date): StorageReadings => ({
  account: async ({ account }) => {
    const found = state.storage[account];
    return found ? shown(account, found, now()) : null;
  },
  reachable: async ({ account }) => {
    const found = state.storage[account];
    const ok = found !== undefined && !found.down;
    const words = ok ? 'answers' : 'gives no answer';
    return {
      ...{ ok, words: `the queue service ${words}` },
      services: [{ service: 'queue', ok, answered: ok, words }],
    };
  },
  waiting: async ({ account }) =>
    state.storage[account] && !state.storage[account]?.down ? [{ queue: 'jobs', messages: 3 }] : null,
  nameAvailable: async (_subscription, name) =>
    state.storage[name]
      ? { ok: false, words: `The storage account named ${name} is already taken.` }
      : { ok: true, words: 'The name is free.' },
});

const shown = (name: string, found: FakeAccount, now: Date): StorageAccount => ({
  ...{ name, resourceId: `/subscriptions/sub/resourceGroups/group/${name}`, state: 'Succeeded' },
  ...{ sku: found.sku, kind: 'StorageV2', location: found.location },
  ...{ primaryLocation: found.primary, primaryAnswers: !found.down },
  ...{ secondaryLocation: found.secondary, secondaryAnswers: found.secondary !== null },
  replication: isGeoRedundant(found.sku)
    ? {
        ...{ status: 'Live', lastSync: new Date(now.getTime() - 5 * 60_000) },
        ...{ canFailOver: true, canFailOverPlanned: !found.down },
      }
    : null,
  ...{ failoverInProgress: false, createdAt: new Date(found.createdAt), minimumTlsVersion: 'TLS1_2' },
  ...{ restricted: false, tags: { app: 'shop' } },
});

type StorageCheck = 'storage.answers' | 'storage.account-is';

/** How the small Azure makes the readings of checks of storage accounts. */
export const fakeStorageReaders: {
  readonly [N in StorageCheck]: (state: FakeState, check: Extract<Check, { check: N }>) => Reading;
} = {
  'storage.answers': (state, { account }) => {
    const ok = state.storage[account.account]?.down === false;
    const found = ok ? 'answers' : 'no answer';
    return { findings: [{ what: 'The queue service', expected: 'answers', found, ok }], facts: {} };
  },
  'storage.account-is': (state, { account, primaryLocation, sku }) => {
    const found = state.storage[account.account];
    const compare = (what: string, expected: string, seen = 'not there') => ({
      ...{ what, expected, found: seen, ok: seen === expected },
    });
    return {
      findings: [
        compare('Primary region', primaryLocation, found?.primary),
        compare('Redundancy', sku, found?.sku),
      ],
      facts: {},
    };
  },
};

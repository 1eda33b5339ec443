import type { Begun, Look, OperationOf } from '../../src/azure/operation';
import type { VaultReadings } from '../../src/azure/vault/readings';
import type { KeyVaultReference } from '../../src/azure/web/references';
import type { FakeState } from './fake-azure';
import type { FakeOperations } from './fake-azure-operations';
import { refusal } from './refusal';

/** The vault of the small Azure: what is in it, and by which run's mark a secret was last set. */
export interface FakeVault {
  deleted: boolean;
  /** Whether the app's own identity may read it. */
  readable: boolean;
  secrets: { [name: string]: { deleted: boolean; mark: string | null; looksToGo: number } };
  /** The marks of the passwords that runs have made in Entra. */
  passwords: string[];
}

/** A vault with the three secrets of the shop, all there. */
export const freshVault = (): FakeVault => ({
  ...{ deleted: false, readable: true, passwords: [] },
  secrets: Object.fromEntries(
    ['ClientSecret', 'SqlConnectionString', 'StorageConnectionString'].map((name) => [
      name,
      { deleted: false, mark: null, looksToGo: 0 },
    ]),
  ),
});

const deletedOn = new Date('2026-02-14T09:00:00.000Z');
const purgeOn = new Date('2026-02-21T09:00:00.000Z');
const absent: Look = { state: 'absent' };
const done: Look & Begun = { state: 'done', facts: {} };

/** What the app's setting for a secret resolves to; each secret is referred to by a setting of its own name. */
export function fakeStatus({ vault }: FakeState, setting: string): string {
  if (vault.deleted) return 'VaultNotFound';
  if (!vault.readable) return 'AccessToKeyVaultDenied';
  const secret = vault.secrets[setting];
  return secret && !secret.deleted && secret.looksToGo === 0 ? 'Resolved' : 'SecretNotFound';
}

/** The settings of the shop that refer to its secrets. */
export const fakeReferences = (state: FakeState): readonly KeyVaultReference[] =>
  ['ClientSecret', 'SqlConnectionString', 'StorageConnectionString'].map((setting) => ({
    ...{ setting, vault: 'kv-shop', secret: setting, pinnedVersion: null },
    status: fakeStatus(state, setting),
  }));

/** How the small Azure shows its vault. */
export const fakeVaultReadings = (state: FakeState): VaultReadings => ({
  vault: async ({ vault }) =>
    state.vault.deleted
      ? null
      : {
          ...{ name: vault, resourceId: vault, location: 'eastus', ready: true, permissions: 'roles' },
          ...{ softDeleteDays: 7, purgeProtection: false, forTemplates: false },
        },
  deletedVault: async ({ vault }) =>
    state.vault.deleted ? { name: vault, location: 'eastus', deletedOn, purgeOn } : null,
  secrets: async () =>
    Object.entries(state.vault.secrets)
      .filter(([, { deleted }]) => !deleted)
      .map(([name]) => ({ name, enabled: true, updatedOn: null, expiresOn: null })),
  deletedSecrets: async () =>
    Object.entries(state.vault.secrets)
      .filter(([, { deleted }]) => deleted)
      .map(([name]) => ({ name, deletedOn, purgeOn })),
});

/** Writes what a person entered. */
export function enterFakeSecret(state: FakeState, secret: string, mark: string): void {
  if (state.vault.secrets[secret]?.mark === mark) throw refusal('AlreadyEntered');
  state.vault.secrets[secret] = { deleted: false, mark, looksToGo: 0 };
}

/** Key Vault and the passwords of Entra applications. */
export const fakeVault: FakeOperations<
  | 'vault.recover-secret'
  | 'vault.recover-vault'
  | 'vault.let-read'
  | 'vault.set-secret'
  | 'entra.remove-password'
> = {
  'vault.recover-secret': {
    name: ({ secret }) => secret,
    look: ({ vault }, { secret }) => {
      const found = vault.secrets[secret];
      if (!found) return { state: 'blocked', problem: refusal('SecretPurged') };
      return found.deleted ? absent : comeUp(found);
    },
    change: ({ vault }, { secret }) => {
      const found = vault.secrets[secret];
      if (!found?.deleted) throw refusal('SecretNotFound', { status: 404 });
      Object.assign(found, { deleted: false, looksToGo: 2 });
      return { state: 'accepted', token: secret };
    },
  },
  'vault.recover-vault': {
    name: ({ vault }) => vault.vault,
    look: ({ vault }) => (vault.deleted ? absent : done),
    change: ({ vault }) => {
      // Azure drops the role assignments of a vault that is deleted.
      Object.assign(vault, { deleted: false, readable: false });
      return done;
    },
  },
  'vault.let-read': {
    name: ({ vault, principal }) => `${vault.vault} ${principal}`,
    look: ({ vault }) => (vault.readable ? done : absent),
    change: ({ vault }) => {
      vault.readable = true;
      return done;
    },
  },
  'vault.set-secret': {
    name: ({ secret }) => secret,
    look: ({ vault }, { secret, mark }) => {
      const found = vault.secrets[secret];
      return found?.mark === mark ? comeUp(found) : absent;
    },
    change: ({ vault }, { secret, source, mark }) => {
      if (vault.secrets[secret]?.deleted) throw refusal('ObjectIsDeletedButRecoverable', { status: 409 });
      if (source.from === 'entra-password') vault.passwords = [...vault.passwords, mark];
      // Somebody enters the value after two looks, as if they had to fetch it first.
      const entered = source.from === 'entered';
      vault.secrets[secret] = { deleted: false, mark, looksToGo: entered ? 2 : 0 };
      return entered ? { state: 'accepted', token: secret } : done;
    },
  },
  'entra.remove-password': {
    name: ({ application }) => application,
    look: ({ vault }, { mark }) => (vault.passwords.includes(mark) ? absent : done),
    change: ({ vault }, { mark }: OperationOf<'entra.remove-password'>) => {
      vault.passwords = vault.passwords.filter((one) => one !== mark);
      return done;
    },
  },
};

/** One more look at a secret that is on its way. */
function comeUp(secret: FakeVault['secrets'][string]): Look {
  secret.looksToGo = Math.max(0, secret.looksToGo - 1);
  return secret.looksToGo === 0 ? done : { state: 'under way', percent: 50 };
}

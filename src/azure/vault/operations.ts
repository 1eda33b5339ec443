import { z } from 'zod/v4';
import { storageAccountRef, vaultRef } from '../refs';

/** Key Vault's rule for names of secrets. */
const secretName = z.string().regex(/^[0-9a-zA-Z-]{1,127}$/);

/** Where a new value of a secret comes from. The value itself is in no operation, plan, fact, log or card. */
const secretSource = z.discriminatedUnion('from', [
  /** The connection string of a storage account, made from its first key (StorageAccounts_ListKeys). */
  z.object({ from: z.literal('storage-key'), account: storageAccountRef }),
  /** A new password of an Entra application (`addPassword` of Microsoft Graph). `application` is its appId. */
  z.object({ from: z.literal('entra-password'), application: z.string().min(1) }),
  /** A person enters it on a page of the bot, which writes it into the vault: the step waits for that. */
  z.object({ from: z.literal('entered') }),
]);
export type SecretSource = z.infer<typeof secretSource>;

/** The changes that can be made to Key Vaults and what is in them. */
export const vaultOperations = [
  /** RecoverDeletedSecret: the secret with all its versions, as it was. */
  z.object({ op: z.literal('vault.recover-secret'), vault: vaultRef, secret: secretName }),
  /** Vaults_CreateOrUpdate, `createMode: recover`: the vault with all its secrets, without its role assignments. */
  z.object({ op: z.literal('vault.recover-vault'), vault: vaultRef, location: z.string() }),
  /** RoleAssignments_Create: an app's identity may read the vault's secrets again, where roles say so. */
  z.object({ op: z.literal('vault.let-read'), vault: vaultRef, principal: z.string().min(1) }),
  /** SetSecret: a new version, whose value the bot moves from its source to the vault. */
  z.object({
    op: z.literal('vault.set-secret'),
    vault: vaultRef,
    secret: secretName,
    source: secretSource,
    /** Written on the new version as the tag `dr-bot`, so that a resumed run sees that it set it. Unique to run and secret. */
    mark: z.string().min(1).max(200),
  }),
  /** `removePassword`: takes away the passwords of an Entra application that a run made, by the same mark. */
  z.object({
    op: z.literal('entra.remove-password'),
    application: z.string().min(1),
    mark: z.string().min(1).max(200),
  }),
] as const;

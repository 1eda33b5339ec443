import type { Lock } from '../../azure/azure';
import { observedProblem } from '../../azure/problem';
import { vaultId, webAppId } from '../../azure/resource-id';
import type { DeletedVault } from '../../azure/vault/readings';
import type { KeyVaultReference } from '../../azure/web/references';
import type { CompileContext, Compiled, Context } from '../../engine/runbook';
import { refuse } from './refuse';

/** A secret as it is: deleted and recoverable, there, gone for good, or inside a vault that is deleted itself. */
type SecretState = 'deleted' | 'there' | 'purged' | 'in a deleted vault';

/** What the recovery of a secret is planned with. */
export interface FoundSecret {
  /** Its name as the vault writes it. */
  readonly name: string;
  readonly state: SecretState;
  readonly deletedOn: Date | null;
  /** From then on it is gone for good. */
  readonly purgeOn: Date | null;
  readonly vault: DeletedVault | 'there';
  /** The app settings that refer to it. */
  readonly references: readonly KeyVaultReference[];
}

const same = (a: string | null, b: string): boolean => a?.toLowerCase() === b.toLowerCase();

/** Everything about one secret of the app; or why nothing can be planned. Reads no value. */
export async function findSecret(
  secret: string,
  context: CompileContext,
): Promise<{ readonly found: FoundSecret } | Exclude<Compiled, { plan: unknown }>> {
  const { app, azure } = context;
  const all = await azure.web.references(app.webApp);
  const references = all.filter((one) => same(one.secret, secret) && same(one.vault, app.vault.vault));
  const known =
    app.secrets.find(({ name }) => same(name, secret))?.name ?? references[0]?.secret ?? undefined;
  if (!(await azure.vault.vault(app.vault))) {
    const vault = await azure.vault.deletedVault(app.vault);
    if (!vault) return vaultGone(app.vault.vault, app.vault.resourceGroup);
    const { deletedOn, purgeOn } = vault;
    const state = 'in a deleted vault';
    return { found: { name: known ?? secret, state, deletedOn, purgeOn, vault, references } };
  }
  const [deleted, there] = await Promise.all([
    azure.vault.deletedSecrets(app.vault),
    azure.vault.secrets(app.vault),
  ]);
  const gone = deleted.find(({ name }) => same(name, secret));
  if (gone) return { found: { ...gone, state: 'deleted', vault: 'there', references } };
  const nothing = { deletedOn: null, purgeOn: null, vault: 'there', references } as const;
  const live = there.find(({ name }) => same(name, secret));
  if (live) return { found: { name: live.name, state: 'there', ...nothing } };
  if (known !== undefined) return { found: { name: known, state: 'purged', ...nothing } };
  return {
    ...refuse(
      'SecretUnknown',
      `${app.vault.vault} has no secret "${secret}", deleted or not, no setting of ${app.webApp.app} refers to one, and the estate file names none. Check the name.`,
    ),
    choices: deleted
      .slice(0, 5)
      .map(({ name }) => ({ words: `Recover ${name}`, parameters: { secret: name } })),
  };
}

/** Why nothing can be recovered from a vault that is not even among the deleted ones. */
export const vaultGone = (vault: string, resourceGroup: string) =>
  refuse(
    'VaultPurged',
    `There is no vault "${vault}" in ${resourceGroup}, and none of that name among the deleted ones: it was purged or never was. Deploy the app's template to make a new one, then set its secrets.`,
  );

/**
 * Whom a recovered vault has to let read again: the app's own identity; null where it has none.
 * @throws AzureProblem `AppNotFound`, since without its identity a recovered vault would be no use to the app.
 */
export async function readerOfVault({ app, azure }: Context): Promise<string | null> {
  const site = await azure.webApp(app.webApp);
  if (site) return site.principalId;
  throw observedProblem(
    'AppNotFound',
    `Azure shows no app "${app.webApp.app}" in ${app.webApp.resourceGroup}, so whom the vault must let read is not known. Check the name in the estate file; if the app was deleted, deploy its template first.`,
  );
}

/** The lock that forbids what a run has to do with the app and, where `vault` says so, with the vault; null without one. */
export async function lockInTheWay({ app, azure }: Context, vault: boolean): Promise<Lock | null> {
  const found = await Promise.all([
    azure.locks(webAppId(app.webApp)),
    vault ? azure.locks(vaultId(app.vault)) : [],
  ]);
  return found.flat().find(({ level }) => level === 'ReadOnly') ?? null;
}

/** The refusal that a lock means. */
export const lockRefusal = (lock: Lock, what: string) =>
  refuse(
    'ScopeLocked',
    `The lock "${lock.name}" (${lock.level}) on ${lock.scope} forbids ${what}. Its owner must remove it first.`,
  );

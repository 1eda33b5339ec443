import { AzureProblem } from '../../../azure/operation';
import { isSilence } from '../../../azure/problem';
import type { DeletedSecret } from '../../../azure/vault/readings';
import type { KeyVaultReference } from '../../../azure/web/references';
import type { ProtectedApp } from '../../../engine/estate';
import type { SecretsFinding } from '../finding';
import type { Probing } from './probe';
import { at, silence, unknownFrom, utc } from './within';

/**
 * The vault first, then its secrets, then the app's references: App Service shows what it resolved last, up to a day
 * ago, so a deleted secret is found in the vault before its reference tells.
 */
export async function probeSecrets(probing: Probing): Promise<SecretsFinding> {
  const { app, azure, now } = probing;
  try {
    const vault = await azure.vault.vault(app.vault);
    if (!vault) return await withoutVault(probing);
    const [names, deleted, references] = await Promise.all([
      withoutRight(azure.vault.secrets(app.vault)),
      withoutRight(azure.vault.deletedSecrets(app.vault)),
      orNothing(azure.web.references(app.webApp)),
    ]);
    const held = names === 'not allowed' ? null : names.map(({ name }) => name.toLowerCase());
    const gone = deleted === 'not allowed' ? null : deleted;
    return judged({ app, held, gone, references, when: at(now) });
  } catch (error) {
    if (error instanceof AzureProblem && isSilence(error))
      return {
        state: 'unreachable',
        words: silence(`The vault ${app.vault.vault}`, error.details.code),
        at: at(now),
      };
    return unknownFrom(error, `The vault ${app.vault.vault}`, now);
  }
}

async function withoutVault({ app, azure, now }: Probing): Promise<SecretsFinding> {
  const deleted = await azure.vault.deletedVault(app.vault);
  const { vault } = app.vault;
  if (!deleted)
    return {
      state: 'vault-missing',
      words: `There is no vault ${vault}, and none among the deleted ones.`,
      at: at(now),
    };
  const since = deleted.deletedOn ? ` on ${utc(deleted.deletedOn)}` : '';
  const until = deleted.purgeOn ? ` It can be recovered until ${utc(deleted.purgeOn)}.` : '';
  return { state: 'vault-deleted', words: `The vault ${vault} was deleted${since}.${until}`, at: at(now) };
}

interface Seen {
  readonly app: ProtectedApp;
  /** The names of the secrets that the vault holds; null when the bot may not list them. */
  readonly held: readonly string[] | null;
  /** Its deleted ones; null when the bot may not list them. */
  readonly gone: readonly DeletedSecret[] | null;
  /** Null when App Service did not tell. */
  readonly references: readonly KeyVaultReference[] | null;
  readonly when: string;
}

function judged({ app, held, gone, references, when }: Seen): SecretsFinding {
  const ours = (references ?? []).filter(
    ({ vault }) => vault?.toLowerCase() === app.vault.vault.toLowerCase(),
  );
  const needed = [
    ...new Set([...ours.flatMap(({ secret }) => secret ?? []), ...app.secrets.map(({ name }) => name)]),
  ];
  const isHeld = (name: string) => held?.includes(name.toLowerCase()) ?? true;
  const deleted = needed.flatMap((name) =>
    (gone ?? []).filter((one) => one.name.toLowerCase() === name.toLowerCase() && !isHeld(name)),
  );
  const [first] = deleted;
  if (first) {
    const more =
      deleted.length > 1
        ? ` So ${deleted.length > 2 ? 'were' : 'was'} ${deleted
            .slice(1)
            .map(({ name }) => name)
            .join(', ')}.`
        : '';
    const until = first.purgeOn ? ` It can be recovered until ${utc(first.purgeOn)}.` : '';
    const since = first.deletedOn ? ` on ${utc(first.deletedOn)}` : '';
    return {
      ...{ state: 'secret-lost', lost: { name: first.name, how: 'deleted' }, at: when },
      words: `The secret ${first.name} was deleted${since}.${until}${more}`,
    };
  }
  const missing = held && needed.find((name) => !isHeld(name));
  if (missing && gone === null)
    return {
      ...{ state: 'secret-lost', lost: { name: missing, how: 'unseen' }, at: when },
      words: `The secret ${missing} is not in ${app.vault.vault}; whether it is among the deleted ones is not known: the bot may not list them.`,
    };
  if (missing)
    return {
      ...{ state: 'secret-lost', lost: { name: missing, how: 'gone' }, at: when },
      words: `The secret ${missing} is neither in ${app.vault.vault} nor among its deleted ones.`,
    };
  const bad = ours.filter(({ status }) => status !== 'Resolved');
  const unseen = bad.find(
    ({ status, secret }) => /^Secret(Version)?NotFound$/.test(status) && secret !== null,
  );
  if (unseen?.secret) return { state: 'secret-lost', ...notSeen(unseen.secret, held, app), at: when };
  if (bad.some(({ status }) => /denied/i.test(status)))
    return { state: 'denied', words: `The app may not read ${app.vault.vault}: ${statuses(bad)}.`, at: when };
  if (bad.length > 0) return { state: 'unresolved', words: `Not resolved: ${statuses(bad)}.`, at: when };
  if (references === null)
    return {
      ...{ state: 'unknown', because: 'refused', at: when },
      words: 'Every secret is in the vault; whether the app gets them could not be read.',
    };
  const listed = held === null ? ' (the bot may not list the secrets themselves)' : '';
  return {
    ...{ state: 'fine', at: when },
    words: `${ours.length === 1 ? 'The Key Vault reference resolves' : `All ${ours.length} Key Vault references resolve`}${listed}.`,
  };
}

/** A secret that App Service does not find: it is in the vault by now, or the bot may not look whether it is. */
const notSeen = (name: string, held: Seen['held'], { vault }: ProtectedApp) =>
  held === null
    ? {
        lost: { name, how: 'unseen' as const },
        words: `App Service does not find the secret ${name} in ${vault.vault}; the bot may not list the vault to see why.`,
      }
    : {
        lost: { name, how: 'unused' as const },
        words: `The secret ${name} is in ${vault.vault}, and App Service says that it is not.`,
      };

const statuses = (references: readonly KeyVaultReference[]): string =>
  references.map(({ setting, status }) => `${setting} is ${status}`).join(', ');

/** A vault that answers, and does not let the bot list: that is no failure of the app's. */
async function withoutRight<T>(reading: Promise<T>): Promise<T | 'not allowed'> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof AzureProblem && (error.details.status === 401 || error.details.status === 403))
      return 'not allowed';
    throw error;
  }
}

async function orNothing<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof AzureProblem)) throw error;
    return null;
  }
}

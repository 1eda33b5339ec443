import { AzureProblem } from '../../azure/operation';
import type { Context, FormData } from '../../engine/runbook';
import type { JsonObject } from '../../incidents/json';
import { left, utc } from './secret-words';

/** One secret that can be chosen, and what is known of it. */
interface Offered {
  readonly value: string;
  readonly title: string;
}

/** The secrets of an app's vault for the form: the deleted ones first, with how long they can still be recovered. */
export async function secretForm({ app, azure, now }: Context, known: JsonObject): Promise<FormData> {
  const { offered, notices } = await offers({ app, azure, now }).catch((error: unknown) => {
    // What the vault does not show can be typed all the same, and the plan says what is in the way.
    if (!(error instanceof AzureProblem)) throw error;
    return {
      offered: app.secrets.map(({ name }) => ({ value: name, title: name })),
      notices: [error.message],
    };
  });
  const typed = String(known['secret'] ?? '');
  const asked = offered.find(({ value }) => value.toLowerCase() === typed.toLowerCase());
  const unknown = typed !== '' && !asked;
  return {
    ...{ app: app.name, appTitle: app.title, vault: app.vault.vault },
    secret: asked?.value ?? (unknown ? typed : (offered[0]?.value ?? '')),
    secrets: unknown
      ? [{ value: typed, title: `${typed} (not known here)` }, ...offered.map(asChoice)]
      : offered.map(asChoice),
    notices: [...notices],
    how: known['how'] === 'new' ? 'new' : 'recover',
    reason: String(known['reason'] ?? ''),
  };
}

const asChoice = ({ value, title }: Offered) => ({ value, title });

async function offers({ app, azure, now }: Pick<Context, 'app' | 'azure' | 'now'>): Promise<{
  offered: readonly Offered[];
  notices: readonly string[];
}> {
  const estate = app.secrets.map(({ name }) => name);
  if (!(await azure.vault.vault(app.vault))) {
    const deleted = await azure.vault.deletedVault(app.vault);
    const words = deleted
      ? `The whole vault ${app.vault.vault} was deleted ${utc(deleted.deletedOn)}. It is recovered first; that is possible until ${utc(deleted.purgeOn)}.`
      : `There is no vault ${app.vault.vault}, and none of that name can be recovered.`;
    return {
      offered: estate.map((value) => ({ value, title: deleted ? `${value} (in the deleted vault)` : value })),
      notices: [words],
    };
  }
  const [deleted, there] = await Promise.all([
    azure.vault.deletedSecrets(app.vault),
    azure.vault.secrets(app.vault),
  ]);
  const names = new Set([...deleted, ...there].map(({ name }) => name.toLowerCase()));
  const gone = deleted.map(({ name, deletedOn, purgeOn }) => ({
    value: name,
    title: `${name} (deleted ${utc(deletedOn)}, recoverable until ${utc(purgeOn)}${purgeOn ? `, ${left(purgeOn, now)}` : ''})`,
  }));
  const purged = estate
    .filter((name) => !names.has(name.toLowerCase()))
    .map((value) => ({ value, title: `${value} (purged: it needs a new value)` }));
  const live = there.map(({ name }) => ({ value: name, title: `${name} (there)` }));
  return {
    offered: [...gone, ...purged, ...live],
    notices:
      gone.length + purged.length === 0
        ? [`No secret of ${app.vault.vault} is deleted, and none that the estate names is missing.`]
        : [],
  };
}

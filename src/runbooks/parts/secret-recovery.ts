import type { CompileContext, Context, Runbook } from '../../engine/runbook';
import { step } from '../../engine/stage-builders';
import type { Plan, StepStage } from '../../incidents/plan';
import { inWords } from './in-words';
import { isUnread, orUnread } from './or-unread';
import { utc } from './secret-words';

/** The step `recover`: the secret with all its versions, as it was. */
export const recoverStep = (
  { app, azure, past }: CompileContext,
  runbook: string,
  secret: string,
  after: readonly string[],
): StepStage =>
  step(azure, 'recover', {
    title: `Recover ${secret}, and wait until it can be read`,
    ...{ minutes: past(runbook, 'recover') ?? 1, after },
    does: { op: 'vault.recover-secret', vault: app.vault, secret },
    // A secret that is there again is not deleted a second time.
    back: { undo: [] },
  });

/** Where the vault, the secret and the app's references to it stand right now. Shows no value. */
export const secretTruth: Runbook['truth'] = async (plan, _state, context) => {
  const { app, azure } = context;
  const secret = String(plan.parameters['secret'] ?? '');
  const words = await Promise.all([
    vaultWords(secret, context),
    inWords("How App Service's references stand", referenceWords(plan, context)),
    azure.health(app.healthUrl).then((health) => [`The app: ${health.words}`]),
  ]);
  return words.flat();
};

async function vaultWords(secret: string, context: Context): Promise<readonly string[]> {
  const { app, azure } = context;
  const vault = await orUnread(azure.vault.vault(app.vault));
  if (vault === null) return [`The vault ${app.vault.vault} is deleted, so the app cannot read its secrets.`];
  return [
    isUnread(vault)
      ? `How the vault ${app.vault.vault} stands cannot be read right now: ${vault.unread}`
      : `The vault ${vault.name} is there${vault.ready ? '' : ', and Azure is still at work on it'}.`,
    ...(secret === '' ? [] : await secretWords(secret, context)),
  ];
}

async function secretWords(secret: string, { app, azure }: Context): Promise<readonly string[]> {
  const isMeant = ({ name }: { readonly name: string }) => name.toLowerCase() === secret.toLowerCase();
  const deleted = await orUnread(azure.vault.deletedSecrets(app.vault));
  const gone = isUnread(deleted) ? undefined : deleted.find(isMeant);
  if (gone) return [`${gone.name} is deleted; it can be recovered until ${utc(gone.purgeOn)}.`];
  const live = await orUnread(azure.vault.secrets(app.vault));
  if (!isUnread(live) && live.some(isMeant)) return [`${secret} is in the vault.`];
  return [
    isUnread(live)
      ? `Whether ${secret} is in the vault cannot be read right now: ${live.unread}`
      : `${secret} is not in the vault.`,
    isUnread(deleted)
      ? `Whether it can be recovered cannot be read right now: ${deleted.unread}`
      : 'It is not among the deleted secrets.',
  ];
}

async function referenceWords({ observed }: Plan, { app, azure }: Context): Promise<readonly string[]> {
  const settings = observed['settings that refer to it'];
  const own = (await azure.web.references(app.webApp)).filter(
    ({ setting }) => !Array.isArray(settings) || settings.some((one) => one === setting),
  );
  const statuses = own.map(({ setting, status }) => `${setting} ${status}`).join(', ');
  return own.length > 0 ? [`App Service's references: ${statuses}.`] : [];
}

import type { CompileContext, Runbook } from '../../engine/runbook';
import { step } from '../../engine/stage-builders';
import type { StepStage } from '../../incidents/plan';
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
export const secretTruth: Runbook['truth'] = async (plan, _state, { app, azure }) => {
  const secret = String(plan.parameters['secret'] ?? '');
  const settings = plan.observed['settings that refer to it'];
  const [vault, references, health] = await Promise.all([
    azure.vault.vault(app.vault),
    azure.web.references(app.webApp),
    azure.health(app.healthUrl),
  ]);
  const own = references.filter(
    ({ setting }) => !Array.isArray(settings) || settings.some((one) => one === setting),
  );
  return [
    vault
      ? `The vault ${vault.name} is there${vault.ready ? '' : ', and Azure is still at work on it'}.`
      : `The vault ${app.vault.vault} is deleted, so the app cannot read its secrets.`,
    ...(vault && secret !== '' ? [await secretWords()] : []),
    ...(own.length > 0
      ? [`App Service's references: ${own.map(({ setting, status }) => `${setting} ${status}`).join(', ')}.`]
      : []),
    `The app: ${health.words}`,
  ];

  async function secretWords(): Promise<string> {
    const deleted = await azure.vault.deletedSecrets(app.vault);
    const gone = deleted.find(({ name }) => name.toLowerCase() === secret.toLowerCase());
    if (gone) return `${gone.name} is deleted; it can be recovered until ${utc(gone.purgeOn)}.`;
    const live = await azure.vault.secrets(app.vault);
    return live.some(({ name }) => name.toLowerCase() === secret.toLowerCase())
      ? `${secret} is in the vault.`
      : `${secret} is not in the vault, and not among its deleted secrets.`;
  }
};

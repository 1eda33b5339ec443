import type { OperationOf } from '../../azure/operation';
import type { AppSecret, ProtectedApp } from '../../engine/estate';
import type { CompileContext } from '../../engine/runbook';
import { step } from '../../engine/stage-builders';
import type { StepStage } from '../../incidents/plan';

type Source = OperationOf<'vault.set-secret'>['source'];

/** Where a new value of one of the app's secrets comes from. */
export function sourceOf(secret: AppSecret, app: ProtectedApp): Source {
  switch (secret.kind) {
    case 'entra-client-secret':
      return { from: 'entra-password', application: secret.application };
    case 'storage-connection-string':
      return { from: 'storage-key', account: app.storage };
    case 'entered':
      return { from: 'entered' };
  }
}

/** The same in words, to follow "A new value is". */
export function sourceWords(source: Source): string {
  switch (source.from) {
    case 'entra-password':
      return `a new password of the Entra application ${source.application}, which Microsoft Graph makes and nobody sees`;
    case 'storage-key':
      return `made from the key of storage account ${source.account.account}, which nobody sees`;
    case 'entered':
      return 'entered by one of you on a page of the bot that opens from the button "Enter the value"';
  }
}

/** By what a run knows the version that it set, and the password that it made for that: the same for all its tries. */
const markOf = ({ run, requestedAt }: CompileContext): string => `${run} ${requestedAt.toISOString()}`;

/** The step `set`: a new version of the secret. */
export function setStep(
  context: CompileContext,
  runbook: string,
  secret: string,
  source: Source,
  after: readonly string[],
): StepStage {
  const { app, azure, past } = context;
  const mark = markOf(context);
  return step(azure, 'set', {
    title: titleFor(secret, source),
    ...{ minutes: source.from === 'entered' ? null : (past(runbook, 'set') ?? 1), after },
    does: { op: 'vault.set-secret', vault: app.vault, secret, source, mark },
    back:
      source.from === 'entra-password'
        ? { undo: [{ op: 'entra.remove-password', application: source.application, mark }] }
        : {
            irreversible:
              'The new version stays in the vault: the bot may set secrets and not delete them. A later version replaces it.',
          },
  });
}

function titleFor(secret: string, source: Source): string {
  switch (source.from) {
    case 'entra-password':
      return `Make a new password in Entra and store it as ${secret}`;
    case 'storage-key':
      return `Store the connection string of ${source.account.account} as ${secret}`;
    case 'entered':
      return `Somebody enters the new value of ${secret}`;
  }
}

/** What people should do once the new value is in use. */
export function afterNewValue(secret: string, source: Source): readonly string[] {
  switch (source.from) {
    case 'entra-password':
      return [
        `The Entra application keeps its older passwords, since others may use them. Remove those that nobody needs in the portal (App registrations, Certificates & secrets).`,
        `The new password of ${secret} is good for 365 days. Note in your calendar to renew it.`,
      ];
    case 'storage-key':
      return [];
    case 'entered':
      return [`Whoever keeps a copy of ${secret} elsewhere must know that it has changed.`];
  }
}

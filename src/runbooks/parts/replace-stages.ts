import type { StorageAccountRef } from '../../azure/refs';
import type { CompileContext } from '../../engine/runbook';
import { approvalGate, gate, type Planned, step } from '../../engine/stage-builders';
import type { Stage } from '../../incidents/plan';
import type { likeness } from './new-account';
import { appStages } from './secret-stages';
import { answers } from './storage-stages';

/** What is replaced by what, and how the app learns of it. */
export interface Replacement {
  readonly fresh: StorageAccountRef;
  readonly region: string;
  readonly like: ReturnType<typeof likeness>;
  /** The secret with the connection string. */
  readonly secret: string;
  /** The app settings that refer to it. */
  readonly settings: readonly string[];
  /** Whether the old account is there, so that the app can be led back to it. */
  readonly oldIsThere: boolean;
}

/** A new account beside the old one; once it answers, the app is led to it by the secret that it reads. */
export function replaceStages(replacement: Replacement, context: CompileContext): readonly Stage[] {
  const { app, azure, past, run, requestedAt } = context;
  const { fresh, region, like, secret, settings, oldIsThere } = replacement;
  const mark = `${run} ${requestedAt.toISOString()}`;
  const write = (account: StorageAccountRef, by: string): Planned => ({
    ...{ op: 'vault.set-secret', vault: app.vault, secret, mark: by },
    source: { from: 'storage-key', account },
  });
  const taken = appStages(context, 'replace-storage', settings, ['write-secret']);
  const steps = taken.filter((stage) => stage.kind === 'step').map(({ name }) => name);
  return [
    approvalGate('begin', {
      ...{ title: 'Approval to replace', policy: 'secrets', covers: ['create', 'write-secret', ...steps] },
      question: `Make the storage account ${fresh.account} in ${region}, and lead ${app.title} to it?`,
    }),
    step(azure, 'create', {
      ...{ title: `Make ${fresh.account} in ${region}`, after: ['begin'] },
      minutes: past('replace-storage', 'create') ?? 1,
      does: { op: 'storage.create-account', account: fresh, location: region, ...like },
      // It is empty and costs next to nothing; deleting an account is left to people.
      back: { undo: [] },
    }),
    answers(fresh, ['create']),
    step(azure, 'write-secret', {
      ...{ title: `Store its connection string as ${secret}`, after: ['answers'] },
      minutes: past('replace-storage', 'write-secret') ?? 1,
      does: write(fresh, mark),
      back: oldIsThere
        ? {
            undo: [
              write(app.storage, `${mark} back`),
              ...(settings.length === 0 ? [] : [refreshOf(context, settings)]),
              { op: 'app.restart', app: app.webApp },
            ],
          }
        : {
            irreversible: `The old account is gone, so there is nothing that the connection string of before could open. Key Vault keeps it as an earlier version of ${secret}.`,
          },
    }),
    ...taken,
    ...(oldIsThere ? [keepOrGoBack(replacement, context)] : []),
  ];
}

const refreshOf = ({ app }: CompileContext, settings: readonly string[]): Planned => ({
  ...{ op: 'web.refresh-references', app: app.webApp, settings: [...settings] },
});

const keepOrGoBack = ({ fresh }: Replacement, { app }: CompileContext): Stage =>
  gate(
    'commit',
    {
      ...{ title: 'Keep or go back', policy: 'commit', covers: [], after: ['healthy'] },
      question: `The app is green on ${fresh.account}. Keep it, or lead the app back to ${app.storage.account}?`,
    },
    [
      { choice: 'keep', label: 'Keep', leads: 'go-on', needsQuorum: false },
      { choice: 'go-back', label: 'Go back', leads: 'undo', needsQuorum: true },
    ],
  );

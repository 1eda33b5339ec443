import type { StorageAccountRef } from '../../azure/refs';
import type { CompileContext } from '../../engine/runbook';
import { approvalGate, check, gate, type Planned, step } from '../../engine/stage-builders';
import type { Stage } from '../../incidents/plan';
import type { likeness } from './new-account';
import { answers, healthy } from './storage-stages';

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
  const { app, azure, past, run } = context;
  const { fresh, region, like, secret, settings, oldIsThere } = replacement;
  const minutes = (stage: string, usual: number) => past('replace-storage', stage) ?? usual;
  const write = (account: StorageAccountRef, mark: string): Planned => ({
    ...{ op: 'vault.set-secret', vault: app.vault, secret, mark },
    source: { from: 'storage-key', account },
  });
  const refresh: readonly Planned[] =
    settings.length === 0 ? [] : [{ op: 'web.refresh-references', app: app.webApp, settings: [...settings] }];
  const restart: Planned = { op: 'app.restart', app: app.webApp };
  const [refreshing] = refresh;
  return [
    approvalGate('begin', {
      ...{ title: 'Approval to replace', policy: 'secrets' },
      question: `Make the storage account ${fresh.account} in ${region}, and lead ${app.title} to it?`,
      covers: ['create', 'write-secret', ...(refreshing ? ['refresh'] : []), 'restart'],
    }),
    step(azure, 'create', {
      ...{ title: `Make ${fresh.account} in ${region}`, after: ['begin'], minutes: minutes('create', 1) },
      does: { op: 'storage.create-account', account: fresh, location: region, ...like },
      // It is empty and costs next to nothing; deleting an account is left to people.
      back: { undo: [] },
    }),
    answers(fresh, ['create']),
    step(azure, 'write-secret', {
      ...{ title: `Write its connection string into ${secret}`, after: ['answers'] },
      minutes: minutes('write-secret', 1),
      does: write(fresh, `${run}:${secret}`),
      back: oldIsThere
        ? { undo: [write(app.storage, `${run}:${secret}:back`), ...refresh, restart] }
        : {
            irreversible: `The old account is gone: there is nothing that the connection string of before could open. Key Vault keeps it as an earlier version of ${secret}.`,
          },
    }),
    ...(refreshing
      ? [
          step(azure, 'refresh', {
            title: `Let ${app.webApp.app} fetch its Key Vault references anew`,
            ...{ after: ['write-secret'], minutes: minutes('refresh', 1), does: refreshing },
            // Taking the secret back fetches them again as well.
            back: { undo: [] },
          }),
          check('resolved', {
            ...{ title: 'Check that the references are resolved', after: ['refresh'], minutes: 1 },
            withinMinutes: 10,
            reads: { check: 'web.references-resolved', app: app.webApp, settings: [...settings] },
          }),
        ]
      : []),
    step(azure, 'restart', {
      title: `Restart ${app.webApp.app}, so that it opens its storage anew`,
      ...{ after: [refreshing ? 'resolved' : 'write-secret'], minutes: minutes('restart', 1), does: restart },
      back: { undo: [] },
    }),
    healthy(context, ['restart']),
    ...(oldIsThere ? [keepOrGoBack(replacement, context)] : []),
  ];
}

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

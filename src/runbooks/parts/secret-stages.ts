import type { CompileContext } from '../../engine/runbook';
import { check, step } from '../../engine/stage-builders';
import type { Stage } from '../../incidents/plan';

/**
 * A deleted vault comes back: `recover-vault`, and `let-read` where the app has an identity of its own, since Azure
 * drops the role assignments of a deleted vault.
 */
export function vaultStages(
  { app, azure, past }: CompileContext,
  runbook: string,
  location: string,
  principal: string | null,
): readonly Stage[] {
  const { vault } = app;
  const recover = step(azure, 'recover-vault', {
    title: `Recover the vault ${vault.vault} with all that is in it`,
    minutes: past(runbook, 'recover-vault') ?? 2,
    does: { op: 'vault.recover-vault', vault, location },
    // A vault that is there again is not deleted a second time.
    back: { undo: [] },
  });
  if (principal === null) return [recover];
  const letRead = step(azure, 'let-read', {
    title: `Let ${app.webApp.app} read ${vault.vault} again, where it needs a role for that`,
    ...{ minutes: past(runbook, 'let-read') ?? 1, after: ['recover-vault'] },
    does: { op: 'vault.let-read', vault, principal },
    // It is the right that the app had before.
    back: { undo: [] },
  });
  return [recover, letRead];
}

/**
 * The app takes up what its vault holds now: `refresh`, `resolved`, `restart`, `healthy`, behind the stages named. App
 * Service keeps what it resolved for up to a day, so that a restart alone brings nothing.
 */
export function appStages(
  { app, azure, past }: CompileContext,
  runbook: string,
  settings: readonly string[],
  after: readonly string[],
): readonly Stage[] {
  const refreshed = settings.length > 0;
  const names = settings.join(', ');
  return [
    ...(refreshed
      ? [
          step(azure, 'refresh', {
            title: `Make App Service fetch ${names} from the vault anew`,
            ...{ minutes: past(runbook, 'refresh') ?? 1, after },
            does: { op: 'web.refresh-references', app: app.webApp, settings: [...settings] },
            // Fetching leaves nothing behind that could be taken back.
            back: { undo: [] },
          }),
          check('resolved', {
            title: `Check that ${settings.length === 1 ? 'the reference is' : 'the references are'} Resolved: ${names}`,
            ...{ minutes: 1, withinMinutes: 5, after: ['refresh'] },
            reads: { check: 'web.references-resolved', app: app.webApp, settings: [...settings] },
          }),
        ]
      : []),
    step(azure, 'restart', {
      title: `Restart ${app.webApp.app}, so that it reads its settings`,
      ...{ minutes: past(runbook, 'restart') ?? 1, after: refreshed ? ['resolved'] : after },
      does: { op: 'app.restart', app: app.webApp },
      // A restart by itself leaves nothing to take back.
      back: { undo: [] },
    }),
    check('healthy', {
      title: `Wait until ${app.title} is green`,
      ...{ minutes: past(runbook, 'healthy') ?? 2, withinMinutes: app.healthWithinMinutes },
      after: ['restart'],
      reads: { check: 'app.healthy', app: app.webApp, url: app.healthUrl },
    }),
  ];
}

import type { ProtectedApp } from '../../engine/estate';
import { giveBack, signInOutage } from './by-hand';
import { signInIsOut } from './extent';
import type { Change, Findings } from './finding';
import { recoverSecret, recoverStorage, recoverVault, renewPassword, restoreDropped } from './recoveries';
import type { Verdict } from './verdict';

/** Something that is seen to be broken, and what mends it. */
export interface Fault {
  readonly part: string;
  readonly because: string;
  readonly verdict: Verdict;
}

/**
 * Everything that is seen to be broken, in the order in which it must be mended. An app that is stopped or gone comes
 * first: every scenario ends by restarting it and waiting until it is green.
 */
export function faultsIn(findings: Findings, app: ProtectedApp): readonly Fault[] {
  return [
    ...appFaults(findings, app),
    ...secretFaults(findings, app),
    ...databaseFaults(findings, app),
    ...storageFaults(findings, app),
    ...signInFaults(findings, app),
  ];
}

function secretFaults({ secrets }: Findings, app: ProtectedApp): readonly Fault[] {
  const fault = (verdict: Verdict): readonly Fault[] => [
    { part: 'Key Vault', because: secrets.words, verdict },
  ];
  switch (secrets.state) {
    case 'vault-deleted':
      return fault(recoverVault(app));
    case 'secret-lost':
      return fault(recoverSecret(app, secrets.lost));
    case 'denied':
    case 'vault-missing':
      return fault(giveBack(secrets.state, app));
    case 'unreachable':
      return fault({
        kind: 'gather',
        title: `The Key Vault ${app.vault.vault} does not answer`,
        words:
          'That is no sign that it was deleted, and the rest of the region answers. Call Azure support ("@dr contacts") and look again in some minutes.',
      });
    case 'unresolved':
      return fault({
        kind: 'by hand',
        title: "Mend the app's Key Vault references",
        words:
          'They are not resolved, and no secret is missing. Look at their spelling in the app settings, and at who changed them last. Then look again.',
      });
    default:
      return [];
  }
}

function databaseFaults({ database }: Findings, app: ProtectedApp): readonly Fault[] {
  const fault = (verdict: Verdict): readonly Fault[] => [{ part: 'SQL', because: database.words, verdict }];
  switch (database.state) {
    case 'dropped':
      return fault(restoreDropped(app));
    case 'absent':
      return fault({
        kind: 'gather',
        title: `The database ${app.database} is not there, and whether it was deleted is not known`,
        words: `The deleted databases of ${app.sqlServer.server} could not be read. Look at them in the portal, or give the bot its role from infra/, then look again. If it is among them, “@dr restore” brings it back; if somebody renamed it, rename it back.`,
      });
    case 'missing':
      return fault({
        kind: 'by hand',
        title: `The database ${app.database} is neither there nor among the deleted ones`,
        words: `Somebody may have renamed it: look at the databases of ${app.sqlServer.server}, and rename it back. If it is gone for good, its geo-backup brings it back in the other region (“@dr failover region to ${app.secondaryRegion}”).`,
      });
    case 'busy':
      return fault({
        kind: 'gather',
        title: 'Azure is still working on the database',
        words: 'Let it end: another restore would only stand in its way. Look again in some minutes.',
      });
    case 'unreachable':
      return fault({
        kind: 'gather',
        title: `Azure SQL does not answer, asked for ${app.database}`,
        words:
          'So it is not known whether it is there, and nothing could be restored now either. Look at it in the portal, call Azure support ("@dr contacts") and look again in some minutes.',
      });
    case 'down':
      return fault({
        kind: 'gather',
        title: `The database ${app.database} is there and cannot be used`,
        words:
          'A restore would not help while its server does not serve it. Look at its state in the portal, call Azure support ("@dr contacts") and look again.',
      });
    default:
      return [];
  }
}

function storageFaults({ storage, app: seen }: Findings, app: ProtectedApp): readonly Fault[] {
  if (storage.state !== 'unreachable' && storage.state !== 'missing') return [];
  // An app that answers, and does not complain of its storage, can reach it: then it is the bot that cannot.
  if (seen.state === 'unhealthy' && !seen.fails.includes('storage')) return [];
  // A failover loses data: the bot's own view of the account is not enough for it.
  if (seen.state !== 'unhealthy' && !storage.reported) return [];
  return [{ part: 'Storage', because: storage.words, verdict: recoverStorage(app, storage) }];
}

function signInFaults(findings: Findings, app: ProtectedApp): readonly Fault[] {
  const { signIn } = findings;
  if (signIn.password === 'expired' || signIn.password === 'none')
    return [{ part: "The app's client secret", because: signIn.words, verdict: renewPassword(app) }];
  if (signInIsOut(findings)) return [{ part: 'Sign-in', because: signIn.words, verdict: signInOutage }];
  return [];
}

function appFaults({ app: seen, changes }: Findings, app: ProtectedApp): readonly Fault[] {
  const fault = (title: string, words: string): readonly Fault[] => [
    { part: 'App Service', because: seen.words, verdict: { kind: 'by hand', title, words } },
  ];
  const { app: name, resourceGroup } = app.webApp;
  if (seen.state === 'stopped') {
    const stop = newest(changes, 'stop');
    return fault(
      `Start ${name} again`,
      `It is stopped${stop ? ` (${stop.by}, ${stop.at.slice(11, 16)}Z)` : ''}. Ask why first, then: az webapp start --resource-group ${resourceGroup} --name ${name}. Then look again.`,
    );
  }
  if (seen.state === 'missing')
    return fault(
      `Bring the deleted app ${name} back`,
      `App Service keeps a deleted app for 30 days: az webapp deleted list --name ${name}, then az webapp deleted restore. If it is not there any more, it is deployed anew in the other region (“@dr failover region to ${app.secondaryRegion}”).`,
    );
  return [];
}

/** The newest change of a kind, if one was seen. */
export const newest = (changes: Findings['changes'], kind: Change['kind']): Change | undefined =>
  changes.state === 'read' ? changes.changes.find((change) => change.kind === kind) : undefined;

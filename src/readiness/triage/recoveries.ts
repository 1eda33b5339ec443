import type { ProtectedApp } from '../../engine/estate';
import type { Findings, LostSecret } from './finding';
import type { Verdict } from './verdict';

type Recover = Extract<Verdict, { kind: 'recover' }>;

/** Rows are gone or wrong, and the database is there. */
export const restoreData = ({ database }: ProtectedApp): Recover => ({
  ...{ kind: 'recover', scenario: 'data', runbook: 'restore-database', known: { database } },
  title: 'Restore the data to a moment before it was lost',
  words: `A copy of ${database} is restored beside it first; production is not touched until approvers swap it in. The form asks for the moment.`,
});

/** The database itself is gone: there is nothing to restore beside, and nothing to lose by restoring. */
export const restoreDropped = ({ database }: ProtectedApp): Recover => ({
  ...{ kind: 'recover', scenario: 'data', runbook: 'restore-database', known: { database } },
  title: `Restore the deleted database ${database}`,
  words:
    'It is in the list of dropped databases of its server, from which it can be restored as it was when it was deleted.',
});

export const recoverSecret = ({ vault }: ProtectedApp, { name, how }: LostSecret): Recover => ({
  ...{ kind: 'recover', scenario: 'secret', runbook: 'recover-secret' },
  known: how === 'gone' ? { secret: name, how: 'new' } : { secret: name },
  ...secretWords[how](name, vault.vault),
});

const secretWords: {
  readonly [how in LostSecret['how']]: (name: string, vault: string) => Pick<Recover, 'title' | 'words'>;
} = {
  deleted: (name, vault) => ({
    title: `Recover the secret ${name}`,
    words: `It is soft-deleted in ${vault} and can be brought back as it was. Nothing is lost by it.`,
  }),
  gone: (name, vault) => ({
    title: `Give the secret ${name} a new value`,
    words: `It is not in ${vault} any more, not even among the deleted ones. The form says where its new value comes from; it never passes through the chat.`,
  }),
  unseen: (name, vault) => ({
    title: `Recover the secret ${name}`,
    words: `The bot may not list all of ${vault}, so it is not known whether it can be brought back as it was or needs a new value. The plan says which, before anybody approves it.`,
  }),
  unused: (name, vault) => ({
    title: `Let the app take up the secret ${name}`,
    words: `It is in ${vault}, and App Service still holds an older answer. Its references are refreshed and the app is restarted; nothing is lost by it.`,
  }),
};

export const recoverVault = ({ vault }: ProtectedApp): Recover => ({
  ...{ kind: 'recover', scenario: 'secret', runbook: 'recover-vault', known: {} },
  title: `Recover the Key Vault ${vault.vault}`,
  words: 'It is soft-deleted with all its secrets, and comes back with them.',
});

/** The app's own client secret has expired: it needs a new one. */
export function renewPassword(app: ProtectedApp): Verdict {
  const secret = app.secrets.find(({ kind }) => kind === 'entra-client-secret');
  if (!secret)
    return {
      kind: 'by hand',
      title: "Make a new client secret for the app's Entra application",
      words: 'The estate file names no secret that holds it, so the bot cannot put it in its place.',
    };
  return {
    ...{
      kind: 'recover',
      scenario: 'secret',
      runbook: 'recover-secret',
      known: { secret: secret.name, how: 'new' },
    },
    title: `Renew the app's client secret (${secret.name})`,
    words: 'Microsoft Graph makes a new one, which goes straight into the vault and never through the chat.',
  };
}

export const failOverRegion = ({ primaryRegion, secondaryRegion }: ProtectedApp): Recover => ({
  ...{ kind: 'recover', scenario: 'region', runbook: 'failover-region', known: { region: secondaryRegion } },
  title: `Fail over from ${primaryRegion} to ${secondaryRegion}`,
  words:
    'The plan says how much data is lost by it before anybody approves it. It cannot be taken back at once.',
});

/** A geo-redundant account fails over to its copy; another one, or one that is gone, is replaced. */
export function recoverStorage({ storage }: ProtectedApp, finding: Findings['storage']): Recover {
  const failsOver = finding.state === 'unreachable' && finding.geoRedundant === true;
  return {
    ...{ kind: 'recover', scenario: 'storage', known: {} },
    runbook: failsOver ? 'failover-storage' : 'replace-storage',
    title: failsOver
      ? `Fail over the storage account ${storage.account}`
      : `Replace the storage account ${storage.account}`,
    words: failsOver
      ? 'Its copy in the other region takes over. What was written after the last sync is lost; the plan says how much.'
      : finding.state === 'missing'
        ? 'It does not exist any more. A new one takes its place, and the app gets its connection string.'
        : 'It has no copy to fail over to. A new one takes its place, and the app gets its connection string.',
  };
}

export const rollBack = (app: ProtectedApp, { version, before }: Findings['app']): Recover => ({
  ...{ kind: 'recover', scenario: 'release', runbook: 'rollback-app' },
  known: before === null ? {} : { version: before },
  title: `Roll ${app.title} back ${version === null ? 'to an earlier version' : `from ${version}`}`,
  words: `Nothing that the app depends on is seen to fail. The rollback takes minutes and can be taken back; the form lists the versions that the package host really has${before === null ? '' : ` and proposes ${before}`}.`,
});

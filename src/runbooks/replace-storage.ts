import { z } from 'zod/v4';
import { storageAccountId, webAppId } from '../azure/resource-id';
import type { StorageAccount } from '../azure/storage/account';
import type { WaitingQueue } from '../azure/storage/waiting';
import type { CompileContext, Compiled, Runbook } from '../engine/runbook';
import type { Plan } from '../incidents/plan';
import { likeness, newAccountFor } from './parts/new-account';
import { refuse } from './parts/refuse';
import { replaceForm, sensibleRegion } from './parts/replace-form';
import { type Replacement, replaceStages } from './parts/replace-stages';
import { replaceAfterwards, replaceLoss, replaceNotices } from './parts/replace-words';
import { storageTruth } from './parts/storage-truth';

const parameters = z.object({
  app: z.string(),
  /** Where the new account is made; empty for the most sensible region. */
  region: z
    .string()
    .max(40)
    .regex(/^[a-z0-9]*$/)
    .default(''),
  reason: z.string().max(2_000).default(''),
});
type Parameters = z.infer<typeof parameters>;

/** Scenario 4, steps 2 to 4: a new account, its connection string into Key Vault unseen, references, restart. */
export const runbook: Runbook<Parameters> = {
  name: 'replace-storage',
  title: 'Replace the storage account',
  source: 'Scenario 4: Storage account issues (alternative: new storage account)',
  summary: 'Makes a new, empty storage account and leads the app to it.',
  estimateMinutes: [60, 120],
  command: {
    name: 'replace storage',
    words: [
      ...['replace storage', 'replace the storage', 'new storage', 'new storage account'],
      ...['replace storage account', 'replace the storage account'],
    ],
    summary: 'Give the app a new storage account',
    examples: ['replace storage', 'replace storage in westus2'],
    takes: (words) => {
      const [region] = /\b[a-z]*(?:east|west|north|south|central)[a-z]*\d?\b/i.exec(words) ?? [];
      return region === undefined ? {} : { region: region.toLowerCase() };
    },
  },
  subject: ({ region }) => (region === undefined || region === '' ? '' : `in ${String(region)}`),
  parameters,
  form: replaceForm,
  compile: compileReplacement,
  truth: storageTruth,
};

async function compileReplacement(wanted: Parameters, context: CompileContext): Promise<Compiled> {
  const { app, azure } = context;
  const secret = app.secrets.find(({ kind }) => kind === 'storage-connection-string');
  if (!secret)
    return refuse(
      'NoConnectionString',
      `The estate names no secret of ${app.title} that holds its storage connection string (kind: storage-connection-string), so the app could not be led to a new account. Add it under apps[].secrets.`,
    );
  const [old, waiting, deleted, references, fresh] = await Promise.all([
    azure.storage.account(app.storage),
    azure.storage.waiting(app.storage),
    azure.vault.deletedSecrets(app.vault),
    azure.web.references(app.webApp),
    newAccountFor(context),
  ]);
  if (deleted.some(({ name }) => name === secret.name) && !context.begun.has('write-secret'))
    return refuse(
      'SecretDeleted',
      `${secret.name} in ${app.vault.vault} is deleted, and Azure lets nobody write a deleted secret. Recover it first: "@dr recover secret ${secret.name}".`,
    );
  const mine = references.filter((one) => one.secret?.toLowerCase() === secret.name.toLowerCase());
  const pinned = mine.find(({ pinnedVersion }) => pinnedVersion !== null);
  if (pinned)
    return refuse(
      'VersionPinned',
      `The app setting ${pinned.setting} insists on one version of ${secret.name}, so it would never see a new one. Take the version off its reference in the portal, then ask again.`,
    );
  if (!fresh)
    return refuse(
      'NoFreeName',
      `Every name that this run could give to a new storage account (${app.storage.account} with the run's number) is taken by somebody. Make the account by hand, and put its connection string into ${secret.name}.`,
    );
  const locks = [
    ...(await azure.locks(storageAccountId(fresh))),
    ...(await azure.locks(webAppId(app.webApp))),
  ];
  const lock = locks.find(({ level }) => level === 'ReadOnly');
  if (lock)
    return refuse(
      'ScopeLocked',
      `The lock "${lock.name}" (${lock.level}) on ${lock.scope} forbids making an account there and restarting the app. Its owner must remove it first.`,
    );
  const replacement: Replacement = {
    ...{ fresh, region: wanted.region || sensibleRegion(old, app), like: likeness(old), secret: secret.name },
    ...{ settings: mine.map(({ setting }) => setting), oldIsThere: old !== null },
  };
  return { plan: planFor(wanted, { old, waiting }, replacement, context) };
}

/** The account that is replaced, and what waits in it. */
interface Before {
  readonly old: StorageAccount | null;
  readonly waiting: readonly WaitingQueue[] | null;
}

function planFor(
  wanted: Parameters,
  { old, waiting }: Before,
  replacement: Replacement,
  context: CompileContext,
): Plan {
  const { app, past } = context;
  const { fresh, region, like, secret, settings } = replacement;
  const measured = past('replace-storage', 'create');
  return {
    ...{ runbook: 'replace-storage', app: app.name, parameters: wanted, objectives: app.objectives },
    title: `Replace ${app.storage.account} by ${fresh.account} in ${region}`,
    notices: replaceNotices(old, replacement, context),
    afterwards: replaceAfterwards(old, replacement, context),
    loss: replaceLoss(old, app.storage.account, waiting),
    duration:
      measured === null
        ? {
            ...{ minutes: 10, basis: 'document' },
            words: '1 to 2 hours by the document; its steps take some minutes when Azure is well',
          }
        : {
            ...{ minutes: Math.ceil(measured + 6), basis: 'past runs' },
            words: `about ${Math.ceil(measured + 6)} minutes, as our own past replacements took`,
          },
    observed: {
      'old account': old ? (old.primaryAnswers ? 'there' : 'there, and does not answer') : 'gone',
      'new account': fresh.account,
      // Once it is made, it is where it is, whatever would be the best place now.
      'its region': (context.begun.has('create') ? context.before?.observed['its region'] : null) ?? region,
      redundancy: like.sku,
      secret,
      'settings that refer to it': [...settings].sort(),
    },
    stages: replaceStages(replacement, context),
    recoveredAfter: 'healthy',
  };
}

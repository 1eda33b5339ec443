import { z } from 'zod/v4';
import type { CompileContext, Runbook } from '../engine/runbook';
import { approvalGate } from '../engine/stage-builders';
import type { Plan, Stage } from '../incidents/plan';
import { afterNewValue, setStep, sourceOf, sourceWords } from './parts/new-value';
import { refuse } from './parts/refuse';
import { secretForm } from './parts/secret-form';
import { type FoundSecret, findSecret, lockInTheWay, lockRefusal, readerOfVault } from './parts/secret-found';
import { recoverStep, secretTruth } from './parts/secret-recovery';
import { appStages, vaultStages } from './parts/secret-stages';
import { durationOf, left, noLoss, utc } from './parts/secret-words';

const parameters = z.object({
  app: z.string(),
  /** The secret's name, in any letter case. */
  secret: z.string().regex(/^[0-9a-zA-Z-]{1,127}$/, 'a name of a secret has letters, digits and - only'),
  /** `recover`: bring it back as it was, or set a new value where it is gone for good. `new`: a new value in any case. */
  how: z.enum(['recover', 'new']).default('recover'),
  reason: z.string().max(2_000).default(''),
});
type Parameters = z.infer<typeof parameters>;

const NAME = 'recover-secret';

/** Scenario 2: a secret of the app was deleted, purged, or is no good any more. */
export const runbook: Runbook<Parameters> = {
  name: NAME,
  title: 'Recover a secret',
  source: 'Scenario 2: Key Vault secret lost',
  summary: 'Brings a deleted secret back, or sets a new value without showing it, and makes the app use it.',
  estimateMinutes: [15, 30],
  command: {
    name: 'recover secret',
    words: ['recover secret', 'recover the secret', 'restore secret', 'recover secrets', 'new secret'],
    summary: 'Bring a deleted secret back, or set a new value that nobody sees',
    examples: ['recover secret AzureAdClientSecret', 'recover secret'],
    takes: (words) => (words === '' ? {} : { secret: words.split(' ')[0] ?? '' }),
  },
  subject: ({ secret, how }) => `${String(secret)}${how === 'new' ? ', with a new value' : ''}`,
  parameters,
  form: secretForm,

  async compile(wanted, context) {
    const looked = await findSecret(wanted.secret, context);
    if (!('found' in looked)) return looked;
    const { found } = looked;
    const lock = await lockInTheWay(context, found.vault !== 'there');
    if (lock) return lockRefusal(lock, `recovering ${found.name}`);
    const needed = neededFor(wanted, found, context);
    if ('refused' in needed) return needed;
    if (needed.does === 'nothing') {
      const health = await context.azure.health(context.app.healthUrl);
      if (health.green && found.references.every(({ status }) => status === 'Resolved'))
        return refuse(
          'NothingToRecover',
          `${found.name} is in ${context.app.vault.vault}, every setting that refers to it is Resolved, and the app is green. If its value is wrong, ask for a new value.`,
        );
    }
    return { plan: await planFor(wanted, found, needed, context) };
  },

  truth: secretTruth,
};

/** What has to happen to the secret itself before the app can take it up. */
interface Needed {
  readonly does: 'nothing' | 'recover' | 'set' | 'recover and set';
  readonly source: ReturnType<typeof sourceOf> | null;
}

function neededFor(wanted: Parameters, found: FoundSecret, { app, begun }: CompileContext) {
  // What this run has begun is no longer as it was found, and the plan is still the same.
  const recovers = found.state === 'deleted' || found.state === 'in a deleted vault' || begun.has('recover');
  if (wanted.how === 'recover' && found.state !== 'purged' && !begun.has('set'))
    return { does: recovers ? 'recover' : 'nothing', source: null } satisfies Needed;
  const known = app.secrets.find(({ name }) => name.toLowerCase() === found.name.toLowerCase());
  if (!known)
    return refuse(
      'SourceUnknown',
      `${found.name} ${found.state === 'purged' ? 'was purged, so it needs a new value' : 'is to get a new value'}, and the estate file does not say where from. Add it under apps[].secrets with a kind, then ask again.`,
    );
  const pinned = found.references.find(({ pinnedVersion }) => pinnedVersion !== null);
  if (pinned)
    return refuse(
      'ReferencePinned',
      `The setting ${pinned.setting} insists on version ${pinned.pinnedVersion} of ${found.name}, so a new value would never reach the app. Take the version out of the setting in the portal, then ask again.`,
    );
  return { does: recovers ? 'recover and set' : 'set', source: sourceOf(known, app) } satisfies Needed;
}

async function planFor(
  wanted: Parameters,
  found: FoundSecret,
  needed: Needed,
  context: CompileContext,
): Promise<Plan> {
  const { app } = context;
  const stages = await stagesFor(found, needed, context);
  return {
    ...{ runbook: NAME, app: app.name, parameters: wanted, stages, objectives: app.objectives },
    title: `${titleWords[needed.does]} ${found.name}`,
    notices: noticesFor(found, needed, context),
    afterwards: needed.source ? afterNewValue(found.name, needed.source) : [],
    loss: noLoss,
    duration: durationOf(NAME, stages, context),
    observed: {
      vault: context.begun.has('recover-vault') || found.vault !== 'there' ? 'deleted' : 'there',
      secret: stateAsFound(wanted, found, context),
      // Another time means that it was recovered and deleted again since.
      'can be recovered until':
        context.begun.has('recover') || context.begun.has('recover-vault')
          ? (context.before?.observed['can be recovered until'] ?? null)
          : (found.purgeOn?.toISOString() ?? null),
      'settings that refer to it': found.references.map(({ setting }) => setting).sort(),
      'version that they insist on': found.references.flatMap(({ pinnedVersion }) => pinnedVersion ?? []),
    },
    recoveredAfter: 'healthy',
  };
}

/** The secret's state as it was before this run began to change it: a plan that is made anew meanwhile is the same plan. */
function stateAsFound(wanted: Parameters, found: FoundSecret, { begun }: CompileContext): string {
  if (begun.has('recover')) return 'deleted';
  return begun.has('set') && wanted.how === 'recover' ? 'purged' : found.state;
}

const titleWords: { readonly [does in Needed['does']]: string } = {
  nothing: 'Make the app fetch',
  recover: 'Recover',
  set: 'Set a new value of',
  'recover and set': 'Recover, and set a new value of',
};

async function stagesFor(
  found: FoundSecret,
  { does, source }: Needed,
  context: CompileContext,
): Promise<readonly Stage[]> {
  const { app } = context;
  const principal = found.vault === 'there' ? null : await readerOfVault(context);
  const vault = found.vault === 'there' ? [] : vaultStages(context, NAME, found.vault.location, principal);
  const first = vault.length === 0 ? ['approve'] : ['recover-vault'];
  const recover =
    does === 'recover' || does === 'recover and set' ? [recoverStep(context, NAME, found.name, first)] : [];
  const set =
    source === null
      ? []
      : [setStep(context, NAME, found.name, source, recover.length === 0 ? first : ['recover'])];
  // The newest of what stands before the app: beside it, `let-read` may still be under way.
  const last = [...recover, ...set].at(-1)?.name;
  const ready = [...(last === undefined ? first : [last]), ...vault.slice(1).map(({ name }) => name)];
  const settings = found.references.map(({ setting }) => setting);
  const taken = appStages(context, NAME, settings, ready);
  const steps = [...vault, ...recover, ...set, ...taken].filter(({ kind }) => kind === 'step');
  return [
    approvalGate('approve', {
      ...{ title: 'Approval to begin', policy: 'secrets', covers: steps.map(({ name }) => name) },
      question: `${titleWords[does]} ${found.name}, and restart ${app.webApp.app}?`,
    }),
    ...vault.map((stage) => (stage.after.length === 0 ? { ...stage, after: ['approve'] } : stage)),
    ...[...recover, ...set, ...taken],
  ];
}

function noticesFor(found: FoundSecret, { source, does }: Needed, { app, now }: CompileContext): string[] {
  const { purgeOn, deletedOn, references } = found;
  const what = found.vault === 'there' ? found.name : `The whole vault ${app.vault.vault}`;
  const pinned = references.filter(({ pinnedVersion }) => pinnedVersion !== null);
  return [
    ...(purgeOn
      ? [
          `${what} was deleted ${utc(deletedOn)}. It can be recovered until ${utc(purgeOn)}, for another ${left(purgeOn, now)}; then it is gone for good.`,
        ]
      : []),
    ...(found.vault === 'there'
      ? []
      : [
          `A recovered vault comes back without the role assignments that were made on it. The app's own is made again; others must be made by hand.`,
          `Whether ${found.name} itself was deleted before the vault was cannot be seen until the vault is back; it is recovered if so.`,
        ]),
    ...(found.state === 'purged'
      ? [`${found.name} was purged: no copy of the old value is left in the vault.`]
      : []),
    ...(source ? [`The new value is ${sourceWords(source)}. It passes through no chat, log or card.`] : []),
    ...(does === 'nothing' ? [`${found.name} is in the vault; only the app does not use it yet.`] : []),
    ...pinned.map(
      ({ setting, pinnedVersion }) =>
        `The setting ${setting} insists on version ${pinnedVersion}. A recovery brings that version back; a later new value would not reach the app.`,
    ),
    ...(references.length === 0
      ? [`No setting of ${app.webApp.app} refers to ${found.name}: the app is restarted all the same.`]
      : []),
    `The app is restarted, and does not answer for about a minute.`,
  ];
}

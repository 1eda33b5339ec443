import { z } from 'zod/v4';
import type { Runbook } from '../engine/runbook';
import { approvalGate } from '../engine/stage-builders';
import { refuse } from './parts/refuse';
import { lockInTheWay, lockRefusal, readerOfVault, vaultGone } from './parts/secret-found';
import { secretTruth } from './parts/secret-recovery';
import { appStages, vaultStages } from './parts/secret-stages';
import { durationOf, left, noLoss, utc } from './parts/secret-words';

const parameters = z.object({ app: z.string(), reason: z.string().max(2_000).default('') });
type Parameters = z.infer<typeof parameters>;

const NAME = 'recover-vault';

/** Scenario 2, when not a secret but the whole vault was deleted. */
export const runbook: Runbook<Parameters> = {
  name: NAME,
  title: 'Recover the vault',
  source: 'Scenario 2: Key Vault secret lost',
  summary: 'Brings a deleted Key Vault back with all its secrets, and makes the app use them.',
  estimateMinutes: [15, 30],
  command: {
    name: 'recover vault',
    words: ['recover vault', 'recover the vault', 'recover key vault', 'restore vault'],
    summary: 'Bring a deleted Key Vault back with all its secrets',
    examples: ['recover vault'],
    takes: () => ({}),
  },
  parameters,

  async form({ app, azure, now }, known) {
    const vault = await azure.vault.vault(app.vault);
    const deleted = vault ? null : await azure.vault.deletedVault(app.vault);
    return {
      ...{ app: app.name, appTitle: app.title, vault: app.vault.vault },
      state: vault
        ? 'It is there: nothing of it has to be recovered. For a single secret type "@dr recover secret".'
        : deleted
          ? `Deleted ${utc(deleted.deletedOn)}. It can be recovered until ${utc(deleted.purgeOn)}${deleted.purgeOn ? `, for another ${left(deleted.purgeOn, now)}` : ''}.`
          : 'There is no such vault, and none of that name among the deleted ones.',
      reason: String(known['reason'] ?? ''),
    };
  },

  async compile(wanted, context) {
    const { app, azure, begun, now } = context;
    if (!begun.has('recover-vault') && (await azure.vault.vault(app.vault)))
      return refuse(
        'VaultIsThere',
        `${app.vault.vault} is not deleted. For a single secret type "@dr recover secret".`,
      );
    const deleted = await azure.vault.deletedVault(app.vault);
    if (!deleted && !begun.has('recover-vault')) return vaultGone(app.vault.vault, app.vault.resourceGroup);
    const lock = await lockInTheWay(context, true);
    if (lock) return lockRefusal(lock, `recovering ${app.vault.vault}`);
    const [references, reader] = await Promise.all([
      azure.web.references(app.webApp),
      readerOfVault(context),
    ]);
    const settings = references
      .filter(({ vault }) => vault?.toLowerCase() === app.vault.vault.toLowerCase())
      .map(({ setting }) => setting);
    const vault = vaultStages(context, NAME, deleted?.location ?? app.primaryRegion, reader);
    const taken = appStages(context, NAME, settings, [vault.at(-1)?.name ?? '']);
    const steps = [...vault, ...taken].filter(({ kind }) => kind === 'step');
    const stages = [
      approvalGate('approve', {
        ...{ title: 'Approval to begin', policy: 'secrets', covers: steps.map(({ name }) => name) },
        question: `Recover ${app.vault.vault} with all its secrets, and restart ${app.webApp.app}?`,
      }),
      ...vault.map((stage) => (stage.after.length === 0 ? { ...stage, after: ['approve'] } : stage)),
      ...taken,
    ];
    const plan = {
      ...{ runbook: NAME, app: app.name, parameters: wanted, stages, objectives: app.objectives },
      title: `Recover the vault ${app.vault.vault}`,
      notices: [
        ...(deleted?.purgeOn
          ? [
              `The vault was deleted ${utc(deleted.deletedOn)}. It can be recovered until ${utc(deleted.purgeOn)}, for another ${left(deleted.purgeOn, now)}; then it is gone for good, with every secret in it.`,
            ]
          : []),
        `A recovered vault comes back without the role assignments that were made on it. The app's own is made again; others must be made by hand.`,
        `The app is restarted, and does not answer for about a minute.`,
      ],
      afterwards: [
        `Make again by hand what Azure does not bring back: role assignments of other people and apps on ${app.vault.vault}, and its Event Grid subscriptions.`,
      ],
      loss: noLoss,
      duration: durationOf(NAME, stages, context),
      observed: {
        vault: 'deleted',
        // Another time means that it was recovered and deleted again since.
        'can be recovered until': begun.has('recover-vault')
          ? (context.before?.observed['can be recovered until'] ?? null)
          : (deleted?.purgeOn?.toISOString() ?? null),
        'settings that refer to it': [...settings].sort(),
      },
      recoveredAfter: 'healthy',
    };
    return { plan };
  },

  truth: secretTruth,
};

import { z } from 'zod/v4';
import type { Connection } from '../connection';
import { reading } from '../connection';
import { AzureProblem, type Look, lookToken, type OperationHandler, type OperationOf } from '../operation';
import { pollByLooking } from '../poll-by-looking';
import { observedProblem } from '../problem';
import { secrets } from './secrets';
import { deletedVault, isReady, sdkVault, vaultWords } from './vaults';

type Recover = OperationOf<'vault.recover-vault'>;

/** What a vault that is being recovered answers until its name leads somewhere again. */
const notYet = new Set(['Unreachable', 'VaultNotFound', 'Timeout']);

/** Vaults_CreateOrUpdate with `createMode: recover`, until the vault's own address answers again. */
export function recoverVault(azure: Connection): OperationHandler<Recover> {
  const seen = (operation: Recover): Promise<Look> => look(azure, operation);
  return {
    rest: ({ vault }) => `PUT …/vaults/${vault.vault} (createMode recover)`,
    target: ({ vault }) => vault.vault,
    look: seen,
    begin: async ({ vault, location }, sent) => {
      const tenantId = await tenantOf(azure, vault.subscriptionId);
      const { keyVault } = azure.clients(vault.subscriptionId);
      await azure.call({ doing: 'Recovering', resource: vaultWords(vault) }, async (abortSignal) => {
        const poller = keyVault.vaults.createOrUpdate(
          vault.resourceGroup,
          vault.vault,
          {
            location,
            properties: { tenantId, sku: { family: 'A', name: 'standard' }, createMode: 'recover' },
          },
          { abortSignal, requestOptions: { headers: { 'x-ms-client-request-id': sent.requestId } } },
        );
        await poller.submitted();
      });
      return { state: 'accepted', token: lookToken };
    },
    poll: (operation) => pollByLooking(operation, operation.vault.vault, seen),
  };
}

async function look(azure: Connection, { vault }: Recover): Promise<Look> {
  const found = await sdkVault(azure, vault);
  if (found) {
    const over = isReady(found) && (await answers(azure, vault));
    return over ? { state: 'done', facts: {} } : { state: 'under way', percent: null };
  }
  if (await deletedVault(azure, vault)) return { state: 'absent' };
  return {
    state: 'blocked',
    problem: observedProblem(
      'VaultPurged',
      `There is no ${vaultWords(vault)}, and it is not among the deleted ones either: it was purged, with every secret in it. Make a new vault by deploying the app's template, then set its secrets.`,
    ),
  };
}

/** Whether the vault's own address answers, be it with a refusal: then it is there. */
async function answers(azure: Connection, vault: Recover['vault']): Promise<boolean> {
  try {
    await secrets(azure, vault);
    return true;
  } catch (error) {
    if (!(error instanceof AzureProblem)) throw error;
    return !notYet.has(error.details.code);
  }
}

/** Subscriptions_Get: the tenant that a vault's PUT has to name. */
async function tenantOf(azure: Connection, subscriptionId: string): Promise<string> {
  const url = `https://management.azure.com/subscriptions/${subscriptionId}?api-version=2022-12-01`;
  const body = await azure.call(reading(`subscription ${subscriptionId}`), (abortSignal) =>
    azure.arm('GET', url, abortSignal),
  );
  return z.object({ tenantId: z.string() }).parse(body).tenantId;
}

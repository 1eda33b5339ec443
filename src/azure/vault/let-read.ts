import { createHash } from 'node:crypto';
import { z } from 'zod/v4';
import { type Connection, reading } from '../connection';
import { type AtOnce, atOnce } from '../handler';
import type { Look, OperationHandler, OperationOf } from '../operation';
import { vaultId } from '../resource-id';
import { sdkVault, vaultWords } from './vaults';

type LetRead = OperationOf<'vault.let-read'>;

/** Azure's own roles that let an identity read the values of secrets; the first is the least of them. */
const readers = [
  '4633458b-17de-408a-b874-0445c86b69e6', // Key Vault Secrets User
  'b86a8fe4-44ce-4948-aee5-eccb2c155cd7', // Key Vault Secrets Officer
  '00482a5a-887f-4fb3-b363-3b7fe8e74483', // Key Vault Administrator
] as const;

const version = 'api-version=2022-04-01';

const assignments = z.object({
  value: z.array(z.object({ properties: z.object({ scope: z.string(), roleDefinitionId: z.string() }) })),
});

/**
 * RoleAssignments_Create of "Key Vault Secrets User" on the vault. Azure drops the role assignments of a deleted
 * vault, so a recovered one is closed to its app. Nothing is to be done where access policies rule: those come back.
 */
export function letRead(azure: Connection): OperationHandler<LetRead> {
  const one: AtOnce<LetRead> = {
    rest: ({ vault }) =>
      `PUT …/vaults/${vault.vault}/…/roleAssignments/{id} (Key Vault Secrets User), where it is lacking`,
    target: ({ vault }) => vault.vault,
    words: ({ vault }) => ({ doing: 'Letting the app read', resource: vaultWords(vault) }),
    look: (operation) => look(azure, operation),
    send: async ({ vault, principal }, sent, abortSignal) => {
      const id = assignmentId(vaultId(vault), principal);
      const url = `https://management.azure.com${vaultId(vault)}/providers/Microsoft.Authorization/roleAssignments/${id}?${version}`;
      await azure.arm('PUT', url, abortSignal, {
        headers: { 'x-ms-client-request-id': sent.requestId },
        body: {
          properties: {
            roleDefinitionId: `/subscriptions/${vault.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${readers[0]}`,
            principalId: principal,
            principalType: 'ServicePrincipal',
          },
        },
      });
      return {};
    },
  };
  return atOnce(azure, one);
}

async function look(azure: Connection, { vault, principal }: LetRead): Promise<Look> {
  const found = await sdkVault(azure, vault);
  if (found && !found.properties.enableRbacAuthorization) return { state: 'done', facts: {} };
  const filter = encodeURIComponent(`assignedTo('${principal}')`);
  const url = `https://management.azure.com${vaultId(vault)}/providers/Microsoft.Authorization/roleAssignments?$filter=${filter}&${version}`;
  const body = await azure.call(reading(`who may read ${vaultWords(vault)}`), (abortSignal) =>
    azure.arm('GET', url, abortSignal),
  );
  const scope = vaultId(vault).toLowerCase();
  const may = assignments
    .parse(body)
    .value.some(
      ({ properties }) =>
        `${scope}/`.startsWith(`${properties.scope.toLowerCase().replace(/\/$/, '')}/`) &&
        readers.some((role) => properties.roleDefinitionId.toLowerCase().endsWith(role)),
    );
  return may ? { state: 'done', facts: {} } : { state: 'absent' };
}

/** The same id for the same vault and identity, so that a second try meets the first. */
function assignmentId(vault: string, principal: string): string {
  const hex = createHash('sha256').update(`${vault}/${principal}`.toLowerCase()).digest('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`];
  return [...parts, hex.slice(20, 32)].join('-');
}

import { assignmentsOn, type DataAction } from '../arm/role-assignments';
import type { Caller } from '../tokens';
import type { World } from '../world';
import type { Vault } from './state';
import { VaultError } from './vault-error';
import { vaultId } from './vaults';

/** What can be done with secrets: the permission of an access policy, and the data action of a role. */
const actions = {
  get: 'getSecret',
  list: 'readMetadata',
  set: 'setSecret',
  delete: 'delete',
  recover: 'recover',
  purge: 'purge',
  backup: 'backup',
  restore: 'restore',
} as const;
export type SecretPermission = keyof typeof actions;

/** Whether an identity may do this with the secrets of a vault, by roles or by access policies as the vault has it. */
export function mayUseSecrets(
  world: World,
  vault: Vault,
  objectId: string,
  permission: SecretPermission,
): boolean {
  return vault.rbac
    ? assignmentsOn(world, vaultId(world, vault), objectId).some((granted) =>
        granted.includes(actionOf(permission)),
      )
    : vault.accessPolicies.some(
        (policy) =>
          policy.objectId === objectId &&
          policy.secrets.some((one) => [permission, 'all'].includes(one.toLowerCase())),
      );
}

/** Refuses what the caller may not do, in Key Vault's words. @throws VaultError 403. */
export function authorize(
  world: World,
  vault: Vault,
  caller: Caller,
  permission: SecretPermission,
  secret: string,
): void {
  if (mayUseSecrets(world, vault, caller.objectId, permission)) {
    return;
  }
  const issuer = `https://sts.windows.net/${world.state.tenant.id}/`;
  const who = `appid=${caller.applicationId};oid=${caller.objectId};iss=${issuer}`;
  throw vault.rbac
    ? new VaultError(
        403,
        'Forbidden',
        `Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role definitions were changed recently, please observe propagation time.\r\nCaller: ${who}\r\nAction: '${actionOf(permission)}'\r\nResource: '${vaultId(world, vault).toLowerCase()}${secret === '' ? '' : `/secrets/${secret.toLowerCase()}`}'\r\nAssignment: (not found)\r\nDenyAssignmentId: null\r\nDecisionReason: null \r\nVault: ${vault.name};location=${vault.location}\r\n`,
        'ForbiddenByRbac',
      )
    : new VaultError(
        403,
        'Forbidden',
        `The user, group or application '${who}' does not have secrets ${permission} permission on key vault '${vault.name};location=${vault.location}'. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287`,
        'AccessDenied',
      );
}

function actionOf(permission: SecretPermission): DataAction {
  const name = actions[permission];
  return `Microsoft.KeyVault/vaults/secrets/${name}${name === 'delete' ? '' : '/action'}`;
}

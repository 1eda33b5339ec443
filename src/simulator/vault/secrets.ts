import type { HostAnswer, HostRequest } from '../host';
import { at, numberAt, textAt, textsAt } from '../json';
import { azureNow, newId, timeStamp, type World } from '../world';
import type { SecretPermission } from './access';
import type { Secret, SecretVersion, Vault } from './state';
import { VaultError } from './vault-error';
import { liveSecret, SECRET_RECOVERY } from './vaults';
import { bundle, deletedItem, item, itemOf } from './views';

/** One request about secrets; `secret` and `version` are empty where the path has none. */
export interface SecretCall {
  readonly world: World;
  readonly vault: Vault;
  readonly request: HostRequest;
  readonly secret: string;
  readonly version: string;
}

interface SecretRoute {
  readonly operation: string;
  readonly method: string;
  readonly path: RegExp;
  readonly permission: SecretPermission;
  readonly handler: (call: SecretCall) => HostAnswer;
}

const name = '([0-9a-zA-Z-]+)';
const on = (path: string): RegExp => new RegExp(`^${path}/?$`, 'i');

/** The operations on secrets (Key Vault data plane 7.5, secrets.json) and what each asks of the caller. */
export const secretRoutes: readonly SecretRoute[] = [
  { operation: 'GetSecrets', method: 'GET', path: on('/secrets'), permission: 'list', handler: listSecrets },
  {
    operation: 'GetSecretVersions',
    method: 'GET',
    path: on(`/secrets/${name}/versions`),
    permission: 'list',
    handler: listVersions,
  },
  {
    operation: 'GetDeletedSecrets',
    method: 'GET',
    path: on('/deletedsecrets'),
    permission: 'list',
    handler: listDeleted,
  },
  {
    operation: 'GetDeletedSecret',
    method: 'GET',
    path: on(`/deletedsecrets/${name}`),
    permission: 'get',
    handler: (call) => ({ status: 200, body: deletedItem(call.vault, findDeleted(call)) }),
  },
  {
    operation: 'RecoverDeletedSecret',
    method: 'POST',
    path: on(`/deletedsecrets/${name}/recover`),
    permission: 'recover',
    handler: recover,
  },
  {
    operation: 'PurgeDeletedSecret',
    method: 'DELETE',
    path: on(`/deletedsecrets/${name}`),
    permission: 'purge',
    handler: purge,
  },
  { operation: 'SetSecret', method: 'PUT', path: on(`/secrets/${name}`), permission: 'set', handler: set },
  {
    operation: 'DeleteSecret',
    method: 'DELETE',
    path: on(`/secrets/${name}`),
    permission: 'delete',
    handler: (call) => {
      const secret = find(call);
      deleteSecret(call.world, secret);
      return { status: 200, body: deletedItem(call.vault, secret) };
    },
  },
  {
    operation: 'UpdateSecret',
    method: 'PATCH',
    path: on(`/secrets/${name}/${name}`),
    permission: 'set',
    handler: update,
  },
  // The SDK writes an empty version as a trailing slash, which means the newest one.
  {
    operation: 'GetSecret',
    method: 'GET',
    path: on(`/secrets/${name}(?:/${name})?`),
    permission: 'get',
    handler: (call) => ({ status: 200, body: bundle(call.vault, find(call), findVersion(call)) }),
  },
];

/** Puts a secret away: it can be recovered until the vault's retention ends. */
export function deleteSecret(world: World, secret: Secret): void {
  secret.deletedDate = timeStamp(world);
  delete secret.recoveredAt;
}

function listSecrets({ vault }: SecretCall): HostAnswer {
  const live = Object.values(vault.secrets).filter((one) => liveSecret(vault, one.name) !== undefined);
  return page(live.map((secret) => itemOf(vault, secret)));
}

/** A name that is not there has no versions; Key Vault does not call that an error. */
function listVersions({ vault, secret }: SecretCall): HostAnswer {
  const found = liveSecret(vault, secret);
  return page((found?.versions ?? []).map((version) => item(vault, secret, version, true)));
}

function listDeleted({ vault }: SecretCall): HostAnswer {
  const deleted = Object.values(vault.secrets).filter((one) => one.deletedDate !== undefined);
  return page(deleted.map((secret) => deletedItem(vault, secret)));
}

function page(value: readonly unknown[]): HostAnswer {
  return { status: 200, body: { value, nextLink: null } };
}

function set(call: SecretCall): HostAnswer {
  const { vault, world, request, secret: wanted } = call;
  const value = textAt(request.body, 'value');
  if (value === undefined) {
    throw new VaultError(400, 'BadParameter', "The property 'value' has an invalid value.");
  }
  const existing = vault.secrets[wanted.toLowerCase()];
  refuseWhenOnItsWay(existing);
  if (existing?.deletedDate !== undefined) {
    throw new VaultError(
      409,
      'Conflict',
      `Secret ${existing.name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the secret can only be recovered or purged.`,
      'ObjectIsDeletedButRecoverable',
    );
  }
  const version = versionFrom(call, value);
  const secret: Secret = existing ?? { name: wanted, versions: [] };
  secret.versions = [...secret.versions, version];
  vault.secrets[wanted.toLowerCase()] = secret;
  world.log(`vault ${vault.name}: a new version of ${secret.name}`);
  return { status: 200, body: bundle(vault, secret, version) };
}

function versionFrom({ world, request }: SecretCall, value: string): SecretVersion {
  const { body } = request;
  const tags = textsAt(body, 'tags');
  const contentType = textAt(body, 'contentType');
  const expires = numberAt(body, 'attributes', 'exp');
  const notBefore = numberAt(body, 'attributes', 'nbf');
  return {
    id: newId(world.state).replaceAll('-', ''),
    value,
    created: timeStamp(world),
    enabled: at(body, 'attributes', 'enabled') !== false,
    ...(tags === undefined ? {} : { tags }),
    ...(contentType === undefined ? {} : { contentType }),
    ...(expires === undefined ? {} : { expires }),
    ...(notBefore === undefined ? {} : { notBefore }),
  };
}

function update(call: SecretCall): HostAnswer {
  const secret = find(call);
  const old = findVersion(call);
  const tags = textsAt(call.request.body, 'tags');
  const enabled = at(call.request.body, 'attributes', 'enabled');
  const changed: SecretVersion = {
    ...old,
    ...(tags === undefined ? {} : { tags }),
    ...(typeof enabled === 'boolean' ? { enabled } : {}),
  };
  secret.versions = secret.versions.map((one) => (one === old ? changed : one));
  const { value: _, ...body } = bundle(call.vault, secret, changed);
  return { status: 200, body };
}

function recover(call: SecretCall): HostAnswer {
  const existing = call.vault.secrets[call.secret.toLowerCase()];
  refuseWhenOnItsWay(existing);
  const secret = findDeleted(call);
  delete secret.deletedDate;
  secret.recoveredAt = azureNow(call.world) + SECRET_RECOVERY;
  return { status: 200, body: itemOf(call.vault, secret) };
}

function purge(call: SecretCall): HostAnswer {
  const secret = findDeleted(call);
  if (call.vault.purgeProtection) {
    throw new VaultError(
      403,
      'Forbidden',
      'Operation "purge" is not allowed on this vault because purge protection is enabled.',
      'ForbiddenByPurgeProtection',
    );
  }
  delete call.vault.secrets[secret.name.toLowerCase()];
  return { status: 204 };
}

function refuseWhenOnItsWay(secret: Secret | undefined): void {
  if (secret?.recoveredAt !== undefined) {
    throw new VaultError(
      409,
      'Conflict',
      `Secret ${secret.name} is currently being recovered.`,
      'ObjectIsBeingRecovered',
    );
  }
}

function find({ vault, secret }: SecretCall): Secret {
  const found = liveSecret(vault, secret);
  if (found === undefined) {
    throw missing(secret);
  }
  return found;
}

function findVersion(call: SecretCall): SecretVersion {
  const { versions } = find(call);
  const found = call.version === '' ? versions.at(-1) : versions.find(({ id }) => id === call.version);
  if (found === undefined) {
    throw missing(`${call.secret}/${call.version}`);
  }
  if (found.enabled === false && call.request.method === 'GET') {
    throw new VaultError(
      403,
      'Forbidden',
      'Operation get is not allowed on a disabled secret.',
      'SecretDisabled',
    );
  }
  return found;
}

function findDeleted({ vault, secret }: SecretCall): Secret {
  const found = vault.secrets[secret.toLowerCase()];
  if (found?.deletedDate === undefined) {
    throw new VaultError(404, 'SecretNotFound', `Deleted Secret not found: ${secret}`);
  }
  return found;
}

function missing(what: string): VaultError {
  const said = `A secret with (name/id) ${what} was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182`;
  return new VaultError(404, 'SecretNotFound', said);
}

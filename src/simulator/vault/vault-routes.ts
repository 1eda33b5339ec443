import { type Call, param, type Route } from '../arm/route';
import { AzureError } from '../azure-error';
import type { HostAnswer } from '../host';
import { at, numberAt, textAt, textsAt } from '../json';
import { sameName } from '../resource-id';
import { notFound } from '../sql/servers';
import { azureNow } from '../world';
import type { AccessPolicy, Vault } from './state';
import { deletedVaultView, vaultView } from './vault-views';
import { deleteVault, liveVault, recoverVault, VAULT_RECOVERY, vaultNamed } from './vaults';

/** What @azure/arm-keyvault 5 sends, and the newest version whose specification is published with it. */
const apiVersions = ['2026-02-01', '2023-07-01'];
const provider = '/subscriptions/{subscriptionId}/providers/Microsoft.KeyVault';
const group =
  '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.KeyVault/vaults';
const vaultPath = `${group}/{vaultName}`;
const deletedPath = `${provider}/locations/{location}/deletedVaults/{vaultName}`;

/** Vaults themselves (Microsoft.KeyVault 2023-07-01). */
export const vaultRoutes: readonly Route[] = [
  {
    operation: 'Vaults_ListBySubscription',
    method: 'GET',
    path: `${provider}/vaults`,
    apiVersions,
    handler: (call) => list(call, () => true),
  },
  {
    operation: 'Vaults_ListByResourceGroup',
    method: 'GET',
    path: group,
    apiVersions,
    handler: (call) => list(call, (vault) => sameName(vault.resourceGroup, param(call, 'resourceGroupName'))),
  },
  {
    operation: 'Vaults_ListDeleted',
    method: 'GET',
    path: `${provider}/deletedVaults`,
    apiVersions,
    handler: listDeleted,
  },
  {
    operation: 'Vaults_GetDeleted',
    method: 'GET',
    path: deletedPath,
    apiVersions,
    handler: (call) => ({ status: 200, body: deletedVaultView(call.world, findDeleted(call)) }),
  },
  {
    operation: 'Vaults_Get',
    method: 'GET',
    path: vaultPath,
    apiVersions,
    handler: (call) => ({ status: 200, body: vaultView(call.world, find(call)) }),
  },
  { operation: 'Vaults_CreateOrUpdate', method: 'PUT', path: vaultPath, apiVersions, handler: put },
  { operation: 'Vaults_Update', method: 'PATCH', path: vaultPath, apiVersions, handler: patch },
  {
    operation: 'Vaults_Delete',
    method: 'DELETE',
    path: vaultPath,
    apiVersions,
    handler: (call) => {
      const vault = liveVault(call.world, param(call, 'vaultName'));
      if (vault === undefined) {
        return { status: 204 };
      }
      deleteVault(call.world, vault);
      return { status: 200 };
    },
  },
  {
    operation: 'Vaults_PurgeDeleted',
    method: 'POST',
    path: `${deletedPath}/purge`,
    apiVersions,
    handler: purge,
  },
];

function list(call: Call, wanted: (vault: Vault) => boolean): HostAnswer {
  const value = Object.keys(call.world.state.vaults)
    .map((name) => liveVault(call.world, name))
    .filter((vault): vault is Vault => vault !== undefined && wanted(vault))
    .map((vault) => vaultView(call.world, vault));
  return { status: 200, body: { value } };
}

function listDeleted(call: Call): HostAnswer {
  const value = Object.keys(call.world.state.vaults)
    .map((name) => vaultNamed(call.world, name))
    .filter((vault): vault is Vault => vault?.deletedDate !== undefined)
    .map((vault) => deletedVaultView(call.world, vault));
  return { status: 200, body: { value } };
}

function find(call: Call): Vault {
  const name = param(call, 'vaultName');
  const resourceGroup = param(call, 'resourceGroupName');
  const vault = liveVault(call.world, name);
  if (vault === undefined || !sameName(vault.resourceGroup, resourceGroup)) {
    throw notFound(`Microsoft.KeyVault/vaults/${name}`, resourceGroup);
  }
  return vault;
}

function findDeleted(call: Call): Vault {
  const name = param(call, 'vaultName');
  const vault = vaultNamed(call.world, name);
  if (vault?.deletedDate === undefined || !sameName(vault.location, param(call, 'location'))) {
    throw noDeleted(name);
  }
  return vault;
}

function put(call: Call): HostAnswer {
  const name = param(call, 'vaultName');
  const existing = vaultNamed(call.world, name);
  if (textAt(call.request.body, 'properties', 'createMode') === 'recover') {
    if (
      existing?.deletedDate === undefined ||
      !sameName(existing.resourceGroup, param(call, 'resourceGroupName'))
    ) {
      throw noDeleted(name);
    }
    recoverVault(call.world, existing);
    return { status: 200, body: vaultView(call.world, existing) };
  }
  if (existing?.deletedDate !== undefined) {
    throw new AzureError(
      409,
      'ConflictError',
      'A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault. Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft delete.',
    );
  }
  const vault = existing ?? create(call, name);
  change(call, vault);
  call.world.state.vaults[name.toLowerCase()] = vault;
  return { status: existing === undefined ? 201 : 200, body: vaultView(call.world, vault) };
}

function create(call: Call, name: string): Vault {
  const { body } = call.request;
  const location = textAt(body, 'location');
  if (location === undefined) {
    throw new AzureError(400, 'LocationRequired', 'The location property is required for this definition.');
  }
  return {
    name,
    resourceGroup: param(call, 'resourceGroupName'),
    location,
    tags: {},
    rbac: false,
    enabledForTemplateDeployment: false,
    softDeleteRetentionInDays: numberAt(body, 'properties', 'softDeleteRetentionInDays') ?? 90,
    purgeProtection: at(body, 'properties', 'enablePurgeProtection') === true,
    accessPolicies: [],
    secrets: {},
    readyAt: azureNow(call.world) + VAULT_RECOVERY,
  };
}

function patch(call: Call): HostAnswer {
  const vault = find(call);
  change(call, vault);
  return { status: 200, body: vaultView(call.world, vault) };
}

function change(call: Call, vault: Vault): void {
  const { body } = call.request;
  vault.tags = textsAt(body, 'tags') ?? vault.tags;
  const rbac = at(body, 'properties', 'enableRbacAuthorization');
  vault.rbac = typeof rbac === 'boolean' ? rbac : vault.rbac;
  const template = at(body, 'properties', 'enabledForTemplateDeployment');
  vault.enabledForTemplateDeployment =
    typeof template === 'boolean' ? template : vault.enabledForTemplateDeployment;
  vault.accessPolicies = policiesIn(at(body, 'properties', 'accessPolicies')) ?? vault.accessPolicies;
}

/** The access policies that a request gives; undefined where it gives none. */
export function policiesIn(value: unknown): readonly AccessPolicy[] | undefined {
  if (!Array.isArray(value)) {
    return undefined;
  }
  return value.map((entry: unknown) => {
    const secrets = at(entry, 'permissions', 'secrets');
    return {
      objectId: textAt(entry, 'objectId') ?? '',
      secrets: Array.isArray(secrets) ? secrets.filter((one): one is string => typeof one === 'string') : [],
    };
  });
}

function purge(call: Call): HostAnswer {
  const vault = findDeleted(call);
  if (vault.purgeProtection) {
    throw new AzureError(405, 'MethodNotAllowed', 'Operation "DeletedVaultPurge" is not allowed.');
  }
  delete call.world.state.vaults[vault.name.toLowerCase()];
  return { status: 200 };
}

function noDeleted(name: string): AzureError {
  return new AzureError(404, 'DeletedVaultNotFound', `The specified deleted vault '${name}' does not exist.`);
}

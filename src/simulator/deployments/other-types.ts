import { AzureError } from '../azure-error';
import { SECOND } from '../clock';
import { at, type JsonObject, numberAt, textAt } from '../json';
import { newKey } from '../storage/keys';
import { isGeo, pairOf } from '../storage/replication';
import { policiesIn } from '../vault/vault-routes';
import { liveVault, vaultNamed } from '../vault/vaults';
import { newId, timeStamp, type World } from '../world';
import type { DeploymentError } from './deployment';
import { first, heldElsewhere, type Named, plainType, type ResourceType, second } from './resource-type';
import { tagsOf } from './template';

/** Key Vault, storage and monitoring as a template uses them. */
export const otherTypes: Readonly<Record<string, ResourceType>> = {
  'microsoft.keyvault/vaults': {
    duration: () => 30 * SECOND,
    refuses: refuseVault,
    exists: (world, { names }) => liveVault(world, first(names)) !== undefined,
    make: (world, { names, resourceGroup, location, body }) => {
      const name = first(names);
      const rbac = at(body, 'properties', 'enableRbacAuthorization') === true;
      const accessPolicies = policiesIn(at(body, 'properties', 'accessPolicies'));
      const known = liveVault(world, name);
      if (known !== undefined) {
        Object.assign(known, { rbac, ...(accessPolicies === undefined ? {} : { accessPolicies }) });
        return;
      }
      world.state.vaults[name.toLowerCase()] = {
        ...{ name, resourceGroup, location, tags: tagsOf(body), rbac, secrets: {} },
        accessPolicies: accessPolicies ?? [],
        enabledForTemplateDeployment: at(body, 'properties', 'enabledForTemplateDeployment') === true,
        softDeleteRetentionInDays: numberAt(body, 'properties', 'softDeleteRetentionInDays') ?? 90,
        purgeProtection: at(body, 'properties', 'enablePurgeProtection') === true,
      };
    },
    properties: (world, names): JsonObject | undefined => {
      const found = world.state.vaults[first(names).toLowerCase()];
      return found && { vaultUri: `https://${found.name}.vault.azure.net/` };
    },
  },
  'microsoft.keyvault/vaults/secrets': {
    duration: () => 5 * SECOND,
    exists: (world, { names }) =>
      world.state.vaults[first(names).toLowerCase()]?.secrets[second(names).toLowerCase()] !== undefined,
    make: (world, { names, body }) => {
      const vault = world.state.vaults[first(names).toLowerCase()];
      const value = textAt(body, 'properties', 'value');
      if (vault === undefined || value === undefined) {
        throw new AzureError(
          404,
          'ParentResourceNotFound',
          `Failed to perform 'write' on resource(s) of type 'vaults/secrets', because the parent resource 'Microsoft.KeyVault/vaults/${first(names)}' could not be found.`,
        );
      }
      const known = vault.secrets[second(names).toLowerCase()];
      const version = { id: newId(world.state).replaceAll('-', ''), value, created: timeStamp(world) };
      vault.secrets[second(names).toLowerCase()] = {
        name: second(names),
        versions: [...(known?.versions ?? []), version],
      };
    },
    properties: (world, names): JsonObject | undefined => {
      const vault = world.state.vaults[first(names).toLowerCase()];
      const secret = vault?.secrets[second(names).toLowerCase()];
      return secret && { secretUri: `https://${vault?.name}.vault.azure.net/secrets/${secret.name}` };
    },
  },
  'microsoft.storage/storageaccounts': {
    duration: () => 30 * SECOND,
    refuses: (world, named) =>
      heldElsewhere(world.state.storageAccounts[first(named.names)], named, {
        code: 'StorageAccountAlreadyTaken',
        message: `The storage account named ${first(named.names)} is already taken.`,
      }),
    exists: (world, { names }) => world.state.storageAccounts[first(names)] !== undefined,
    make: (world, { names, resourceGroup, location, body }) => {
      const name = first(names);
      if (!/^[a-z0-9]{3,24}$/.test(name)) {
        throw new AzureError(
          400,
          'AccountNameInvalid',
          `${name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.`,
        );
      }
      const sku = textAt(body, 'sku', 'name') ?? 'Standard_LRS';
      const created = timeStamp(world);
      world.state.storageAccounts[name] ??= {
        ...{ name, resourceGroup, location, created, sku, kind: textAt(body, 'kind') ?? 'StorageV2' },
        minimumTlsVersion: textAt(body, 'properties', 'minimumTlsVersion') ?? 'TLS1_0',
        allowBlobPublicAccess: at(body, 'properties', 'allowBlobPublicAccess') === true,
        ...{ tags: tagsOf(body), primaryLocation: location, state: 'Succeeded' },
        secondaryLocation: isGeo(sku) ? (pairOf(location) ?? null) : null,
        keys: [newKey(world), newKey(world)],
        keysCreated: [created, created],
        ...{ lagMs: 60_000, copying: null, geoSince: isGeo(sku) ? created : null, lastFailover: null },
        ...{ failoverInProgress: false, outageSince: null, queues: {}, containers: [] },
      };
    },
    properties: (world, names): JsonObject | undefined => {
      const found = world.state.storageAccounts[first(names)];
      return found && { primaryEndpoints: { queue: `https://${found.name}.queue.core.windows.net/` } };
    },
    keys: (world, names) => {
      const found = world.state.storageAccounts[first(names)];
      return found && { keys: [{ keyName: 'key1', value: found.keys[0], permissions: 'FULL' }] };
    },
  },
  'microsoft.operationalinsights/workspaces': plainType(30 * SECOND, ({ name }) => ({ customerId: name })),
  'microsoft.insights/components': plainType(20 * SECOND, ({ name, location }) => ({
    ConnectionString: `InstrumentationKey=${name};IngestionEndpoint=https://${location}.in.applicationinsights.azure.com/`,
  })),
};

/** A vault's name is taken in the whole of Azure, and stays so while the vault is soft-deleted. */
function refuseVault(world: World, named: Named): DeploymentError | undefined {
  const found = vaultNamed(world, first(named.names));
  if (found?.deletedDate !== undefined) {
    return {
      code: 'ConflictError',
      message:
        'A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault. Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft delete.',
    };
  }
  return heldElsewhere(found, named, {
    code: 'VaultAlreadyExists',
    message: `The vault name '${first(named.names)}' is already in use. Vault names are globally unique so it is possible that the name is already taken. If you are sure that the vault name was not taken then it is possible that a vault with the same name was recently deleted but not purged after being placed in a recoverable state.`,
  });
}

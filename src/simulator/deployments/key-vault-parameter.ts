import { AzureError } from '../azure-error';
import { textAt } from '../json';
import { readResourceId } from '../resource-id';
import { liveSecret, liveVault } from '../vault/vaults';
import type { World } from '../world';

/**
 * The value of a parameter that names a secret instead (Azure Resource Manager, "Use Azure Key Vault to pass secure
 * parameter value during deployment"). Resource Manager reads it itself: it passes through no client.
 */
export function keyVaultParameter(world: World, parameter: string, reference: unknown): string {
  const id = textAt(reference, 'keyVault', 'id') ?? '';
  const name = textAt(reference, 'secretName') ?? '';
  const found = readResourceId(id);
  const vault = found && liveVault(world, found.names[0] ?? '');
  if (
    found?.type.toLowerCase() !== 'vaults' ||
    vault === undefined ||
    vault.resourceGroup.toLowerCase() !== found.resourceGroup.toLowerCase()
  ) {
    throw new AzureError(
      400,
      'KeyVaultParameterReferenceNotFound',
      `The specified KeyVault '${id}' could not be found. Please see https://aka.ms/arm-keyvault for usage details.`,
    );
  }
  if (!vault.enabledForTemplateDeployment) {
    throw new AzureError(
      403,
      'KeyVaultParameterReferenceAuthorizationFailed',
      `The specified KeyVault '${id}' is not enabled for template deployment. Please see https://aka.ms/arm-keyvault for usage details.`,
    );
  }
  if (world.state.regionsDown[vault.location] !== undefined) {
    throw refused(parameter, 'ServiceUnavailable', `The vault '${vault.name}' did not answer.`);
  }
  const value = liveSecret(vault, name)?.versions.at(-1)?.value;
  if (value === undefined) {
    throw refused(
      parameter,
      'NotFound',
      `A secret with (name/id) ${name} was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command.`,
    );
  }
  return value;
}

const refused = (parameter: string, status: string, said: string): AzureError =>
  new AzureError(
    400,
    'KeyVaultParameterReferenceSecretRetrieveFailed',
    `The secret of KeyVault parameter '${parameter}' cannot be retrieved. Http status code: '${status}'. Error message: '${said}' Please see https://aka.ms/arm-keyvault for usage details.`,
  );

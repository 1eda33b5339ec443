import { assignRole, roleIds } from '../arm/role-assignments';
import { DAY } from '../clock';
import { seedValue } from '../seed-value';
import type { State } from '../state';
import { principalOf } from '../web/principal';
import { newId } from '../world';
import type { Secret, Vault } from './state';

/** Who has which role: the object ids of the bot's identity and of the demo's administrator. */
export interface SeedPrincipals {
  readonly bot: string;
  readonly administrator: string;
}

/** The app's vault with the secrets that it lives on, the bot's own vault, and who may use them. */
export function seedVaults(
  state: State,
  now: Date,
  sqlHost: string,
  storage: string,
  { bot, administrator }: SeedPrincipals,
): void {
  const created = new Date(now.getTime() - 180 * DAY).toISOString();
  const secret = (name: string, value: string): Secret => ({
    name,
    versions: [{ id: newId(state).replaceAll('-', ''), value, created }],
  });
  const sql = `Server=tcp:${sqlHost}.database.windows.net,1433;Initial Catalog=AppRequestPortal;User ID=appreqadmin;Password=${seedValue(state.seed, 'sql password')};Encrypt=True;Connection Timeout=30;`;
  add(state, {
    ...{ name: 'kv-appreq-demo01', resourceGroup: 'apprequest-prod', location: 'eastus' },
    ...{ tags: { app: 'apprequest', env: 'prod' }, enabledForTemplateDeployment: false },
    secrets: [
      secret('AzureAdClientSecret', clientSecretOf(state)),
      secret('SqlConnectionString', sql),
      secret('StorageConnectionString', storage),
    ],
  });
  // The bot's vault is in neither of the app's regions, so that it outlives both.
  add(state, {
    ...{ name: 'kv-drbot-demo01', resourceGroup: 'dr-bot', location: 'centralus' },
    ...{ tags: { app: 'dr-bot' }, enabledForTemplateDeployment: true },
    secrets: [
      secret('ApiClientSecret', clientSecretOf(state)),
      secret('SqlAdminPassword', seedValue(state.seed, 'sql password')),
    ],
  });
  const subscription = `/subscriptions/${state.subscription.id}`;
  const assign = (name: string, scope: string, principalId: string, role: string) =>
    assignRole({ state, now: () => new Date(created) }, { name, scope, principalId, role });
  const assignment = (last: string) => `0a551600-0000-4000-8000-0000000000${last}`;
  assign(assignment('01'), `${subscription}/resourceGroups/apprequest-prod`, bot, roleIds.botSecrets);
  assign(assignment('02'), `${subscription}/resourceGroups/dr-bot`, bot, roleIds.botSecrets);
  assign(assignment('03'), subscription, administrator, roleIds.secretsOfficer);
  // Where templates usually put it: on the vault itself, so that it is lost when the vault is deleted.
  const vault = `${subscription}/resourceGroups/apprequest-prod/providers/Microsoft.KeyVault/vaults/kv-appreq-demo01`;
  assign(assignment('04'), vault, principalOf({ name: 'apprequest-prod-demo01' }), roleIds.secretsUser);
}

/** The password of the API's app registration that the app signs people in with. */
export const clientSecretOf = (state: State): string => seedValue(state.seed, 'client secret');

function add(
  state: State,
  {
    secrets,
    ...vault
  }: Pick<Vault, 'name' | 'resourceGroup' | 'location' | 'tags' | 'enabledForTemplateDeployment'> & {
    readonly secrets: readonly Secret[];
  },
): void {
  state.vaults[vault.name] = {
    ...vault,
    rbac: true,
    softDeleteRetentionInDays: 7,
    purgeProtection: false,
    accessPolicies: [],
    secrets: Object.fromEntries(secrets.map((one) => [one.name.toLowerCase(), one])),
  };
}

import { WebSiteManagementClient } from '@azure/arm-appservice';
import { ClientSecretCredential, type TokenCredential } from '@azure/identity';
import { SecretClient } from '@azure/keyvault-secrets';
import type { OperationOf } from '../../src/azure/operation';
import { demoAdministrator } from '../../src/simulator/seed';
import { scenarios } from '../scenarios/recover-secret';
import { pointAt } from '../support/azure-against';
import { app, healthUrl, vault } from '../support/demo-estate';
import { playCalm } from '../support/theatre/play-wrongs';
import { openTheatre, type Theatre } from '../support/theatre/theatre';

/**
 * The rules of Azure that the document's Scenario 2 misses: the naive step does not do what the document says, and the
 * plan does.
 */
let theatre: Theatre;
let administrator: TokenCredential;
beforeAll(async () => {
  theatre = await openTheatre();
  pointAt(theatre.simulator);
  const { tenantId, clientId, clientSecret } = demoAdministrator;
  administrator = new ClientSecretCredential(tenantId, clientId, clientSecret);
});
beforeEach(() => theatre.simulator.reset('tier2'));
afterAll(() => theatre.close());

const secret = 'AzureAdClientSecret';
const isGreen = async () => (await theatre.azure.health(healthUrl)).green;

/** The administrator's clients, with the SDK's own habits, as a script has them. */
const secrets = () => new SecretClient(`https://${vault.vault}.vault.azure.net`, administrator);
const restart = () =>
  new WebSiteManagementClient(administrator, app.subscriptionId).webApps.restart(app.resourceGroup, app.app);

const scenario = (word: string) => {
  const found = scenarios.find(({ words }) => words.includes(word));
  if (!found) throw new Error(`There is no scenario "${word}".`);
  return found;
};

test('"restart the app": a restart alone does not bring a recovered secret to the app', async () => {
  await scenario('soft-deleted').disaster(theatre.simulator);
  expect(await isGreen()).toBe(false);

  await (await secrets().beginRecoverDeletedSecret(secret, { intervalInMs: 20 })).pollUntilDone();
  await restart();

  const [reference] = (await theatre.azure.web.references(app)).filter((one) => one.secret === secret);
  expect(reference?.status).toBe('SecretNotFound');
  expect(await isGreen()).toBe(false);
});

test('the plan makes App Service fetch the reference anew, checks that it is Resolved, and only then restarts', async () => {
  const { state, journal } = await playCalm(theatre, scenario('soft-deleted'));

  const posts = journal
    .filter(({ method, url }) => method === 'POST' && !url.includes('oauth2'))
    .map(({ url }) => new URL(url).pathname.split('/').at(-1));
  expect(posts).toEqual(['recover', 'refresh', 'restart']);
  expect(state.stages['resolved']?.findings).toMatchObject([{ found: 'Resolved', ok: true }]);
  expect(await isGreen()).toBe(true);
});

test('"if purged, set it again": while it is only deleted, setting it is refused', async () => {
  theatre.simulator.vaults.deleteSecret(vault.vault, secret);

  await expect(secrets().setSecret(secret, 'whatever')).rejects.toMatchObject({
    statusCode: 409,
    message: expect.stringContaining('in a deleted but recoverable state'),
  });
});

test('the plan for a new value recovers the deleted secret first, and sets the new version upon it', async () => {
  const { state } = await playCalm(theatre, scenario('no good any more'));

  expect(state.plan?.stages.map(({ name }) => name)).toEqual([
    ...['approve', 'recover', 'set', 'refresh', 'resolved', 'restart', 'healthy'],
  ]);
});

test('"az keyvault recover": a recovered vault is closed to its app, since Azure drops its role assignments', async () => {
  const { simulator, azure } = theatre;
  simulator.vaults.deleteVault(vault.vault);
  const recover = { op: 'vault.recover-vault', vault, location: 'eastus' } as const;
  const sent = { requestId: 'by-hand', intendedAt: new Date(), resumed: false };
  await azure.handler(recover).begin(recover, sent);
  while ((await azure.handler(recover).look(recover, sent)).state !== 'done') await undefined;
  const refresh: OperationOf<'web.refresh-references'> = { op: 'web.refresh-references', app, settings: [] };
  await azure.handler(refresh).begin(refresh, sent);
  await restart();

  expect(new Set((await azure.web.references(app)).map(({ status }) => status))).toEqual(
    new Set(['AccessToKeyVaultDenied']),
  );
  expect(await isGreen()).toBe(false);
});

test('"--value <new-secret-value>": the value of no secret is in what the bot sends to anybody but the vault', async () => {
  const { simulator } = theatre;
  const bodies: string[] = [];
  const stop = simulator.onRequest(({ url, requestBody }) => {
    if (!/vault\.azure\.net|login\.microsoftonline/.test(url))
      bodies.push(`${url} ${JSON.stringify(requestBody)}`);
  });
  const values: string[] = [];
  for (const word of ['password of an Entra', 'storage connection string', 'only people know']) {
    const { entries } = await playCalm(theatre, scenario(word));
    const used = ['AzureAdClientSecret', 'StorageConnectionString', 'SqlConnectionString'].flatMap(
      (name) => simulator.vaults.valueOf(vault.vault, name) ?? [],
    );
    values.push(...used);
    for (const value of used) expect(JSON.stringify(entries)).not.toContain(value);
  }
  stop();
  expect(values).toHaveLength(9);
  for (const value of values) expect(bodies.join('\n')).not.toContain(value);
});

import { join } from 'node:path';
import { KeyVaultManagementClient } from '@azure/arm-keyvault';
import { ClientSecretCredential } from '@azure/identity';
import { SecretClient } from '@azure/keyvault-secrets';
import { LiveValidator } from 'oav';
import { demoAdministrator, demoCredentials, demoSubscription } from '../../src/simulator/seed';
import { app, group, groupPath, handClock, openAzure, sitePath } from './azure';

const name = 'kv-appreq-demo01';
const host = `https://${name}.vault.azure.net`;
const secret = 'AzureAdClientSecret';

async function open(options: Parameters<typeof openAzure>[0] = {}) {
  const azure = await openAzure(options);
  const { tenantId, clientId, clientSecret } = demoAdministrator;
  const administrator = new ClientSecretCredential(tenantId, clientId, clientSecret, azure.common);
  const secrets = new SecretClient(host, administrator, azure.common);
  const bots = new SecretClient(host, azure.credential, azure.common);
  const vaults = new KeyVaultManagementClient(azure.credential, demoSubscription, azure.common).vaults;
  const bearer = await administrator.getToken('https://vault.azure.net/.default');
  /** A request as the administrator, in the version that is published. */
  const raw = (method: Parameters<typeof azure.send>[0], path: string, body?: unknown) =>
    azure.send(method, `${host}${path}?api-version=7.5`, body, { authorization: `Bearer ${bearer.token}` });
  return { ...azure, secrets, bots, vaults, raw };
}

const listed = async <T>(pages: AsyncIterable<T>): Promise<readonly T[]> => {
  const items: T[] = [];
  for await (const item of pages) items.push(item);
  return items;
};
const errorOf = (json: unknown) =>
  (json as { error: { code: string; innererror?: { code: string } } } | undefined)?.error;

test('a request without a token is answered with the challenge that names the tenant and the resource', async () => {
  const { send } = await open();
  const answer = await send('GET', `${host}/secrets?api-version=7.5`);
  expect(answer.status).toBe(401);
  expect(answer.headers['www-authenticate']).toBe(
    `Bearer authorization="https://login.microsoftonline.com/${demoCredentials.tenantId}", resource="https://vault.azure.net"`,
  );
});

test('a token for another service, and a version that does not exist, are refused', async () => {
  const { send, credential } = await open();
  const other = await credential.getToken('https://management.azure.com/.default');
  const answer = await send('GET', `${host}/secrets?api-version=7.5`, undefined, {
    authorization: `Bearer ${other.token}`,
  });
  expect([answer.status, errorOf(answer.json)?.code]).toEqual([401, 'Unauthorized']);
  const own = await credential.getToken('https://vault.azure.net/.default');
  const strange = await send('GET', `${host}/secrets?api-version=1.0`, undefined, {
    authorization: `Bearer ${own.token}`,
  });
  expect([strange.status, errorOf(strange.json)?.code]).toEqual([400, 'BadParameter']);
});

test('a deleted secret is gone from the lists, is recovered with all versions, and takes a while for it', async () => {
  const clock = handClock();
  const { secrets } = await open({ speed: 1, now: clock.now });
  await secrets.setSecret(secret, 'second');
  await (await secrets.beginDeleteSecret(secret, { intervalInMs: 1 })).pollUntilDone();
  await expect(secrets.getSecret(secret)).rejects.toMatchObject({ code: 'SecretNotFound', statusCode: 404 });
  expect((await listed(secrets.listPropertiesOfSecrets())).map((one) => one.name)).not.toContain(secret);
  expect(await listed(secrets.listPropertiesOfSecretVersions(secret))).toEqual([]);
  const [deleted] = await listed(secrets.listDeletedSecrets());
  expect(deleted).toMatchObject({
    name: secret,
    properties: { recoveryLevel: 'CustomizedRecoverable+Purgeable' },
  });
  expect(Number(deleted?.scheduledPurgeDate) - Number(deleted?.deletedOn)).toBe(7 * 86_400_000);

  const recovery = await secrets.beginRecoverDeletedSecret(secret, { intervalInMs: 1 });
  expect(recovery.isDone()).toBe(false);
  await expect(secrets.getSecret(secret)).rejects.toMatchObject({ statusCode: 404 });
  await expect(secrets.setSecret(secret, 'third')).rejects.toMatchObject({ statusCode: 409 });
  clock.advance(21_000);
  await recovery.pollUntilDone();
  expect(await listed(secrets.listPropertiesOfSecretVersions(secret))).toHaveLength(2);
  expect((await secrets.getSecret(secret)).value).toBe('second');
});

test('a name that is deleted can neither be set nor recovered twice, and is free once it is purged', async () => {
  const { secrets, raw } = await open();
  await secrets.beginDeleteSecret(secret);
  const set = await raw('PUT', `/secrets/${secret}`, { value: 'x' });
  expect([set.status, errorOf(set.json)]).toMatchObject([
    409,
    { code: 'Conflict', innererror: { code: 'ObjectIsDeletedButRecoverable' } },
  ]);
  await secrets.purgeDeletedSecret(secret);
  const gone = await raw('POST', `/deletedsecrets/${secret}/recover`);
  expect([gone.status, errorOf(gone.json)?.code]).toEqual([404, 'SecretNotFound']);
  await secrets.setSecret(secret, 'new', { tags: { for: 'test' }, contentType: 'text/plain' });
  const versions = await listed(secrets.listPropertiesOfSecretVersions(secret));
  expect(versions).toMatchObject([{ tags: { for: 'test' }, contentType: 'text/plain', enabled: true }]);
});

test('what nobody recovers is purged when its time has come', async () => {
  const clock = handClock();
  const { simulator, raw } = await open({ now: clock.now });
  simulator.vaults.deleteSecret(name, secret);
  simulator.vaults.deleteVault('kv-drbot-demo01');
  clock.advance(7 * 86_400_000 + 1_000);
  // The token is a week old by this clock, and is refused before anything else: the vault's own view tells.
  expect((await raw('GET', '/deletedsecrets')).status).toBe(401);
  const vaults = simulator.estate()['vaults'] as readonly {
    name: string;
    secrets: readonly { name: string }[];
  }[];
  expect(vaults.find((one) => one.name === name)?.secrets.map((one) => one.name)).not.toContain(secret);
});

test("the bot's role may list, set and recover, and neither read, delete nor purge", async () => {
  const { bots, secrets } = await open();
  expect(await listed(bots.listPropertiesOfSecrets())).toHaveLength(3);
  await bots.setSecret(secret, 'by the bot');
  const refused = { statusCode: 403, code: 'Forbidden' };
  await expect(bots.getSecret(secret)).rejects.toMatchObject(refused);
  await expect(bots.beginDeleteSecret(secret)).rejects.toMatchObject(refused);
  await secrets.beginDeleteSecret(secret);
  await expect(bots.purgeDeletedSecret(secret)).rejects.toMatchObject(refused);
  await bots.beginRecoverDeletedSecret(secret);
  expect((await secrets.getSecret(secret)).value).toBe('by the bot');
});

test('access policies say who may what where the vault has them, and come back with the vault', async () => {
  const { arm, bots, vaults, secrets } = await open();
  const vaultPath = `${groupPath}/providers/Microsoft.KeyVault/vaults/${name}`;
  const policy = { tenantId: demoCredentials.tenantId, objectId: '00000000-0000-0000-0000-0000000000b1' };
  await arm('PATCH', vaultPath, {
    version: '2023-07-01',
    body: {
      properties: {
        enableRbacAuthorization: false,
        accessPolicies: [{ ...policy, permissions: { secrets: ['list', 'get'] } }],
      },
    },
  });
  expect((await bots.getSecret(secret)).value).toMatch(/\S/);
  await expect(bots.setSecret(secret, 'x')).rejects.toMatchObject({ statusCode: 403 });
  await expect(secrets.getSecret(secret)).rejects.toMatchObject({ statusCode: 403 });

  await vaults.delete(group, name);
  await expect(vaults.get(group, name)).rejects.toMatchObject({ code: 'ResourceNotFound' });
  await vaults.createOrUpdate(group, name, {
    location: 'eastus',
    properties: { tenantId: policy.tenantId, sku: { family: 'A', name: 'standard' }, createMode: 'recover' },
  });
  expect((await vaults.get(group, name)).properties).toMatchObject({ enableRbacAuthorization: false });
  expect((await bots.getSecret(secret)).value).toMatch(/\S/);
});

test('a deleted vault answers nobody, keeps its name, and is recovered without its role assignments', async () => {
  const { vaults, secrets, arm, web, health } = await open();
  const assignments = async () =>
    (
      (
        await arm(
          'GET',
          `${groupPath}/providers/Microsoft.KeyVault/vaults/${name}/providers/Microsoft.Authorization/roleAssignments`,
          {
            version: '2022-04-01',
          },
        )
      ).json as { value: readonly { properties: { scope: string } }[] }
    ).value.filter(({ properties }) => properties.scope.includes('/vaults/'));
  expect(await assignments()).toHaveLength(1);
  await vaults.delete(group, name);
  await expect(secrets.getSecret(secret)).rejects.toThrow();
  const make = {
    location: 'eastus',
    properties: { tenantId: demoCredentials.tenantId, sku: { family: 'A', name: 'standard' } },
  } as const;
  await expect(vaults.createOrUpdate(group, name, make)).rejects.toMatchObject({ code: 'ConflictError' });
  const [deleted] = await listed(vaults.listDeleted());
  expect(deleted).toMatchObject({ name, properties: { location: 'eastus' } });

  await vaults.createOrUpdate(group, name, {
    ...make,
    properties: { ...make.properties, createMode: 'recover' },
  });
  expect((await secrets.getSecret(secret)).value).toMatch(/\S/);
  expect(await assignments()).toEqual([]);
  await arm('POST', `${sitePath}/config/configreferences/appsettings/refresh`, { version: '2022-03-01' });
  const reference = await web.webApps.getAppSettingKeyVaultReference(group, app, 'AzureAd__ClientSecret');
  expect(reference.status).toBe('AccessToKeyVaultDenied');
  await web.webApps.restart(group, app);
  await new Promise((later) => setTimeout(later, 5));
  expect((await health()).status).toBe(503);
});

test('what a person does by hand over the control API is what the API would do', async () => {
  const { control, secrets } = await open();
  expect((await control('POST', `/vaults/${name}/secrets/${secret}/delete`)).status).toBe(204);
  expect(await listed(secrets.listDeletedSecrets())).toHaveLength(1);
  expect((await control('POST', `/vaults/${name}/secrets/SqlConnectionString/purge`)).status).toBe(204);
  expect(await listed(secrets.listPropertiesOfSecrets())).toHaveLength(1);
  expect((await control('POST', `/vaults/${name}/delete`)).status).toBe(204);
  const again = await control('POST', `/vaults/${name}/delete`);
  expect([again.status, await again.text()]).toEqual([400, expect.stringContaining('There is no vault')]);
});

test('every answer of the data plane is as its published specification says', async () => {
  const { raw } = await open();
  const specs = join(__dirname, '..', 'azure-specs');
  const validator = new LiveValidator(
    {
      ...{ directory: specs, git: { shouldClone: false }, isPathCaseSensitive: false },
      swaggerPaths: [
        join(specs, 'specification/keyvault/data-plane/Microsoft.KeyVault/stable/7.5/secrets.json'),
      ],
      loadValidatorInBackground: false,
    },
    () => undefined,
  );
  await validator.initialize();
  const problems: string[] = [];
  const ask = async (method: 'GET' | 'PUT' | 'POST' | 'DELETE' | 'PATCH', path: string, body?: unknown) => {
    const answer = await raw(method, path, body);
    const result = await validator.validateLiveRequestResponse({
      liveRequest: {
        ...{ method, url: `${host}${path}?api-version=7.5`, query: { 'api-version': '7.5' } },
        headers: { 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.parse(JSON.stringify(body)) }),
      },
      liveResponse: {
        ...{ statusCode: String(answer.status), headers: answer.headers },
        ...(answer.json === undefined ? {} : { body: answer.json as Record<string, unknown> }),
      },
    });
    for (const { isSuccessful, errors, runtimeException } of [
      result.requestValidationResult,
      result.responseValidationResult,
    ])
      if (isSuccessful !== true)
        problems.push(`${method} ${path} ${answer.status}: ${JSON.stringify(runtimeException ?? errors)}`);
    return answer.json as { readonly id?: string } | undefined;
  };
  const made = await ask('PUT', '/secrets/contract', {
    value: 'x',
    tags: { a: 'b' },
    attributes: { enabled: true },
  });
  const version = made?.id?.split('/').at(-1) ?? '';
  await ask('GET', `/secrets/contract/${version}`);
  await ask('PATCH', `/secrets/contract/${version}`, { tags: { a: 'c' } });
  await ask('GET', '/secrets');
  // Not `…/versions`, which the validator cannot tell from a version of that name.
  await ask('DELETE', '/secrets/contract');
  await ask('GET', '/deletedsecrets');
  await ask('GET', '/deletedsecrets/contract');
  await ask('PUT', '/secrets/contract', { value: 'refused' });
  await ask('POST', '/deletedsecrets/contract/recover');
  await ask('DELETE', '/secrets/contract');
  await ask('DELETE', '/deletedsecrets/contract');
  await ask('GET', `/secrets/contract/${version}`);
  expect(problems).toEqual([]);
});

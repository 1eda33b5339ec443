import type { Azure } from '../../src/azure/azure';
import { all } from '../../src/azure/call';
import { connect } from '../../src/azure/connect';
import type { Operation, OperationOf } from '../../src/azure/operation';
import { referenceFrom } from '../../src/azure/web/references';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { azureAgainst, pointAt } from '../support/azure-against';
import { beginAndWait, sent } from '../support/begin-and-wait';
import { app, storage, vault } from '../support/demo-estate';
import { problemOf } from '../support/problem-of';

const secret = 'AzureAdClientSecret';
const application = '00000000-0000-0000-0000-0000000000a1';
const recover = { op: 'vault.recover-secret', vault, secret } as const;
const fromEntra: OperationOf<'vault.set-secret'> = {
  ...{ op: 'vault.set-secret', vault, secret, mark: 'inc1-1 now' },
  source: { from: 'entra-password', application },
};
const entered: OperationOf<'vault.set-secret'> = { ...fromEntra, source: { from: 'entered' } };

let simulator: Simulator;
let azure: Azure;
beforeAll(async () => {
  simulator = await startSimulator({ speed: 6_000 });
  azure = azureAgainst(simulator);
});
beforeEach(() => {
  simulator.reset();
  simulator.clearFaults();
  simulator.setSpeed(6_000);
});
afterAll(() => simulator.close());

const look = (operation: Operation, resumed = false) =>
  azure.handler(operation).look(operation, sent('looking', { resumed }));
const value = () => simulator.vaults.valueOf(vault.vault, secret);
const passwords = () => simulator.estate().applications[0]?.passwords.map(({ displayName }) => displayName);

describe('reading', () => {
  test('a vault, its secrets and its deleted secrets are shown without a value', async () => {
    simulator.vaults.deleteSecret(vault.vault, secret);

    expect(await azure.vault.vault(vault)).toMatchObject({
      ...{ name: 'kv-appreq-demo01', location: 'eastus', ready: true, permissions: 'roles' },
      ...{ softDeleteDays: 7, purgeProtection: false, forTemplates: false },
    });
    expect((await azure.vault.secrets(vault)).map(({ name }) => name)).toEqual([
      'SqlConnectionString',
      'StorageConnectionString',
    ]);
    const [deleted] = await azure.vault.deletedSecrets(vault);
    expect(deleted?.name).toBe(secret);
    expect(Number(deleted?.purgeOn) - Number(deleted?.deletedOn)).toBe(7 * 86_400_000);
  });

  test('a deleted vault is null, and stands among the deleted ones until when it can be recovered', async () => {
    expect(await azure.vault.deletedVault(vault)).toBeNull();
    simulator.vaults.deleteVault(vault.vault);

    expect(await azure.vault.vault(vault)).toBeNull();
    const deleted = await azure.vault.deletedVault(vault);
    expect(deleted).toMatchObject({ name: 'kv-appreq-demo01', location: 'eastus' });
    expect(Number(deleted?.purgeOn) - Number(deleted?.deletedOn)).toBe(7 * 86_400_000);
  });

  test('a reference is taken apart in both of its spellings, and a version in it is told', async () => {
    const all = await azure.web.references(app);

    expect(all.find(({ setting }) => setting === 'AzureAd__ClientSecret')).toEqual({
      ...{ setting: 'AzureAd__ClientSecret', vault: 'kv-appreq-demo01', secret },
      ...{ pinnedVersion: null, status: 'Resolved' },
    });
    const pinned = '@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/S/0abc)';
    expect(referenceFrom({ name: 'A', reference: pinned })).toMatchObject({
      ...{ vault: 'kv', secret: 'S', pinnedVersion: '0abc', status: 'Unknown' },
    });
    const named = '@Microsoft.KeyVault(VaultName=kv;SecretName=S;SecretVersion=0abc)';
    expect(referenceFrom({ name: 'A', reference: named })).toMatchObject({
      ...{ vault: 'kv', secret: 'S', pinnedVersion: '0abc' },
    });
  });
});

describe('the client of secrets', () => {
  test('cannot be made to read a value: the request is refused before it is sent', async () => {
    pointAt(simulator);
    const client = connect({ now: () => new Date() }).secrets(vault.vault);
    const from = simulator.journal().at(-1)?.seq ?? 0;

    await expect(client.getSecret(secret)).rejects.toMatchObject({ statusCode: 403 });
    const [version] = await all(client.listPropertiesOfSecretVersions(secret));
    await expect(client.getSecret(secret, { version: version?.version ?? '' })).rejects.toMatchObject({
      code: 'ValuesStayInTheVault',
    });
    const reads = simulator
      .journal(from)
      .filter(({ url }) => /\/secrets\/[^/]+\/?(\?|[0-9a-f]{32})/.test(url));
    expect(reads).toEqual([]);
  });
});

describe('recovering a secret', () => {
  test('brings all of it back, and is not over before it can be listed again', async () => {
    const before = value();
    simulator.vaults.deleteSecret(vault.vault, secret);
    simulator.setSpeed(1);
    const begun = await azure.handler(recover).begin(recover, sent('recover'));
    expect(begun.state).toBe('accepted');
    const token = begun.state === 'accepted' ? begun.token : '';

    expect(await azure.handler(recover).poll(recover, token)).toMatchObject({ state: 'under way' });
    expect(await look(recover, true)).toMatchObject({ state: 'under way' });
    simulator.setSpeed(60_000);
    await new Promise((later) => setTimeout(later, 10));
    expect(await azure.handler(recover).poll(recover, token)).toEqual({ state: 'done', facts: {} });
    expect(value()).toBe(before);
  });

  test('is seen to be done already, to be due, or to have come too late', async () => {
    expect(await look(recover)).toMatchObject({ state: 'done' });
    simulator.vaults.deleteSecret(vault.vault, secret);
    expect(await look(recover)).toEqual({ state: 'absent' });
    simulator.vaults.purgeSecret(vault.vault, secret);
    const late = await look(recover);
    expect(late).toMatchObject({ state: 'blocked', problem: { details: { code: 'SecretPurged' } } });
  });

  test('that the bot may not do names the action that is missing and the role that has it', async () => {
    simulator.vaults.deleteSecret(vault.vault, secret);
    simulator.addFault({
      ...{ method: 'POST', path: '/recover', status: 403, code: 'ForbiddenByRbac' },
      message:
        "Caller is not authorized to perform action on resource.\r\nCaller: appid=x\r\nAction: 'Microsoft.KeyVault/vaults/secrets/recover/action'\r\nVault: kv\r\n",
    });

    const problem = await problemOf(azure.handler(recover).begin(recover, sent('recover')));
    expect(problem.details).toMatchObject({ code: 'ForbiddenByRbac', status: 403 });
    expect(problem.message).toContain(
      'The missing action is Microsoft.KeyVault/vaults/secrets/recover/action.',
    );
    expect(problem.message).toContain('the role "dr-bot secrets" from infra/');
  });
});

describe('recovering a vault', () => {
  const vaultBack = { op: 'vault.recover-vault', vault, location: 'eastus' } as const;
  const letRead = (principal: string) => ({ op: 'vault.let-read', vault, principal }) as const;

  test('is over when the vault answers under its own name', async () => {
    simulator.vaults.deleteVault(vault.vault);
    expect(await look(vaultBack)).toEqual({ state: 'absent' });
    simulator.setSpeed(1);
    await azure.handler(vaultBack).begin(vaultBack, sent('vault'));
    expect(await look(vaultBack)).toMatchObject({ state: 'under way' });
    simulator.setSpeed(60_000);
    await new Promise((later) => setTimeout(later, 20));
    expect(await look(vaultBack)).toEqual({ state: 'done', facts: {} });
    expect(value()).toMatch(/\S/);
  });

  test("lets the app's identity read it once, however often it is asked for", async () => {
    const principal = (await azure.webApp(app))?.principalId ?? '';
    expect(await look(letRead(principal))).toMatchObject({ state: 'done' });
    simulator.vaults.deleteVault(vault.vault);
    await beginAndWait(azure, vaultBack);
    expect(await look(letRead(principal))).toEqual({ state: 'absent' });

    await beginAndWait(azure, letRead(principal));
    await beginAndWait(azure, letRead(principal));
    expect(await look(letRead(principal))).toMatchObject({ state: 'done' });
    const assigned = simulator
      .journal()
      .filter(({ method, url }) => method === 'PUT' && url.includes('roleAssignments'));
    expect(new Set(assigned.map(({ url }) => url)).size).toBe(1);
  });
});

describe('setting a secret', () => {
  test("from a storage account's key makes the connection string, and marks the version", async () => {
    const change: OperationOf<'vault.set-secret'> = {
      ...{ op: 'vault.set-secret', vault, secret: 'StorageConnectionString', mark: 'inc1-1' },
      source: { from: 'storage-key', account: storage },
    };
    expect(await look(change)).toEqual({ state: 'absent' });

    expect(await beginAndWait(azure, change)).toEqual({ version: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(await look(change)).toMatchObject({ state: 'done' });
    expect(await look({ ...change, mark: 'inc1-2' })).toEqual({ state: 'absent' });
    expect(simulator.vaults.valueOf(vault.vault, 'StorageConnectionString')).toMatch(
      /^DefaultEndpointsProtocol=https;AccountName=stappreqdemo01;AccountKey=[^;]+;EndpointSuffix=core\.windows\.net$/,
    );
  });

  test('that is deleted is refused with what to do first', async () => {
    simulator.vaults.deleteSecret(vault.vault, secret);

    const problem = await problemOf(azure.handler(fromEntra).begin(fromEntra, sent('set')));
    expect(problem.details).toMatchObject({ code: 'ObjectIsDeletedButRecoverable', status: 409 });
    expect(problem.message).toContain('Recover the deleted secret first');
  });

  test('from Entra leaves one password of the run behind, also when the first try never reached the vault', async () => {
    simulator.addFault({ method: 'PUT', path: `/secrets/${secret}`, reset: true });
    const problem = await problemOf(azure.handler(fromEntra).begin(fromEntra, sent('set')));
    expect(problem.details.unknownOutcome).toBe(true);
    expect(problem.message).not.toContain(String(value()));
    expect(passwords()).toEqual(['App Store for Intune', 'dr-bot inc1-1 now']);

    expect(await look(fromEntra, true)).toEqual({ state: 'absent' });
    await azure.handler(fromEntra).begin(fromEntra, sent('set', { resumed: true }));
    expect(passwords()).toEqual(['App Store for Intune', 'dr-bot inc1-1 now']);
    expect(await look(fromEntra, true)).toMatchObject({ state: 'done' });
  });

  test('from Entra is taken back by removing that password and no other', async () => {
    await azure.handler(fromEntra).begin(fromEntra, sent('set'));
    const back = { op: 'entra.remove-password', application, mark: fromEntra.mark } as const;
    expect(await look(back)).toEqual({ state: 'absent' });
    await beginAndWait(azure, back);
    expect(passwords()).toEqual(['App Store for Intune']);
    expect(await look(back)).toMatchObject({ state: 'done' });
  });

  test('that a person enters waits for them, without asking anything of Azure but the list of versions', async () => {
    const begun = await azure.handler(entered).begin(entered, sent('set'));
    expect(begun).toEqual({ state: 'accepted', token: 'entered' });
    expect(await azure.handler(entered).poll(entered, 'entered')).toMatchObject({
      ...{ state: 'under way', waitsForPerson: true },
    });

    await azure.enterSecret(entered, 'by hand');
    expect(value()).toBe('by hand');
    expect(await azure.handler(entered).poll(entered, 'entered')).toMatchObject({ state: 'done' });
    const problem = await problemOf(azure.enterSecret(entered, 'another'));
    expect(problem.details.code).toBe('AlreadyEntered');
    expect(problem.message).not.toMatch(/another|by hand/);
    expect(value()).toBe('by hand');
  });
});

describe('refreshing references', () => {
  const refresh: OperationOf<'web.refresh-references'> = {
    ...{ op: 'web.refresh-references', app, settings: ['AzureAd__ClientSecret'] },
  };

  test('goes on until the named ones are resolved, and leaves the others alone', async () => {
    simulator.vaults.deleteSecret(vault.vault, secret);
    simulator.vaults.purgeSecret(vault.vault, 'SqlConnectionString');
    const begun = await azure.handler(refresh).begin(refresh, sent('refresh'));
    const token = begun.state === 'accepted' ? begun.token : '';
    expect(await azure.handler(refresh).poll(refresh, token)).toMatchObject({ state: 'under way' });
    await beginAndWait(azure, recover);
    expect(await azure.handler(refresh).poll(refresh, token)).toEqual({ state: 'done', facts: {} });
  });

  test('that never resolves ends with what is the matter and what to do', async () => {
    simulator.vaults.purgeSecret(vault.vault, secret);
    const longAgo = new Date(Date.now() - 11 * 60_000).toISOString();

    const problem = await problemOf(azure.handler(refresh).poll(refresh, longAgo));
    expect(problem.details.code).toBe('SecretNotFound');
    expect(problem.message).toContain('AzureAd__ClientSecret (SecretNotFound)');
    expect(problem.message).toContain(`There is no secret "${secret}" that can be read in kv-appreq-demo01`);
  });

  test('is checked setting by setting', async () => {
    simulator.vaults.deleteSecret(vault.vault, secret);
    await azure.handler(refresh).begin(refresh, sent('refresh'));
    const settings = ['AzureAd__ClientSecret', 'StorageConnectionString', 'NoSuchSetting'];

    const { findings } = await azure.read({ check: 'web.references-resolved', app, settings });
    expect(findings.map(({ found, ok }) => [found, ok])).toEqual([
      ['SecretNotFound', false],
      ['Resolved', true],
      ['no such reference', false],
    ]);
  });
});

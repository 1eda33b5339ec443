import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqlManagementClient } from '@azure/arm-sql';
import { ClientSecretCredential } from '@azure/identity';
import { demoCredentials, demoSubscription } from '../../src/simulator/seed';
import { app, codeOf, group, groupPath, handClock, openAzure, portal, server, sqlVersion } from './azure';

test('unmodified clients reach the simulator by the environment alone', async () => {
  const { simulator } = await openAzure();
  const program = `
    const { EnvironmentCredential } = require('@azure/identity');
    const { SqlManagementClient } = require('@azure/arm-sql');
    const { WebSiteManagementClient } = require('@azure/arm-appservice');
    const credential = new EnvironmentCredential();
    const sql = new SqlManagementClient(credential, '${demoSubscription}');
    const web = new WebSiteManagementClient(credential, '${demoSubscription}');
    Promise.all([
      sql.databases.get('${group}', '${server}', 'AppRequestPortal'),
      web.webApps.get('${group}', '${app}'),
    ]).then(([database, site]) => console.log(database.status, site.state));
  `;
  const child = spawn(process.execPath, ['-e', program], {
    cwd: __dirname,
    env: { PATH: process.env['PATH'], ...simulator.environment },
  });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    said += String(chunk);
  });
  await once(child, 'close');
  expect(said).toBe('Online Running\n');
});

test('a host that the simulator does not have is refused, and said so', async () => {
  const lines: string[] = [];
  const azure = await openAzure({ log: (line) => lines.push(line) });
  await expect(azure.send('GET', 'https://example.com/')).rejects.toThrow('502');
  expect(lines).toEqual(['refused: CONNECT example.com:443, a host the simulator does not have']);
});

test('a caller can plug in another host, and certificates made before still hold', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'simulator-test-'));
  try {
    const plain = await openAzure({ dataDir });
    const ca = readFileSync(plain.simulator.caFile, 'utf8');
    await plain.close();
    const more = await openAzure({
      dataDir,
      extraHosts: { 'graph.microsoft.com': ({ method, url }) => ({ status: 200, body: { method, url } }) },
    });
    const answer = await more.send('GET', 'https://graph.microsoft.com/v1.0/me?$top=1');
    expect(answer.json).toEqual({ method: 'GET', url: '/v1.0/me?$top=1' });
    expect(readFileSync(more.simulator.caFile, 'utf8')).toBe(ca);
    expect(more.simulator.journal()).toMatchObject([
      { url: 'https://graph.microsoft.com/v1.0/me?$top=1', status: 200 },
    ]);
  } finally {
    rmSync(dataDir, { recursive: true });
  }
});

test('a port in use is said in words, with the setting that changes it', async () => {
  const { simulator } = await openAzure();
  const proxyPort = Number(new URL(simulator.proxyUrl).port);
  await expect(openAzure({ proxyPort })).rejects.toThrow(
    `Port ${proxyPort} is in use. Stop what uses it, or choose another with SIMULATOR_PROXY_PORT.`,
  );
});

test('a wrong secret is refused as Entra refuses it', async () => {
  const azure = await openAzure();
  const { tenantId, clientId } = demoCredentials;
  const credential = new ClientSecretCredential(tenantId, clientId, 'wrong', azure.common);
  await expect(credential.getToken('https://management.azure.com/.default')).rejects.toThrow('AADSTS7000215');
});

test('a request without a token, or with one that was made up, is refused', async () => {
  const azure = await openAzure();
  const url = `https://management.azure.com${portal}?api-version=${sqlVersion}`;
  const without = await azure.send('GET', url);
  const madeUp = await azure.send('GET', url, undefined, { authorization: 'Bearer e30.e30.c2ln' });
  expect([without.status, codeOf(without)]).toEqual([401, 'AuthenticationFailed']);
  expect([madeUp.status, codeOf(madeUp)]).toEqual([401, 'InvalidAuthenticationToken']);
  expect(without.headers['www-authenticate']).toContain(demoCredentials.tenantId);
});

test('a token for Key Vault does not open Azure Resource Manager', async () => {
  const azure = await openAzure();
  const { token } = await azure.credential.getToken('https://vault.azure.net/.default');
  const url = `https://management.azure.com${portal}?api-version=${sqlVersion}`;
  const answer = await azure.send('GET', url, undefined, { authorization: `Bearer ${token}` });
  expect([answer.status, codeOf(answer)]).toEqual([401, 'InvalidAuthenticationTokenAudience']);
});

test('a token is good for an hour and no longer', async () => {
  const clock = handClock();
  const azure = await openAzure({ now: clock.now });
  expect((await azure.arm('GET', portal)).status).toBe(200);
  clock.advance(3_600_000);
  const late = await azure.arm('GET', portal);
  expect([late.status, codeOf(late)]).toEqual([401, 'ExpiredAuthenticationToken']);
});

test.each([
  ['no api-version', 'GET', portal, '', 400, 'MissingApiVersionParameter'],
  [
    'a version that the provider does not have',
    'GET',
    portal,
    '2001-01-01',
    400,
    'NoRegisteredProviderFound',
  ],
  ['a version that ARM does not have', 'GET', groupPath, '2001-01-01', 400, 'InvalidApiVersionParameter'],
  [
    'an unknown type',
    'GET',
    `${groupPath}/providers/Microsoft.Sql/toasters/one`,
    sqlVersion,
    404,
    'InvalidResourceType',
  ],
  [
    'an unknown provider',
    'GET',
    `${groupPath}/providers/Contoso.Toast/toasters/one`,
    sqlVersion,
    404,
    'InvalidResourceNamespace',
  ],
  [
    'a subscription of someone else',
    'GET',
    portal.replace('d0c5', 'd0c6'),
    sqlVersion,
    404,
    'SubscriptionNotFound',
  ],
  [
    'a missing resource group',
    'GET',
    portal.replace(`/${group}/`, '/nowhere/'),
    sqlVersion,
    404,
    'ResourceGroupNotFound',
  ],
  ['a missing database', 'GET', `${portal}-Gone`, sqlVersion, 404, 'ResourceNotFound'],
  ['a method that the resource does not have', 'POST', portal, sqlVersion, 405, 'MethodNotAllowed'],
  ['a broken address', 'GET', `${portal}%ZZ`, sqlVersion, 400, 'BadRequest'],
] as const)('%s is refused as Azure refuses it', async (_, method, path, version, status, code) => {
  const azure = await openAzure();
  const answer = await azure.arm(method, path, { version });
  expect([answer.status, codeOf(answer)]).toEqual([status, code]);
});

test('a body that is not JSON is refused', async () => {
  const azure = await openAzure();
  const answer = await azure.arm('PUT', `${portal}-New`, { body: '{"location":' });
  expect([answer.status, codeOf(answer)]).toEqual([400, 'InvalidRequestContent']);
});

test('the SDK reports a refusal with its code', async () => {
  const azure = await openAzure();
  const client = new SqlManagementClient(azure.credential, demoSubscription, azure.common);
  await expect(client.databases.get(group, server, 'Nothing')).rejects.toMatchObject({
    statusCode: 404,
    code: 'ResourceNotFound',
  });
});

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { signIn } from '../../src/azure/sign-in';
import { demoCredentials, demoSubscription } from '../../src/simulator/seed';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { pointAt } from '../support/azure-against';
import { startChild } from '../support/child';

let simulator: Simulator;
const folder = mkdtempSync(join(tmpdir(), 'dr-bot-az-'));
const { tenantId } = demoCredentials;
const scope = 'https://management.azure.com/.default';
beforeAll(async () => {
  simulator = await startSimulator();
  pointAt(simulator);
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await simulator.close();
});

/** Signs in with a code, which this person enters. */
const by = (person: string, options: Partial<Parameters<typeof signIn>[0]> = {}) =>
  signIn({
    ...{ tenantId, subscriptionId: demoSubscription, existing: false },
    show: ({ code }) => simulator.signIn(code, person),
    ...options,
  });

/** What comes of a sign-in on a machine whose Azure CLI is signed in with this token. */
async function withAzureCli(token: string): Promise<unknown> {
  const expires = Math.floor(Date.now() / 1_000) + 3_000;
  const answer = JSON.stringify({ accessToken: token, expires_on: expires });
  writeFileSync(join(folder, 'az'), `#!/bin/sh\necho '${answer}'\n`);
  chmodSync(join(folder, 'az'), 0o755);
  const path = [folder, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);
  const input = { tenantId, subscriptionId: demoSubscription };
  const child = startChild('sign-in-child.ts', input, { ...simulator.environment, PATH: path });
  const line = await child.line();
  if (line === null) throw new Error(child.complaints());
  return JSON.parse(line);
}

const tokenWith = (claims: object): string =>
  ['e30', Buffer.from(JSON.stringify(claims)).toString('base64url'), 'c2ln'].join('.');

test('who enters the code is who is signed in, by the object id that Entra gives', async () => {
  expect(await by('Megan Bowen')).toMatchObject({
    operator: { id: '00000000-0000-0000-0000-0000000000021', name: 'Megan Bowen' },
  });
});

test('the sign-in of the Azure CLI is taken, and nobody has to enter a code', async () => {
  const first = await by('Adele Vance');
  if ('refused' in first) throw new Error(first.refused);
  const { token = '' } = (await first.operator.credential.getToken(scope)) ?? {};
  expect(await withAzureCli(token)).toEqual({ name: 'Adele Vance' });
});

test('a token that somebody made is not accepted, whatever it says', async () => {
  const claims = { oid: '00000000-0000-0000-0000-0000000000021', name: 'Megan Bowen', scp: 'all' };
  expect(await withAzureCli(tokenWith(claims))).toEqual({
    refused: expect.stringMatching(/Azure does not accept this sign-in/),
  });
});

test.each([
  ['an application', { oid: 'abc', idtyp: 'app' }, /an application \(abc\), and no person's/],
  ['an application with an older token', { oid: 'abc' }, /an application/],
  ['nobody', {}, /does not say whose it is/],
])('the sign-in of %s decides nothing', async (_who, claims, words) => {
  expect(await withAzureCli(tokenWith(claims))).toEqual({ refused: expect.stringMatching(words) });
});

test('a directory that gives no code is said in words', async () => {
  const tenantId = '00000000-0000-0000-0000-00000000dead';
  expect(await by('Megan Bowen', { tenantId })).toEqual({
    refused: expect.stringMatching(/Nobody is signed in: .*Set AZURE_TENANT_ID/),
  });
});

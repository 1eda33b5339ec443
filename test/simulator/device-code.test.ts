import { demoCredentials } from '../../src/simulator/seed';
import { handClock, openAzure } from './azure';

const login = `https://login.microsoftonline.com/${demoCredentials.tenantId}/oauth2/v2.0`;
const client = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';
const form = { 'content-type': 'application/x-www-form-urlencoded' };

async function begun(options: Parameters<typeof openAzure>[0] = {}) {
  const azure = await openAzure(options);
  const scope = encodeURIComponent('https://management.azure.com/.default openid profile offline_access');
  const answer = await azure.send('POST', `${login}/devicecode`, `client_id=${client}&scope=${scope}`, form);
  const { device_code: device, user_code: code } = answer.json as Record<string, string>;
  const ask = (more = '') =>
    azure.send(
      'POST',
      `${login}/token`,
      `grant_type=device_code&client_id=${client}&device_code=${device}${more}`,
      form,
    );
  return { azure, answer, code: code ?? '', ask };
}

const claimsOf = (token: unknown): Record<string, unknown> =>
  JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString());

test('a code is given out with the page to enter it on', async () => {
  const { answer, code } = await begun();
  expect(code).toMatch(/^[B-Z2-9]{9}$/);
  expect(answer.json).toMatchObject({
    ...{ verification_uri: 'https://microsoft.com/devicelogin', expires_in: 900 },
    message: expect.stringContaining(code),
  });
});

test('a client waits until the person has entered the code, and then has tokens that name them', async () => {
  const { azure, code, ask } = await begun();
  expect((await ask()).json).toMatchObject({ error: 'authorization_pending', error_codes: [70016] });
  expect(azure.simulator.signIn(code.toLowerCase(), 'megan')).toBe('Megan Bowen');
  const answer = await ask();
  expect(answer.status).toBe(200);
  const tokens = answer.json as Record<string, unknown>;
  const who = { oid: '00000000-0000-0000-0000-0000000000021', name: 'Megan Bowen' };
  expect(claimsOf(tokens['access_token'])).toMatchObject({
    ...who,
    idtyp: 'user',
    scp: 'user_impersonation',
  });
  expect(claimsOf(tokens['id_token'])).toMatchObject({ ...who, preferred_username: 'meganb@example.com' });
  const bearer = { authorization: `Bearer ${tokens['access_token']}` };
  const subscription = 'https://management.azure.com/subscriptions/00000000-0000-0000-0000-00000000d0c5';
  expect((await azure.send('GET', `${subscription}?api-version=2022-12-01`, undefined, bearer)).status).toBe(
    200,
  );
});

test('a sign-in is redeemed once, and its refresh token gives new tokens for the same person', async () => {
  const { azure, code, ask } = await begun();
  azure.simulator.signIn(code, 'Alex Wilber');
  const { refresh_token: refresh } = (await ask()).json as Record<string, string>;
  expect((await ask()).json).toMatchObject({ error: 'bad_verification_code' });
  const renew = (token: string) =>
    azure.send(
      'POST',
      `${login}/token`,
      `grant_type=refresh_token&client_id=${client}&refresh_token=${token}`,
      form,
    );
  const renewed = (await renew(refresh ?? '')).json as Record<string, unknown>;
  expect(claimsOf(renewed['access_token'])).toMatchObject({ name: 'Alex Wilber' });
  expect((await renew('e30.e30.c2ln')).json).toMatchObject({ error: 'invalid_grant' });
});

test('a code that nobody entered in time is over', async () => {
  const clock = handClock();
  const { azure, code, ask } = await begun({ now: clock.now });
  clock.advance(900_000);
  expect((await ask()).json).toMatchObject({ error: 'expired_token' });
  expect(() => azure.simulator.signIn(code, 'Alex Wilber')).toThrow(/Begin the sign-in again/);
});

test('the control API plays the browser, and says what is wrong with a code or a name', async () => {
  const { azure, code, ask } = await begun();
  const enter = (body: object) =>
    fetch(`${azure.simulator.controlUrl}/sign-in`, { method: 'POST', body: JSON.stringify(body) });
  const wrong = await enter({ code, person: 'Nobody' });
  expect([wrong.status, await wrong.json()]).toEqual([
    400,
    { error: expect.stringMatching(/Nobody in the tenant is called "Nobody".*Megan Bowen/) },
  ]);
  expect((await enter({ code: 'XXXXXXXXX', person: 'Adele' })).status).toBe(400);
  const right = await enter({ code, person: 'Adele' });
  expect([right.status, await right.json()]).toEqual([200, { person: 'Adele Vance' }]);
  expect((await ask()).status).toBe(200);
});

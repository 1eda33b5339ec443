import { openAzure } from './azure';

const api = "https://graph.microsoft.com/v1.0/applications(appId='00000000-0000-0000-0000-0000000000a1')";
const frontend =
  "https://graph.microsoft.com/v1.0/applications(appId='00000000-0000-0000-0000-0000000000a2')";

async function open(options: Parameters<typeof openAzure>[0] = {}) {
  const azure = await openAzure(options);
  const { token } = await azure.credential.getToken('https://graph.microsoft.com/.default');
  return {
    ...azure,
    graph: (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, body?: unknown) =>
      azure.send(method, url, body, { authorization: `Bearer ${token}` }),
  };
}

test('an application is found by its appId and by its object id, and only what is selected is shown', async () => {
  const { graph } = await open();
  const found = await graph('GET', `${api}?$select=id,appId`);
  expect(found.json).toEqual({
    ...{ id: '00000000-0000-0000-0000-00000000a1a1', appId: '00000000-0000-0000-0000-0000000000a1' },
  });
  const same = await graph(
    'GET',
    'https://graph.microsoft.com/v1.0/applications/00000000-0000-0000-0000-00000000a1a1',
  );
  expect(same.json).toMatchObject(found.json as object);
  expect((await graph('GET', api.replace('a1', 'a9'))).json).toMatchObject({
    error: { code: 'Request_ResourceNotFound' },
  });
  expect((await graph('GET', 'https://graph.microsoft.com/v1.0/applications')).json).toMatchObject({
    value: [{ displayName: 'App Store for Intune API' }, { displayName: 'App Store for Intune' }],
  });
});

test('a password is shown once, when it is made, and is gone when it is removed', async () => {
  const { graph } = await open();
  const made = await graph('POST', `${api}/addPassword`, { passwordCredential: { displayName: 'a test' } });
  const { keyId, secretText, hint } = made.json as Record<'keyId' | 'secretText' | 'hint', string>;
  expect(secretText).toMatch(/^[\w-]{40}$/);
  expect(secretText?.startsWith(String(hint))).toBe(true);
  const shown = await graph('GET', api);
  expect(shown.text).toContain('a test');
  expect(shown.text).not.toContain(secretText);
  expect((await graph('POST', `${api}/removePassword`, { keyId })).status).toBe(204);
  expect((await graph('POST', `${api}/removePassword`, { keyId })).status).toBe(404);
  expect((await graph('GET', api)).text).not.toContain('a test');
});

test('a list of redirect URIs that is sent replaces the old one; a list that is not sent stays', async () => {
  const { graph } = await open();
  const uris = ['https://new.example'];
  expect((await graph('PATCH', frontend, { spa: { redirectUris: uris } })).status).toBe(204);
  expect((await graph('GET', frontend)).json).toMatchObject({ spa: { redirectUris: uris } });
  await graph('PATCH', api, { spa: { redirectUris: uris } });
  expect((await graph('GET', api)).json).toMatchObject({
    web: { redirectUris: ['https://apprequest-prod-demo01.azurewebsites.net/signin-oidc'] },
  });
});

test.each([
  ['a URI without TLS', { spa: { redirectUris: ['http://plain.example'] } }],
  ['the same URI twice', { spa: { redirectUris: ['https://a.example', 'https://a.example'] } }],
  [
    'one URI for both platforms',
    { spa: { redirectUris: ['https://a.example'] }, web: { redirectUris: ['https://a.example'] } },
  ],
  ['a password', { passwordCredentials: [] }],
])('%s is refused', async (_, body) => {
  const { graph } = await open();
  expect((await graph('PATCH', frontend, body)).status).toBe(400);
});

test('Graph wants a token of its own, and what is not about applications is answered by whoever brought it', async () => {
  const { send, credential, graph } = await open({
    extraHosts: { 'graph.microsoft.com': ({ path }) => ({ status: 200, body: { path } }) },
  });
  expect((await send('GET', api)).status).toBe(401);
  const other = await credential.getToken('https://management.azure.com/.default');
  expect((await send('GET', api, undefined, { authorization: `Bearer ${other.token}` })).status).toBe(401);
  const { json } = await graph('GET', 'https://graph.microsoft.com/v1.0/chats/x/messages');
  expect(json).toEqual({ path: '/v1.0/chats/x/messages' });
});

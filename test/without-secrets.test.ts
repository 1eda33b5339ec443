import { withoutSecrets } from '../src/without-secrets';

const key = `${'A1b2'.repeat(21)}Zz==`;

test.each([
  ['a SQL password', 'Login failed. Server=tcp:x;User ID=a;Password=p@ss-w0rd!;Encrypt=True', 'p@ss-w0rd!'],
  ['a quoted password', `Password="with ; and space";x`, 'with ; and space'],
  ['a storage key', `AccountName=st;AccountKey=${key};EndpointSuffix=x`, key],
  ['a storage key without a name', `The key ${key} is not valid.`, key],
  ['a shared access signature', 'https://st.blob.core.windows.net/c?sv=1&sig=abc%2Fdef&se=2', 'abc%2Fdef'],
  ['a client secret in a form', 'grant_type=x&client_secret=topsecret&scope=y', 'topsecret'],
  ['a client secret by its shape', 'The secret abc8Q~0123456789012345678901234567890 expired', '8Q~0123'],
  ['a secret in JSON', '{"secretText": "topsecret", "x": 1}', 'topsecret'],
  ['a password that somebody notes', 'the password: hunter2, I think', 'hunter2'],
  ['a token', 'Authorization: Bearer abcdefgh.ijklmnop', 'abcdefgh.ijklmnop'],
  ['a signed token', 'token eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl here', 'eyJzdWIiOiIx'],
])('hides %s', (_what, text, secret) => {
  expect(withoutSecrets(text)).not.toContain(secret);
  expect(withoutSecrets(text)).toContain('[hidden]');
});

test.each([
  'The client secret of application a1 has expired. Sign in again.',
  'Renaming database "AppRequestPortal" did not work: DatabaseNameInUse.',
  'Key Vault reference AzureAd__ClientSecret: SecretNotFound',
  'https://kv-appreq-demo01.vault.azure.net/secrets/StorageConnectionString',
  'Plan 1a2b3c4d, version 1 · incident inc7; password rotation is due',
])('leaves "%s" as it is', (text) => {
  expect(withoutSecrets(text)).toBe(text);
});

test('what was cleaned once stays as it is', () => {
  const once = withoutSecrets('Password=abc; sig=def');
  expect(withoutSecrets(once)).toBe(once);
});

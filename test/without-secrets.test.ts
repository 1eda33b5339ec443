import fc from 'fast-check';
import { withoutSecrets } from '../src/without-secrets';

const key = `${'A1b2'.repeat(21)}Zz==`;
const pem = `-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA7hK\nq8Tn0Zx==\n-----END RSA PRIVATE KEY-----`;
const basic = Buffer.from('deploy:Tr0ub4dor').toString('base64');

test.each([
  ['a SQL password', 'Login failed. Server=tcp:x;User ID=a;Password=p@ss-w0rd!;Encrypt=True', 'p@ss-w0rd!'],
  ['a quoted password', `Password="with ; and space";x`, 'with ; and space'],
  ['a storage key', `AccountName=st;AccountKey=${key};EndpointSuffix=x`, key],
  ['a storage key without a name', `The key ${key} is not valid.`, key],
  ['a storage key in a URL', `?k=${encodeURIComponent(key)}`, 'A1b2A1b2'],
  ['a shared access signature', 'https://st.blob.core.windows.net/c?sv=1&sig=abc%2Fdef&se=2', 'abc%2Fdef'],
  ['a client secret in a form', 'grant_type=x&client_secret=topsecret&scope=y', 'topsecret'],
  ['a client secret by its shape', 'The secret abc8Q~0123456789012345678901234567890 expired', '8Q~0123'],
  ['a client secret that somebody notes', 'client_secret: topsecret', 'topsecret'],
  ['a client secret of two words', 'the client secret: topsecret', 'topsecret'],
  ['a secret in JSON', '{"secretText": "topsecret", "x": 1}', 'topsecret'],
  ['a secret in JSON within JSON', JSON.stringify({ body: '{"secretText": "top secret"}' }), 'top secret'],
  ['a password that somebody notes', 'the password: hunter2, I think', 'hunter2'],
  ['a password that begins as a word', 'the password: see-my-cat', 'my-cat'],
  ['a password of one word', 'the password: rosebud', 'rosebud'],
  ['a password in YAML', 'administratorLoginPassword: hunter2', 'hunter2'],
  ['a password of a setting', 'SqlPassword=hunter2', 'hunter2'],
  ['a password on a command line', 'az sql server create --admin-password hunter2 -n x', 'hunter2'],
  ['a password with a comma', 'Password=ab,cd', ',cd'],
  ['a password with commas of its own', 'Password=ab,,!cd and so on', '!cd'],
  ['a password among others', 'host:6380,password=hunter2,ssl=True', 'hunter2'],
  ['a password with a quote within', 'Password=ab"cd', 'cd'],
  ['a password with an apostrophe within', "Password=ab'cd", 'cd'],
  ['a password with a bracket within', 'Password=ab)cd', 'cd'],
  ['a password with an ampersand', 'Password=ab&cd', 'cd'],
  ['a password with an escaped ampersand', 'Password=ab&amp;cd', 'cd'],
  ['a password with a semicolon that ends nothing', 'Password=ab;cd', 'cd'],
  ['a password with spaces', 'Server=x;Password=a b cd;Encrypt=True', 'cd'],
  ['a password with quotes twice', `Password="a""b c";x`, 'b c'],
  ['a password in single quotes', `Password='a b;c'`, 'b;c'],
  ['a password in the quotes of a phone', 'password: “a b;c”', 'b;c'],
  ['a password in quotes as HTML', 'Password=&quot;a b;c&quot;', 'b;c'],
  ['a password in escaped quotes', JSON.stringify({ msg: 'Password="a b;c" is it' }), 'b;c'],
  ['a password whose quote never ends', 'Password="a b;c', 'b;c'],
  ['a password in bold', 'Password=<b>hunter2</b>', 'hunter2'],
  ['a password in a URL of a database', 'postgresql://u:hunter2@host:5432/db', 'hunter2'],
  ['a password with an @ in a URL', 'postgresql://u:hun@ter2@host/db', 'ter2'],
  ['a password with a slash in a URL', 'amqps://u:hun/ter2@host/', 'ter2'],
  ['a password without a name in a URL', 'redis://:hunter2@host', 'hunter2'],
  ['a password in an encoded URL', '/login?s=Password%3Dhunter2%3BEncrypt%3DTrue', 'hunter2'],
  ['an encoded password in quotes', 'Password%3D%22a%20b%3Bc%22%3BEncrypt', 'b%3Bc'],
  ['a password encoded twice', 'Password%253Dhunter2%253BEncrypt', 'hunter2'],
  ['a private key', pem, 'MIIEow'],
  ['a private key on one line', pem.replaceAll('\n', ' '), 'q8Tn0Zx'],
  ['a private key in JSON', JSON.stringify({ pem }), 'q8Tn0Zx'],
  ['a private key that is cut off', pem.slice(0, 60), 'MIIEow'],
  ['a private key of no kind', pem.replaceAll('RSA ', ''), 'MIIEow'],
  ['basic credentials', `Authorization: Basic ${basic}`, basic],
  ['basic credentials without their header', `it sends Basic ${basic} each time`, basic],
  ['credentials of another kind', 'authorization: SharedKey st:c2lnbmF0dXJl', 'c2lnbmF0dXJl'],
  ['credentials in JSON', `{"Authorization":"Basic ${basic}"}`, basic],
  ['a key of a function', 'x-functions-key: aB3-_xYz9==', 'aB3-_xYz9'],
  ['a key of an API', 'Ocp-Apim-Subscription-Key: 0123456789abcdef', '0123456789abcdef'],
  ['a token of GitHub', `git clone with ghp_${'a1B2'.repeat(9)} failed`, 'ghp_a1B2'],
  ['a fine-grained token of GitHub', `github_pat_11ABCDEFG0${'x9_'.repeat(20)}`, '11ABCDEFG0'],
  ['a token', 'Authorization: Bearer abcdefgh.ijklmnop', 'abcdefgh.ijklmnop'],
  ['a signed token', 'token eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl here', 'eyJzdWIiOiIx'],
])('hides %s', (_what, text, secret) => {
  expect(text).toContain(secret);
  expect(withoutSecrets(text)).not.toContain(secret);
  expect(withoutSecrets(text)).toContain('[hidden]');
});

const seal = '5f4dcc3b5aa765d61d8327deb882cf995f4dcc3b5aa765d61d8327deb882cf99';
const subscription = '/subscriptions/00000000-0000-0000-0000-00000000d0c5';

test.each([
  'The client secret of application a1 has expired. Sign in again.',
  'Renaming database "AppRequestPortal" did not work: DatabaseNameInUse.',
  'Key Vault reference AzureAd__ClientSecret: SecretNotFound',
  'https://kv-appreq-demo01.vault.azure.net/secrets/StorageConnectionString',
  'Plan 1a2b3c4d, version 1 · incident inc7; password rotation is due',
  'the password: see vault',
  'Password: in the vault, under SqlPassword.',
  'client secret: expired',
  '{"password":null,"n":1}',
  'az sql server create --admin-password <password> --name x',
  'Basic authentication is off, and Authorization is checked by Entra.',
  'https://127.0.0.1:3978/incidents/inc1?format=json&key=abcdefghijklmnop',
  'http://localhost:3978/people/mia@example.com',
  'https://smba.trafficmanager.net/amer/v3/conversations/19:abc@thread.tacv2;messageid=1700000000000/activities',
  '29:1XJKJMvc5GBtc2JwZq0oj8tHZmzrQgFmB39ATiQWA85gQtHieVkKilBZ9XHoq9j7Zaqt7CZ-NJWi7me2kHTL3Bw',
  'a:1pL6i0oY3C0K8oAj8AuTPjVgFyoTVAJ0sY3w0QbB0dLsEYhmG2Wk5m0c9b',
  `#12 09:12:07Z · seal ${seal}`,
  'Correlation 8c1d8f3e-8a0b-4a8e-9d5e-0d7a3a1c2b4f: ask Microsoft.',
  `${subscription}/resourceGroups/apprequest-prod/providers/Microsoft.KeyVault/vaults/kv-appreq-demo01`,
  `PUT ${subscription}/providers/Microsoft.Authorization/roleAssignments/x?api-version=2022-04-01`,
  'config=1; design: new; insig=nia',
  'mailto:mia@example.com, at 09:12:07Z',
])('leaves "%s" as it is', (text) => {
  expect(withoutSecrets(text)).toBe(text);
});

test('what surrounds a secret stays', () => {
  expect(withoutSecrets('Server=x;User ID=a;Password=b c;Encrypt=True')).toBe(
    'Server=x;User ID=a;Password=[hidden];Encrypt=True',
  );
  expect(withoutSecrets('host:6380,password=x,ssl=True')).toBe('host:6380,password=[hidden],ssl=True');
  expect(withoutSecrets('see postgresql://u:pw@host/db')).toBe('see postgresql://u:[hidden]@host/db');
  expect(withoutSecrets('c?sv=1&sig=abc&se=2')).toBe('c?sv=1&sig=[hidden]&se=2');
  expect(withoutSecrets('{"secretText": "x", "n": 1}')).toBe('{"secretText": "[hidden]", "n": 1}');
});

/** Texts made of what secrets are made of, in any order. */
const pieces = fc
  .array(
    fc.constantFrom(
      ...['Password', 'client_secret', 'pwd', 'sig', '=', ':', ' ', ';', ',', '&', '"', "'", '\\', '“', '”'],
      ...[
        'a',
        'b1',
        'Name=',
        '<b>',
        '</b>',
        '&quot;',
        '&amp;',
        '%3D',
        '%3B',
        '%22',
        '{',
        '}',
        '[',
        ']',
        '\n',
      ],
      ...[
        '[hidden]',
        'see',
        'Basic ',
        'Authorization: ',
        'https://u:',
        '@host',
        '-----BEGIN PRIVATE KEY-----',
      ],
    ),
    { maxLength: 24 },
  )
  .map((parts) => parts.join(''));

test('what was cleaned once stays as it is', () => {
  fc.assert(
    fc.property(pieces, (text) => {
      const once = withoutSecrets(text);
      expect(withoutSecrets(once)).toBe(once);
    }),
    { numRuns: 5_000 },
  );
});

test('a line of the log stays JSON', () => {
  fc.assert(
    fc.property(pieces, (text) => {
      const line = JSON.stringify({ level: 30, msg: text, last: 'the end' });
      expect(() => JSON.parse(withoutSecrets(line))).not.toThrow();
    }),
    { numRuns: 5_000 },
  );
});

test.each([
  ['nothing special', 'lorem ipsum '],
  ['one letter', 'A'],
  ['names', 'Password'],
  ['names and signs', 'Password='],
  ['names, signs and quotes', 'Password="'],
  ['escaped quotes', 'Password=\\"'],
  ['single quotes', "Password='"],
  ['a name before spaces', ' '],
  ['backslashes', '\\'],
  ['commas', 'sig=a,'],
  ['semicolons', 'pwd=a;'],
  ['brackets', ')'],
  ['tags that never end', 'pwd=<b '],
  ['addresses', 'a://a:a'],
  ['dots and dashes', 'a.b-'],
  ['keys that never end', '-----BEGIN PRIVATE KEY-----'],
  ['references', 'pwd=&quot;'],
  ['encoded', 'pwd%3D%22'],
  ['tokens', 'eyJaaaaaaaa.'],
  ['colons', 'client secret: '],
  ['percent signs', '%2525'],
])('a hundred thousand characters of %s take a moment', (_what, piece) => {
  const text = `Password=${piece.repeat(Math.ceil(100_000 / piece.length))}`;
  // The best of three, of the processor's time: the machine may be busy with something else.
  const tookMs = [1, 2, 3].map(() => {
    const began = process.cpuUsage();
    withoutSecrets(text);
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1_000;
  });
  expect(Math.min(...tookMs)).toBeLessThan(100);
});

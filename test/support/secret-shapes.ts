/** Ways in which people and programs write a secret; the mark is what nobody may read afterwards. */
export const secretShapes: readonly {
  readonly named: string;
  readonly text: (mark: string) => string;
}[] = [
  { named: 'a password', text: (mark) => `Password=${mark}` },
  { named: 'a password with a comma', text: (mark) => `Password=ab,${mark}` },
  { named: 'a password in quotes', text: (mark) => `Password="a b;${mark}"` },
  { named: 'a password in the quotes of a phone', text: (mark) => `password: “a b ${mark}”` },
  { named: 'a password that is noted', text: (mark) => `the password: ${mark}` },
  { named: 'a connection string', text: (mark) => `Server=tcp:x;User ID=a;Password=${mark};Encrypt=True` },
  { named: 'a key of storage', text: (mark) => `AccountName=st;AccountKey=${mark};EndpointSuffix=x` },
  {
    named: 'a shared access signature',
    text: (mark) => `https://st.blob.core.windows.net/c?sv=1&sig=${mark}&se=2`,
  },
  { named: 'a password in a URL', text: (mark) => `postgresql://u:${mark}@host:5432/db` },
  { named: 'a password in an encoded URL', text: (mark) => `/login?s=Password%3D${mark}%3BEncrypt%3DTrue` },
  { named: 'a client secret', text: (mark) => `client_secret: ${mark}` },
  { named: 'a client secret in JSON', text: (mark) => `{"secretText": "${mark}"}` },
  { named: 'a key of a function', text: (mark) => `x-functions-key: ${mark}` },
  { named: 'a token of GitHub', text: (mark) => `ghp_${mark.replace(/[^A-Za-z0-9]/g, '')}abcdefghijklmnop` },
  {
    named: 'basic credentials',
    text: (mark) => `Authorization: Basic ${Buffer.from(`deploy:${mark}`).toString('base64')}`,
  },
  { named: 'a signed token', text: (mark) => `eyJhbGciOiJI.${mark.replace(/[^\w]/g, '')}xxxx.c2lnbmF0dXJl` },
  {
    named: 'a private key',
    text: (mark) => `-----BEGIN PRIVATE KEY-----\nMIIEow\n${mark}\n-----END PRIVATE KEY-----`,
  },
];

/** What of a secret must be found nowhere: its mark as it stands in the text of that shape. */
export const traceOf = (text: string, mark: string): string => {
  const forms = [mark, mark.replace(/[^\w]/g, ''), Buffer.from(`deploy:${mark}`).toString('base64')];
  const trace = forms.find((form) => text.includes(form));
  if (trace === undefined) throw new Error(`"${text}" does not carry ${mark}.`);
  return trace;
};

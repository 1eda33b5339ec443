import { type webcrypto, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the HTTPS server needs, and the CA file that clients trust. */
export interface Certificates {
  readonly caFile: string;
  readonly cert: string;
  readonly key: string;
}

const DAY = 86_400_000;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** The certificates kept in `folder`, made new when there are none, they soon expire, or a host name is missing from them. */
export async function certificatesIn(
  folder: string,
  hosts: readonly string[],
  now: Date,
): Promise<Certificates> {
  mkdirSync(folder, { recursive: true });
  const files = {
    ca: join(folder, 'ca.pem'),
    caKey: join(folder, 'ca-key.pem'),
    leaf: join(folder, 'leaf.pem'),
    leafKey: join(folder, 'leaf-key.pem'),
  };
  if (!(stillGood(files.ca, now) && existsSync(files.caKey))) {
    const made = await makeCertificates(hosts, now, undefined);
    writeWhole(files.caKey, made.caKey);
    writeWhole(files.ca, made.ca);
    writeWhole(files.leafKey, made.leafKey);
    writeWhole(files.leaf, made.leaf);
  } else if (!(stillGood(files.leaf, now) && existsSync(files.leafKey) && covers(files.leaf, hosts))) {
    const ca = { certificate: readFileSync(files.ca, 'utf8'), key: readFileSync(files.caKey, 'utf8') };
    const made = await makeCertificates(hosts, now, ca);
    writeWhole(files.leafKey, made.leafKey);
    writeWhole(files.leaf, made.leaf);
  }
  return {
    caFile: files.ca,
    cert: readFileSync(files.leaf, 'utf8'),
    key: readFileSync(files.leafKey, 'utf8'),
  };
}

function stillGood(file: string, now: Date): boolean {
  return (
    existsSync(file) && Date.parse(new X509Certificate(readFileSync(file)).validTo) > now.getTime() + 30 * DAY
  );
}

function covers(leafFile: string, hosts: readonly string[]): boolean {
  const names = new X509Certificate(readFileSync(leafFile)).subjectAltName?.split(', ') ?? [];
  return hosts.every((host) => names.includes(`DNS:${host}`));
}

function writeWhole(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

async function makeCertificates(
  hosts: readonly string[],
  now: Date,
  known: { readonly certificate: string; readonly key: string } | undefined,
): Promise<{ ca: string; caKey: string; leaf: string; leafKey: string }> {
  // Loaded only here: it costs some 80 ms, and a second start finds its certificates on disk.
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const { subtle } = globalThis.crypto;
  const notBefore = new Date(now.getTime() - DAY);
  const notAfter = new Date(now.getTime() + 3_650 * DAY);
  const keyPem = async (key: webcrypto.CryptoKey) =>
    x509.PemConverter.encode(await subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
  const readKey = (pem: string) =>
    subtle.importKey('pkcs8', x509.PemConverter.decodeFirst(pem), algorithm, true, ['sign']);

  let ca: InstanceType<typeof x509.X509Certificate>;
  let caPrivateKey: webcrypto.CryptoKey;
  if (known === undefined) {
    const keys = await subtle.generateKey(algorithm, true, ['sign', 'verify']);
    caPrivateKey = keys.privateKey;
    ca = await x509.X509CertificateGenerator.createSelfSigned({
      name: 'CN=Azure simulator CA',
      keys,
      signingAlgorithm: algorithm,
      notBefore,
      notAfter,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
  } else {
    ca = new x509.X509Certificate(known.certificate);
    caPrivateKey = await readKey(known.key);
  }
  const leafKeys = await subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const leaf = await x509.X509CertificateGenerator.create({
    subject: 'CN=Azure simulator',
    issuer: ca.subject,
    publicKey: leafKeys.publicKey,
    signingKey: caPrivateKey,
    signingAlgorithm: algorithm,
    notBefore,
    // Some TLS stacks refuse server certificates that live longer than 825 days.
    notAfter: new Date(now.getTime() + 800 * DAY),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(hosts.map((host) => ({ type: 'dns', value: host }))),
      await x509.AuthorityKeyIdentifierExtension.create(ca),
    ],
  });
  return {
    ca: ca.toString('pem'),
    caKey: await keyPem(caPrivateKey),
    leaf: leaf.toString('pem'),
    leafKey: await keyPem(leafKeys.privateKey),
  };
}

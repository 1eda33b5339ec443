import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import JSZip from 'jszip';

/** What the manifest's `${{…}}` stand for in one organisation. */
export type ManifestValues = { readonly [placeholder: string]: string };

/** What a Teams app package is made from, in this order. */
const files = ['manifest.json', 'color.png', 'outline.png'] as const;

// Used until the bot has been registered, so that the package can be looked at; Teams will not find such a bot.
const unregistered = '00000000-0000-4000-8000-00000000d0c5';
const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The manifest's values from the environment: `MicrosoftAppId` and `PUBLIC_URL`, as the bot itself reads them, and
 * `TEAMS_APP_ID`, `BOT_ID`, `BOT_DOMAIN`, `PUBLISHER_NAME`, `PUBLISHER_URL` where something else is wanted.
 * @throws when a value cannot be right.
 */
export function manifestValues(given: NodeJS.ProcessEnv, version: string): ManifestValues {
  const botId = given['BOT_ID'] || given['MicrosoftAppId'] || unregistered;
  const domain = given['BOT_DOMAIN'] || domainOf(given['PUBLIC_URL']) || 'bot.example.com';
  const values = {
    APP_VERSION: version,
    BOT_ID: botId,
    TEAMS_APP_ID: given['TEAMS_APP_ID'] || botId,
    BOT_DOMAIN: domain,
    PUBLISHER_NAME: given['PUBLISHER_NAME'] || 'Disaster recovery',
    PUBLISHER_URL: given['PUBLISHER_URL'] || `https://${domain}`,
  };
  for (const name of ['BOT_ID', 'TEAMS_APP_ID'] as const) {
    if (!guid.test(values[name]))
      throw new Error(`${name} is "${values[name]}", which is no GUID. Copy it from the bot's registration.`);
  }
  if (!/^[a-z0-9.-]+$/i.test(domain))
    throw new Error(`BOT_DOMAIN is "${domain}". Give the bare host name, such as dr-bot.contoso.com.`);
  return values;
}

/** The host of a public address; Teams knows only those that it can reach by https. */
function domainOf(url: string | undefined): string | undefined {
  return url?.startsWith('https://') && URL.canParse(url) ? new URL(url).hostname : undefined;
}

/** Puts values in for the placeholders of a manifest. @throws when one has no value. */
export function filled(manifest: unknown, values: ManifestValues): unknown {
  if (typeof manifest === 'string')
    return manifest.replace(/\$\{\{(\w+)\}\}/g, (placeholder, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`manifest.json: nothing is known for ${placeholder}.`);
      return value;
    });
  if (Array.isArray(manifest)) return manifest.map((member) => filled(member, values));
  if (typeof manifest !== 'object' || manifest === null) return manifest;
  return Object.fromEntries(Object.entries(manifest).map(([name, member]) => [name, filled(member, values)]));
}

/** The app package that is uploaded to Teams: a zip of the filled manifest and the two icons. */
export async function packageOf(folder: string, values: ManifestValues): Promise<Buffer> {
  const zip = new JSZip();
  // A fixed date, so that the same input gives the same package.
  const date = new Date('2026-01-01T00:00:00Z');
  for (const file of files) {
    const bytes = await readFile(join(folder, file));
    const content = file.endsWith('.json')
      ? JSON.stringify(filled(JSON.parse(bytes.toString('utf8')), values), null, 2)
      : bytes;
    zip.file(file, content, { date });
  }
  return zip.generateAsync({ type: 'nodebuffer', compression: 'DEFLATE' });
}

async function main(): Promise<void> {
  const { version }: { version: string } = JSON.parse(await readFile('package.json', 'utf8'));
  const values = manifestValues(process.env, version);
  const target = resolve('dist', 'dr-bot-teams.zip');
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, await packageOf('manifest', values));
  console.log(
    `${target}\n  bot ${values['BOT_ID']}, app ${values['TEAMS_APP_ID']}, at ${values['BOT_DOMAIN']}`,
  );
  if (values['BOT_ID'] === unregistered)
    console.warn(
      '  MicrosoftAppId is not set: this package cannot be used in Teams. Set it, and make it again.',
    );
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}

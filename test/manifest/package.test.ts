import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import JSZip from 'jszip';
import { filled, manifestValues, packageOf } from '../../scripts/package';

const folder = join(__dirname, '..', '..', 'manifest');
const registered = {
  MicrosoftAppId: '11111111-2222-4333-8444-555555555555',
  PUBLIC_URL: 'https://dr-bot.contoso.com',
};

/** Whether a manifest is valid by the schema that it names itself, as Microsoft's own package carries it. */
function mistakesIn(manifest: { readonly manifestVersion: string }): unknown {
  const schemas = join(
    require.resolve('@microsoft/app-manifest/package.json'),
    '..',
    'build',
    'json-schemas',
  );
  const file = join(schemas, 'teams', `v${manifest.manifestVersion}`, 'MicrosoftTeams.schema.json');
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  const validate = ajv.compile(JSON.parse(readFileSync(file, 'utf8')));
  return validate(manifest) ? [] : validate.errors;
}

async function unpacked(environment: NodeJS.ProcessEnv) {
  const zip = await JSZip.loadAsync(await packageOf(folder, manifestValues(environment, '1.2.3')));
  const manifest = JSON.parse((await zip.file('manifest.json')?.async('string')) ?? 'null');
  return { names: Object.keys(zip.files), manifest, zip };
}

/** Width and height from a PNG's header, and whether it has an alpha channel. */
const pngOf = (bytes: Buffer) => ({
  signature: bytes.subarray(1, 4).toString('latin1'),
  width: bytes.readUInt32BE(16),
  height: bytes.readUInt32BE(20),
  hasAlpha: bytes[25] === 6,
});

test('the package holds the manifest and both icons at its root, and nothing else', async () => {
  expect((await unpacked(registered)).names).toEqual(['manifest.json', 'color.png', 'outline.png']);
});

test('the manifest is valid by the schema that it names', async () => {
  expect(mistakesIn((await unpacked(registered)).manifest)).toEqual([]);
  expect(mistakesIn((await unpacked({})).manifest)).toEqual([]);
});

test('the schema does notice a mistake', async () => {
  const { manifest } = await unpacked(registered);
  expect(mistakesIn({ ...manifest, id: 'dr-bot' })).not.toEqual([]);
});

test('the bot’s own settings say which bot and which address the package is for', async () => {
  const { manifest } = await unpacked(registered);
  expect(manifest).toMatchObject({
    version: '1.2.3',
    id: registered.MicrosoftAppId,
    bots: [{ botId: registered.MicrosoftAppId }],
    validDomains: ['dr-bot.contoso.com'],
    webApplicationInfo: { id: registered.MicrosoftAppId },
  });
});

test('the app may look whether its own message arrived in the channel', async () => {
  const { manifest } = await unpacked(registered);
  expect(manifest.authorization.permissions.resourceSpecific).toEqual([
    { name: 'ChannelMessage.Read.Group', type: 'Application' },
  ]);
});

test('Teams takes the icons: 192 by 192 in colour, 32 by 32 in white on nothing', async () => {
  const { zip } = await unpacked(registered);
  const icon = async (name: string) => pngOf((await zip.file(name)?.async('nodebuffer')) ?? Buffer.alloc(32));
  expect(await icon('color.png')).toMatchObject({ signature: 'PNG', width: 192, height: 192 });
  expect(await icon('outline.png')).toEqual({ signature: 'PNG', width: 32, height: 32, hasAlpha: true });
});

test('the same input makes the same package', async () => {
  const values = manifestValues(registered, '1.2.3');
  expect(await packageOf(folder, values)).toEqual(await packageOf(folder, values));
});

test.each([
  [{ BOT_ID: 'my-bot' }, /BOT_ID is "my-bot", which is no GUID/],
  [{ TEAMS_APP_ID: '1' }, /TEAMS_APP_ID is "1"/],
  [{ BOT_DOMAIN: 'https://dr-bot.contoso.com/' }, /Give the bare host name/],
])('%j is refused with what to do', (environment, words) => {
  expect(() => manifestValues(environment, '1.0.0')).toThrow(words);
});

test('a placeholder that nothing is known for is not packed', () => {
  expect(() => filled({ id: '$' + '{{NOBODY}}' }, {})).toThrow(/nothing is known for/);
});

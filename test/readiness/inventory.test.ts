import type { Azure } from '../../src/azure/azure';
import { readConfig } from '../../src/config';
import type { ProtectedApp } from '../../src/engine/estate';
import { contactsOf } from '../../src/readiness/contacts';
import { byHand } from '../../src/readiness/inventory/by-hand';
import { expectedOf } from '../../src/readiness/inventory/expected';
import { inventoryFile } from '../../src/readiness/inventory/inventory-file';
import { differences, takeInventory } from '../../src/readiness/inventory/take-inventory';
import { objectivesOf } from '../../src/readiness/objectives';
import { createFakeAzure, freshState } from '../support/fake-azure';
import { refusal } from '../support/refusal';
import { noon } from '../support/story';

const { estate } = readConfig({});
const [demo] = estate.apps;
if (!demo) throw new Error('The demo has no app.');

const fake = createFakeAzure({ now: () => noon, state: freshState() });
type Listed = Awaited<ReturnType<Azure['resources']['inGroup']>>;

/** An Azure that lists these resources by group. */
const listing = (inGroup: (group: string) => Listed): Azure => ({
  ...fake,
  resources: { inGroup: async ({ resourceGroup }) => inGroup(resourceGroup) },
});

/** Everything that the estate names, where it should be. */
const asNamed = (app: ProtectedApp): NonNullable<Listed> =>
  expectedOf(app).map(({ id, name, region }) => ({
    ...{ id, name, location: region ?? 'global' },
    type:
      /\/providers\/(.+)$/
        .exec(id)?.[1]
        ?.split('/')
        .filter((_, index) => index !== 2 && index !== 4)
        .join('/') ?? '',
  }));
const inGroupOf = (all: NonNullable<Listed>) => (group: string) =>
  all.filter(({ id }) => id.includes(`/resourceGroups/${group}/`));

test('where Azure has everything, nothing is different', async () => {
  const taken = await takeInventory(listing(inGroupOf(asNamed(demo))), demo, noon, 1_000);
  expect(differences(taken)).toEqual([]);
  expect(taken.items.every(({ state }) => state === 'there')).toBe(true);
});

test('what is missing, elsewhere or unnamed is told apart', async () => {
  const all = asNamed(demo).flatMap((one) => {
    if (one.name === 'kv-appreq-demo01') return [];
    return [one.name === 'stappreqdemo01' ? { ...one, location: 'North Europe' } : one];
  });
  const group = all[0]?.id.split('/providers/')[0] ?? '';
  const extra = {
    id: `${group}/providers/Microsoft.Web/sites/stranger`,
    name: 'stranger',
    type: 'Microsoft.Web/sites',
    location: 'eastus',
  };
  const plan = {
    id: `${group}/providers/Microsoft.Web/serverfarms/asp`,
    name: 'asp',
    type: 'Microsoft.Web/serverfarms',
    location: 'eastus',
  };
  const taken = await takeInventory(listing(inGroupOf([...all, extra, plan])), demo, noon, 1_000);
  expect(differences(taken)).toEqual([
    'Key Vault kv-appreq-demo01: Azure has none in apprequest-prod.',
    'Storage account stappreqdemo01: it is in North Europe, and the estate file says eastus.',
    'stranger (Microsoft.Web/sites) is in Azure, and the estate file does not name it.',
  ]);
  expect(taken.others.map(({ name }) => name)).toEqual(['stranger', 'asp']);
});

test('what is made only in a disaster is not missing before it', async () => {
  const primary = inGroupOf(asNamed(demo));
  const taken = await takeInventory(
    listing((group) => (group === 'apprequest-dr' ? null : primary(group))),
    demo,
    noon,
    1_000,
  );
  const later = taken.items.filter(({ what }) => what.endsWith('(secondary)'));
  expect(new Set(later.map(({ state }) => state))).toEqual(new Set(['not yet']));
  const tier3 = await takeInventory(
    listing((group) => (group === 'apprequest-dr' ? null : primary(group))),
    { ...demo, tier: 3 },
    noon,
    1_000,
  );
  expect(differences(tier3)).toHaveLength(later.length);
});

test('a group that cannot be read is unknown, not missing', async () => {
  const taken = await takeInventory(
    listing(() => {
      throw refusal('AuthorizationFailed', { status: 403 });
    }),
    demo,
    noon,
    1_000,
  );
  expect(new Set(taken.items.map(({ state }) => state))).toEqual(new Set(['unknown']));
  expect(taken.unread[0]).toBe('apprequest-prod could not be read (AuthorizationFailed)');
  expect(differences(taken)).toEqual([]);
});

const fileOf = async (app: ProtectedApp) =>
  inventoryFile({
    inventory: await takeInventory(listing(inGroupOf(asNamed(app))), app, noon, 1_000),
    contacts: contactsOf(estate),
    objectives: objectivesOf(app, new Map(), []),
    simulated: true,
  });

test('the file stands alone: nothing to load, all names, ids and contacts in it, and whatever is in a name stays text', async () => {
  const file = await fileOf({ ...demo, title: '<b onclick=x>"Shop" & co</b>' });
  expect(file).not.toMatch(/<(script|link|img|iframe)\b|url\(|@import|<b onclick/);
  expect(file).toContain('&#60;b onclick=x&#62;');
  for (const { id } of expectedOf(demo)) expect(file).toContain(id);
  for (const { name, reach } of estate.contacts) {
    expect(file).toContain(name);
    expect(file).toContain(reach);
  }
  expect(Buffer.byteLength(file)).toBeLessThan(200_000);
});

test('the commands are the right ones where the document’s are wrong, and none takes a secret on its line', () => {
  for (const tier of [2, 3] as const) {
    const commands = byHand({ ...demo, tier }).flatMap((one) => one.commands);
    expect(commands.filter((one) => /sql db geo-restore|--value |connection-string/.test(one))).toEqual([]);
    expect(commands.filter((one) => /password=|secret=[^<@]/i.test(one))).toEqual([]);
  }
  const long = byHand({ ...demo, tier: 2 }).find(({ source }) => source === 'Scenario 3')?.commands ?? [];
  expect(
    long.some((one) =>
      one.startsWith(
        'az sql db geo-backup restore --resource-group apprequest-dr --dest-server sql-apprequest-dr-demo01',
      ),
    ),
  ).toBe(true);
  const short = byHand({ ...demo, tier: 3 }).find(({ source }) => source === 'Scenario 3')?.commands ?? [];
  expect(short.some((one) => one.includes('failover-group set-primary'))).toBe(true);
  const secrets = byHand(demo).find(({ source }) => source === 'Scenario 2')?.commands ?? [];
  expect(secrets.findIndex((one) => one.includes('/refresh?'))).toBeLessThan(
    secrets.findIndex((one) => one.startsWith('az webapp restart')),
  );
});

import { conversationIn, type Name } from '../support/conversation';
import { app, production, server } from '../support/demo-estate';
import { startWorld, type World } from '../support/world';
import { changes } from './support/azure';
import { endRuns, runIn } from './support/run';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());
afterEach(() => endRuns(world));
beforeEach(() => world.simulator.reset());

async function says(text: string, person: Name = 'Isaiah Langer') {
  const { thread } = await world.teams.say(person, text, { conversation: world.freshChannel() });
  return conversationIn(world, thread);
}

/** The card's words and the addresses that its buttons open. */
async function linksIn(thread: string): Promise<readonly string[]> {
  return world.teams
    .thread(thread)
    .flatMap(({ card }) => JSON.stringify(card ?? {}).match(/https?:[^"\\]*\/inventory\/[^"\\]*/g) ?? []);
}

/** The links name the address that the bot was told; here it took a free port. */
const fetched = (link: string): Promise<Response> => {
  const { pathname, search } = new URL(link);
  return fetch(`${world.bot.url}${pathname}${search}`);
};

test('contacts say whom to call and how fast Azure support answers, also while Azure is down', async () => {
  world.simulator.addFault({ path: 'management.azure.com', status: 503, times: 1_000 });
  const words = await (await says('@dr contacts')).hears(/Whom to call/);
  expect(words).toMatch(/Primary admin[\s\S]*Alex Wilber · \+1 425 555 0100/);
  expect(words).toMatch(/Standard plan[\s\S]*Severity A is answered within[\s\S]*1 hour/);
  expect(words).toMatch(/approver[\s\S]*Megan Bowen, Adele Vance/);
});

test('the inventory holds Azure against the estate file, and its file has all that is needed by hand', async () => {
  const asked = await says('@dr inventory');
  const words = await asked.hears(/Inventory: App Store for Intune/);
  expect(words).toContain('Azure and the estate file agree.');
  expect(words).toMatch(new RegExp(`Database[\\s\\S]*${production} · eastus`));
  const [link = ''] = await linksIn(asked.thread);
  const answer = await fetched(link);
  expect(answer.headers.get('content-disposition')).toMatch(
    /attachment; filename="apprequest-recovery-record-.*\.html"/,
  );
  const file = await answer.text();
  expect(file).toContain(
    `az sql db rename --resource-group apprequest-prod --server ${server.server} --name ${production}`,
  );
  expect(file).toContain(`providers/Microsoft.Web/sites/${app.app}`);
  expect(file).toContain('+1 425 555 0100');
  expect(file).not.toMatch(/<(script|link|img)\b|AccountKey=|Password=[^"<]/);
  expect(changes(world)).toEqual([]);
});

test('what differs between Azure and the estate file is named', async () => {
  const asked = await says('@dr restore db to 30 minutes ago', 'Alex Wilber');
  await asked.press('Alex Wilber', 'Show the plan', { how: 'beside' });
  const run = await runIn(world, asked.thread);
  await run.answers('Megan Bowen', 'begin', 'Approve');
  expect(await run.over()).toBe('completed');
  world.simulator.vaults.deleteVault('kv-appreq-demo01');
  const words = await (await says('@dr inventory apprequest')).hears(/Inventory: App Store for Intune/);
  expect(words).toMatch(/differ in 2 places/);
  expect(words).toMatch(/Key Vault kv-appreq-demo01: Azure has none in apprequest-prod/);
  expect(words).toMatch(
    /AppRequestPortal-restored-\S+ \(Microsoft\.Sql\/servers\/databases\) is in Azure, and the estate file does not name it/,
  );
});

test('an inventory of an Azure that does not answer says what is unknown, and still has the names', async () => {
  world.simulator.addFault({
    method: 'GET',
    path: '/resources',
    status: 403,
    code: 'AuthorizationFailed',
    times: 1_000,
  });
  const asked = await says('@dr inventory');
  const words = await asked.hears(/Inventory: App Store for Intune/);
  expect(words).toMatch(/apprequest-prod could not be read \(AuthorizationFailed\)/);
  expect(words).toMatch(/unknown[\s\S]*AppRequestPortal/);
  const [link = ''] = await linksIn(asked.thread);
  const file = await (await fetched(link)).text();
  expect(file).toContain('Not everything could be read');
  expect(file).toContain(server.server);
});

test('the link to the record opens it and nothing else', async () => {
  const asked = await says('@dr inventory');
  await asked.hears(/Inventory: App Store for Intune/);
  const [link = ''] = await linksIn(asked.thread);
  const key = new URL(link).searchParams.get('key');
  const from = { headers: { 'x-forwarded-for': '203.0.113.7' } };
  expect((await fetch(`${world.bot.url}/inventory/apprequest?key=${key}`, from)).status).toBe(200);
  expect((await fetch(`${world.bot.url}/inventory/apprequest`, from)).status).toBe(403);
  expect((await fetch(`${world.bot.url}/incidents/inc1?key=${key}`, from)).status).toBe(403);
  expect((await fetch(`${world.bot.url}/inventory/nobody`)).status).toBe(404);
});

test('objectives show the document’s promises, and unknown where nothing was measured', async () => {
  const words = await (await says('@dr objectives')).hears(/Objectives: App Store for Intune/);
  expect(words).toMatch(/Tier 2 \(this app\)[\s\S]*60 min to 2 h/);
  expect(words).toMatch(/Roll back the app[\s\S]*unknown, never measured/);
});

test('what a run took stands beside the objectives', async () => {
  world.simulator.deploy(app.app, '1.34.1');
  const asked = await says('@dr rollback app to 1.34.0', 'Alex Wilber');
  await asked.press('Alex Wilber', 'Show the plan');
  const run = await runIn(world, asked.thread);
  await run.answers('Megan Bowen', 'begin', 'Approve');
  await run.answers('Alex Wilber', 'commit', 'Keep');
  expect(await run.over()).toBe('completed');
  const words = await (await says('@dr rto')).hears(/Objectives: App Store for Intune/);
  expect(words).toMatch(/Roll back the app[\s\S]*within the RTO[\s\S]*last (under )?1 min/);
});

test('protection is read live, and what is weaker than the document assumes is said so', async () => {
  const words = await (await says('@dr protection')).hears(/Protection: App Store for Intune/);
  expect(words).toMatch(/Point-in-time restore[\s\S]*as the document assumes[\s\S]*7 days, back to/);
  expect(words).toMatch(/Where backups are kept[\s\S]*geo-redundant \(Geo\)/);
  expect(words).toMatch(/Vault: purge protection/);
  expect(words).toMatch(/Approvers[\s\S]*never asked[\s\S]*“@dr roll-call” asks them/);
  expect(words).toMatch(/Storage: redundancy[\s\S]*Standard_GRS/);
  expect(words).toMatch(/App package[\s\S]*AppRequestPortal-1\.34\.0\.zip is on bi\.powerstacks\.com/);
  expect(words).toMatch(/Vault: secrets[\s\S]*3 of 3 are there/);
});

test('protection of an Azure that answers in part is unknown in part', async () => {
  world.simulator.addFault({
    path: 'Microsoft.Storage',
    status: 403,
    code: 'AuthorizationFailed',
    times: 1_000,
  });
  world.simulator.addFault({ path: '/backupShortTermRetentionPolicies', delayMs: 60_000, times: 1_000 });
  const words = await (await says('@dr protection')).hears(/Protection: App Store for Intune/, 25_000);
  expect(words).toMatch(/Unknown: [^\n]*Storage: redundancy/);
  expect(words).toMatch(/Unknown: could not be read \(AuthorizationFailed\)/);
  expect(words).toMatch(/Unknown: no answer within 8 s/);
  expect(words).toMatch(/Vault: soft delete[\s\S]*as the document assumes/);
}, 40_000);

test('the record is for the app that is meant, and an app that there is not is asked for', async () => {
  const words = await (await says('@dr inventory APPREQUEST')).hears(/Inventory: App Store for Intune/);
  expect(words).toContain('kv-appreq-demo01');
});

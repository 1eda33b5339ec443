import { setTimeout as pause } from 'node:timers/promises';
import { LEASE_MS } from '../../src/store/stand-by';
import { vault } from '../support/demo-estate';
import { startWorld, type World } from '../support/world';
import { isGreen } from './support/azure';
import { everythingStored } from './support/everything-stored';
import { endRuns, type Run } from './support/run';
import { enters, linkFor, lose, pressesEnter, recovers } from './support/secrets';

const value =
  'Server=tcp:sql-apprequest-prod-demo01.database.windows.net,1433;Initial Catalog=AppRequestPortal;User ID=appreqadmin;Password=canary-7f3a;Encrypt=True;';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());
afterEach(() => endRuns(world));
beforeEach(async () => {
  world.simulator.reset();
  await lose(world, 'SqlConnectionString', 'purgeSecret');
});

/** A run that waits for the value. */
async function waiting(): Promise<Run> {
  const run = await recovers(world, '@dr recover secret SqlConnectionString');
  await run.answers('Megan Bowen', 'approve', 'Approve');
  await run.happens('step.intended', { stage: 'set' });
  return run;
}

const stored = () => world.simulator.vaults.valueOf(vault.vault, 'SqlConnectionString');

test('a value is entered on the page of the one who pressed, goes into the vault, and stands nowhere else', async () => {
  const run = await waiting();
  await run.hears(/Waiting for people: Somebody enters the new value of SqlConnectionString/);
  const href = await linkFor(world, run, 'Alex Wilber');
  expect(href).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/secrets\/[\w-]{43}$/);

  const page = await fetch(href);
  expect(page.status).toBe(200);
  expect(Object.fromEntries(page.headers)).toMatchObject({
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'content-security-policy': expect.stringMatching(
      /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    ),
  });
  const html = await page.text();
  expect(html).toContain('Enter the new value of SqlConnectionString');
  expect(html).not.toMatch(/<script|https?:\/\/|\bon\w+=/i);

  const answer = await enters(href, `  ${value}\n`);
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
  expect(await answer.text()).not.toContain('canary');
  expect(await run.over()).toBe('completed');
  expect(stored()).toBe(value);
  expect(await isGreen(world)).toBe(true);

  const timeline = await run.timeline();
  const told = timeline
    .filter(({ event }) => event.type.startsWith('value.'))
    .map(({ event, actor }) => [event.type, actor.kind === 'person' ? actor.name : actor.kind]);
  expect(told).toEqual([
    ['value.link-given', 'Alex Wilber'],
    ['value.page-opened', 'Alex Wilber'],
    ['value.entered', 'Alex Wilber'],
  ]);
  const token = href.slice(href.lastIndexOf('/') + 1);
  for (const place of [
    JSON.stringify(timeline),
    world.bot.log(),
    run.reads('Megan Bowen'),
    run.entries().join(),
  ])
    for (const secret of ['canary', token]) expect(place).not.toContain(secret);
  const kept = await everythingStored(world.bot.dataDir);
  expect(kept).toContain('SqlConnectionString');
  for (const secret of ['canary', token]) expect(kept).not.toContain(secret);
});

test('the link works once, and what is sent with it again changes nothing', async () => {
  const run = await waiting();
  const href = await linkFor(world, run, 'Alex Wilber');
  const both = await Promise.all([enters(href, value), enters(href, value)]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 410]);
  const entered = stored();
  expect((await enters(href, 'yet another')).status).toBe(410);
  expect((await fetch(href)).status).toBe(410);
  expect(stored()).toBe(entered);
  expect(await run.over()).toBe('completed');
});

test.each([
  ['an empty field', (href: string) => enters(href, '   '), 422],
  ['far too much', (href: string) => enters(href, 'x'.repeat(30_000)), 413],
  ['more than any form', (href: string) => enters(href, 'x'.repeat(300_000)), 413],
  ['no form', (href: string) => fetch(href, { method: 'POST', body: JSON.stringify({ value }) }), 415],
  ['another page', (href: string) => enters(href, value, { 'sec-fetch-site': 'cross-site' }), 403],
  ['another machine', (href: string) => enters(href, value, { 'x-forwarded-for': '203.0.113.7' }), 403],
])('%s is refused, and the link stays good', async (_, send, status) => {
  const run = await waiting();
  const href = await linkFor(world, run, 'Alex Wilber');
  const answer = await send(href);
  expect(answer.status).toBe(status);
  expect(await answer.text()).toMatch(/Nothing was changed|its own machine only/);
  expect(stored()).toBeUndefined();
  expect((await enters(href, value)).status).toBe(200);
  expect(await run.over()).toBe('completed');
});

test('a newer link replaces an older one, also of somebody else', async () => {
  const run = await waiting();
  const first = await linkFor(world, run, 'Alex Wilber');
  const second = await linkFor(world, run, 'Megan Bowen');
  expect((await fetch(first)).status).toBe(404);
  expect((await enters(first, value)).status).toBe(404);
  expect((await enters(second, value)).status).toBe(200);
  expect(await run.over()).toBe('completed');
  const entered = await run.happens('value.entered');
  expect(entered.actor).toMatchObject({ name: 'Megan Bowen' });
});

test('who may not act gets no link, and a guessed one leads nowhere', async () => {
  const run = await waiting();
  expect(await pressesEnter(world, run, 'Isaiah Langer')).toEqual({
    words: expect.stringMatching(/^Only a responder or an approver may do this/),
  });
  for (const guess of ['a', 'A'.repeat(43), '%00', '..%2f..%2fetc', "'; drop table value_links"]) {
    const answer = await fetch(`${world.bot.url}/secrets/${encodeURIComponent(guess)}`);
    expect([guess, answer.status]).toEqual([guess, 404]);
  }
  expect((await fetch(`${world.bot.url}/secrets/x`, { method: 'DELETE' })).status).toBe(405);
});

test('the bot dies while it waits: the link is still good afterwards, and the run goes on', async () => {
  const run = await waiting();
  const href = await linkFor(world, run, 'Alex Wilber');
  await world.bot.kill();
  await world.bot.start();
  const moved = `${world.bot.url}${new URL(href).pathname}`;
  expect((await enters(moved, value)).status).toBe(200);
  expect(await run.over()).toBe('completed');
  expect(stored()).toBe(value);
});

test('when the vault refuses the value, the page says why and the link stays good', async () => {
  const run = await waiting();
  const href = await linkFor(world, run, 'Alex Wilber');
  world.simulator.addFault({
    method: 'PUT',
    path: '/secrets/SqlConnectionString',
    status: 403,
    code: 'Forbidden',
  });
  const answer = await enters(href, value);
  expect(answer.status).toBe(502);
  expect(await answer.text()).toMatch(
    /Setting secret &#34;SqlConnectionString&#34; in kv-appreq-demo01 did not work/,
  );
  world.simulator.clearFaults();
  expect((await enters(href, value)).status).toBe(200);
  expect(await run.over()).toBe('completed');
});

test('a vault that takes longer than a silent store is waited for takes the value once, and the link is used', async () => {
  const run = await waiting();
  const href = await linkFor(world, run, 'Alex Wilber');
  const path = '/secrets/SqlConnectionString';
  world.simulator.addFault({ method: 'PUT', path, delayMs: LEASE_MS + 2_000, when: 'after' });
  const first = enters(href, value);
  while (stored() !== value) await pause(50);
  expect((await enters(href, 'from another window')).status).toBe(410);
  expect((await first).status).toBe(200);
  expect(await run.over()).toBe('completed');
  expect(stored()).toBe(value);
});

test('asking to abort ends the waiting, and the link with it', async () => {
  const run = await waiting();
  const href = await linkFor(world, run, 'Alex Wilber');
  await run.say('Alex Wilber', '@dr abort');
  expect(await run.over()).toBe('aborted');
  expect((await enters(href, value)).status).toBe(410);
  expect(stored()).toBeUndefined();
});

test('a button drawn before the bot was restarted gives a link that leads to the bot as it is now', async () => {
  const run = await waiting();
  await run.hears(/Waiting for people: Somebody enters the new value of SqlConnectionString/);
  await world.bot.kill();
  await world.bot.start();
  const href = await linkFor(world, run, 'Alex Wilber');
  expect(new URL(href).origin).toBe(world.bot.url);
  expect((await enters(href, value)).status).toBe(200);
  expect(await run.over()).toBe('completed');
});

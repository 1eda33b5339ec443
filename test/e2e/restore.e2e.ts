import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator } from 'playwright-core';
import { chromiumPath, freshPlace, type Place, type Product, startProduct } from '../support/product';
import { type Browser, launchBrowser, type PlaygroundPage } from './playground-page';

/** Pictures of what people saw, for whoever wonders why a story failed. */
const pictures = process.env['E2E_PICTURES'] ?? join(tmpdir(), 'dr-bot-e2e-pictures');
/** With `UPDATE_IMAGES=1` the cards become the pictures of the README. */
const images = process.env['UPDATE_IMAGES'] === '1' ? join('docs', 'images') : null;

let place: Place;
let product: Product;
let browser: Browser;

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  // A 20-minute restore takes 10 s: long enough to watch it move, and to die in the middle of it.
  place = await freshPlace();
  product = await startProduct(place, { SIMULATOR_SPEED: '120' });
  browser = await launchBrowser(chromiumPath());
}, 60_000);

afterAll(async () => {
  await browser?.close();
  product?.remove();
});

test('Alex asks for a restore in the channel, Megan approves in her own window, the bot dies in the middle, and the report is green', async () => {
  const alex = await browser.open(product.requester);
  const megan = await browser.open(product.approver);
  await Promise.all([alex.goTo('General'), megan.goTo('General')]);

  await alex.post('@dr restore db to 30 minutes ago');
  const form = await shows(alex, 'Back to which moment?', 'Show the plan');
  await alex.picture(join(pictures, '1-form.png'));
  await alex.press(form, 'Show the plan');

  const plan = await shows(
    megan,
    'Restore AppRequestPortal into a new database beside production?',
    'Approve',
  );
  expect(await alex.buttons(await shows(alex, 'Who decides'))).not.toContain('Approve');
  await keep(megan, plan, 'plan');
  await megan.press(plan, 'Approve');

  const headline = alex.card('Since the request');
  await headline
    .getByText(/[1-9]\d %/)
    .first()
    .waitFor({ timeout: 30_000 });
  await keep(alex, headline, 'run');
  process.kill(product.botPid(), 'SIGKILL');
  await product.says(/The bot is back; its runs go on\./);

  const swap = await shows(
    megan,
    'Put the restored database in the place of AppRequestPortal now?',
    'Approve',
  );
  expect(await words(swap)).toMatch(/State[\s\S]*Online[\s\S]*Service objective[\s\S]*S0/);
  await megan.picture(join(pictures, '2-second-gate.png'));
  await megan.press(swap, 'Approve');

  const commit = await shows(megan, 'The app is green on the restored data.', 'Keep');
  await megan.press(commit, 'Keep');

  const report = await shows(alex, 'Who decided what');
  await alex.reads(/The run is over \(completed\)/, 20_000);
  await alex.page.waitForTimeout(1_000);
  await keep(alex, report, 'report');
  expect(await words(report)).toMatch(/Data loss[\s\S]*3[01] min[\s\S]*Megan Bowen/);

  const page = await words(alex.page.locator('body'));
  const numbers = [...page.matchAll(/^#(\d+) /gm)].map(([, number]) => Number(number));
  expect(numbers.length).toBeGreaterThan(15);
  expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other));
  expect(await changes(product)).toEqual([
    expect.stringMatching(/^PUT AppRequestPortal-restored-[^/]*$/),
    'POST AppRequestPortal/move',
    expect.stringMatching(/^POST AppRequestPortal-restored-[^/]*\/move$/),
    'POST apprequest-prod-demo01/restart',
  ]);
});

test('Ctrl-C ends everything that npm start has started', async () => {
  expect(product.left().length).toBeGreaterThan(4);
  await product.interrupt();
  expect(product.left()).toEqual([]);
});

test.each(['npmPid', 'startPid'] as const)(
  'a kill -9 of what was started by hand (%s) leaves nothing running that holds a port',
  async (which) => {
    const started = await startProduct(place, { PLAYGROUND: 'off' });
    process.kill(which === 'npmPid' ? started.npmPid : started.startPid(), 'SIGKILL');
    for (let waited = 0; waited < 10_000 && started.left().length > 0; waited += 100) await sleep(100);
    expect(started.left()).toEqual([]);
  },
);

/** Waits for the newest card with these words, and for a button on it. */
async function shows(page: PlaygroundPage, words: string, button?: string): Promise<Locator> {
  const card = page.card(words);
  await card.waitFor({ timeout: 30_000 });
  if (button) await card.getByRole('button', { name: button, exact: true }).waitFor({ timeout: 30_000 });
  return card;
}

/** What can be read there, line by line. */
const words = async (place: Locator): Promise<string> => (await place.allInnerTexts()).join('\n');

/** Keeps a picture of a whole card, which is higher than a window. */
async function keep(page: PlaygroundPage, card: Locator, name: string): Promise<void> {
  await page.page.setViewportSize({ width: 1280, height: 3_000 });
  await card.screenshot({ path: join(pictures, `${name}.png`) });
  if (images) await card.screenshot({ path: join(images, `${name}.png`) });
  await page.page.setViewportSize({ width: 1280, height: 1_000 });
}

/** What was asked of Azure, by the simulator's own journal. */
async function changes({ output }: Product): Promise<readonly string[]> {
  const control = /control (http:\S+[^.\s])/.exec(output())?.[1] ?? '';
  const answer = await fetch(`${control}/journal`);
  const entries = (await answer.json()) as readonly { readonly method: string; readonly url: string }[];
  return entries
    .filter(({ method, url }) => method !== 'GET' && url.startsWith('https://management.azure.com/'))
    .map(({ method, url }) => `${method} ${/\/(?:databases|sites)\/([^?]*)/.exec(url)?.[1]}`);
}

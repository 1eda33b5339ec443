import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';

/** One Chromium with no display, in which windows can be opened side by side. */
export type Browser = {
  /** Opens a Playground's page and waits until it can be used. */
  open(url: string): Promise<PlaygroundPage>;
  close(): Promise<void>;
};

/** A person at a Playground's page. */
export type PlaygroundPage = Awaited<ReturnType<typeof pageOf>>;

/** Starts Chromium from `executablePath` (Debian's `/usr/bin/chromium`, unless told). */
export async function launchBrowser(executablePath = '/usr/bin/chromium'): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'chromium-'));
  const context: BrowserContext = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    viewport: { width: 1280, height: 1000 },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return {
    open: async (url) => {
      const page = await context.newPage();
      await page.goto(url, { waitUntil: 'domcontentloaded' });
      return pageOf(page);
    },
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

async function pageOf(page: Page) {
  const places = page.getByRole('treeitem');
  await places.first().waitFor();
  // Now, because the page draws its cards anew when its log goes, and forgets what was filled in.
  await page.locator('button[title="Hide log panel"]').click();
  const posts = page.getByRole('group').filter({ has: page.getByRole('textbox', { name: '' }) });
  const write = async (box: Locator, text: string) => {
    await box.click();
    await box.pressSequentially(text);
  };
  const card = (saying: string | RegExp): Locator =>
    page.locator('.ac-adaptiveCard', { hasText: saying }).last();

  return {
    /** Playwright's own page, for what is not here. */
    page,
    /** Goes to a chat or channel by its name: `General`, `Personal Chat`. */
    goTo: async (name: string): Promise<void> => {
      await places.filter({ hasText: name }).first().click();
    },
    /** Starts a thread in the channel that is open; `@dr` is written as a person would. */
    post: async (text: string): Promise<void> => {
      await write(page.locator('[contenteditable][role=textbox]').first(), text);
      await page.getByRole('button', { name: 'Post', exact: true }).click();
    },
    /** Answers in the thread in which `saying` stands. */
    reply: async (saying: string | RegExp, text: string): Promise<void> => {
      const thread = posts.filter({ hasText: saying }).first();
      await write(thread.locator('[contenteditable][role=textbox]'), text);
      await thread.getByRole('button', { name: 'Send Message' }).click();
    },
    /** Sends a message in the 1:1 chat that is open. */
    say: async (text: string): Promise<void> => {
      await write(page.locator('[contenteditable][role=textbox]').last(), text);
      await page.getByRole('button', { name: 'Send Message' }).last().click();
    },
    /** The newest card on which `saying` can be read. */
    card,
    /** The words of all cards on the page, oldest first. */
    cards: (): Promise<readonly string[]> => page.locator('.ac-adaptiveCard').allInnerTexts(),
    /** Waits until the words can be read somewhere on the page. */
    reads: async (words: string | RegExp, ms = 10_000): Promise<void> => {
      await page.getByText(words).last().waitFor({ timeout: ms });
    },
    /** Fills a text, number, date or time input of a card, by its label. */
    fill: async (on: Locator, label: string | RegExp, value: string): Promise<void> => {
      await on.getByLabel(label).fill(value);
    },
    /** Picks an entry of a drop-down list of a card, by the label of the list. Before `fill`: the page forgets the rest of the form when a list opens. */
    pick: async (on: Locator, label: string | RegExp, entry: string | RegExp): Promise<void> => {
      await on.getByLabel(label).first().click();
      await page.getByRole('option', { name: entry }).click();
    },
    /** The titles of the buttons on a card. */
    buttons: (on: Locator): Promise<readonly string[]> => on.getByRole('button').allInnerTexts(),
    /** Presses a button of a card. */
    press: async (on: Locator, title: string | RegExp): Promise<void> => {
      await on.getByRole('button', { name: title }).click();
    },
    /** Takes a picture of what can be seen. */
    picture: async (path: string): Promise<void> => {
      await page.screenshot({ path });
    },
  };
}

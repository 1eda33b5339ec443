import { azureAgainst } from '../../support/azure-against';
import { conversationIn } from '../../support/conversation';
import { app, vault } from '../../support/demo-estate';
import type { World } from '../../support/world';
import { type Run, runIn } from './run';

/** The app takes up what its vault holds now, as it would after its next restart: down, when a secret is gone. */
export async function takeUp({ simulator }: World): Promise<void> {
  const azure = azureAgainst(simulator);
  const sent = { requestId: 'by-hand', intendedAt: new Date(), resumed: false };
  const settings = (await azure.web.references(app)).map(({ setting }) => setting);
  for (const change of [
    { op: 'web.refresh-references', app, settings } as const,
    { op: 'app.restart', app } as const,
  ])
    await azure.handler(change).begin(change, sent);
}

/** A secret is deleted or purged by hand, and the app notices. */
export async function lose(
  world: World,
  secret: string,
  how: 'deleteSecret' | 'purgeSecret' = 'deleteSecret',
): Promise<void> {
  world.simulator.vaults[how](vault.vault, secret);
  await takeUp(world);
}

/** Somebody asks for a recovery in a thread of their own and sends the form; gives the run that follows. */
export async function recovers(
  world: World,
  text: string,
  inputs: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const { thread } = await world.teams.say('Alex Wilber', text, { conversation: world.freshChannel() });
  const conversation = conversationIn(world, thread);
  await conversation.press('Alex Wilber', 'Show the plan', inputs);
  return runIn(world, thread);
}

/**
 * The address of the page that a person gets by pressing "Enter the value", in their own chat or, where Teams is slow, as
 * the answer; or the words that they get instead.
 */
export async function pressesEnter(
  { teams }: World,
  run: Run,
  person: 'Alex Wilber' | 'Megan Bowen' | 'Isaiah Langer',
): Promise<{ readonly href: string } | { readonly words: string }> {
  const card = await run.find('Adele Vance', 'Enter the value');
  const { body } = await teams.press(person, card, 'Enter the value');
  const { value } = body as { readonly value: unknown };
  const isSent = typeof value === 'string' && value.startsWith('The link is in your own chat');
  const shown = isSent ? teams.personal(person).at(-1)?.card : value;
  const [, href] = /"url":"([^"]+)"/.exec(JSON.stringify(shown)) ?? [];
  return href === undefined ? { words: String(value) } : { href };
}

/** The same, where a link is expected. */
export async function linkFor(
  world: World,
  run: Run,
  person: 'Alex Wilber' | 'Megan Bowen',
): Promise<string> {
  const pressed = await pressesEnter(world, run, person);
  if ('words' in pressed) throw new Error(`${person} got no link: ${pressed.words}`);
  return pressed.href;
}

/** Sends the page's form as a browser does. */
export const enters = (
  href: string,
  value: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> =>
  fetch(href, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams({ value }).toString(),
  });

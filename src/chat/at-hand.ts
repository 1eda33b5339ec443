import { appNamed, type ProtectedApp } from '../engine/estate';
import { contactsParts, inventoryParts, objectivesParts, protectionParts } from './cards/at-hand-parts';
import { type AtHand, drawAtHand } from './cards/draw-at-hand';
import { drawWaiting } from './cards/draw-notice';
import type { Command } from './command-list';
import { answer, type Desk, notice, type Turn, type Worked } from './turn';

const read = (rest: string): string => rest;
const looks = { effect: 'reads', may: 'anyone', read } as const;

/** What must be at hand on the worst day; none of it changes anything. */
export const AT_HAND: readonly Command[] = [
  {
    ...looks,
    name: 'contacts',
    words: ['contacts', 'contact', 'who to call', 'whom to call', 'phone', 'support'],
    summary: 'Whom to call, and how fast Azure support answers',
    examples: ['contacts'],
    run: contacts,
  },
  {
    ...looks,
    name: 'inventory',
    words: ['inventory', 'names', 'resources'],
    summary: 'The names of everything, read from Azure; a file to keep outside of it',
    examples: ['inventory'],
    run: (desk, turn, rest) => ofApp(desk, turn, 'inventory', rest, inventory),
  },
  {
    ...looks,
    name: 'objectives',
    words: ['objectives', 'objective', 'rto', 'rpo'],
    summary: 'RTO and RPO, and what recoveries really took',
    examples: ['objectives'],
    run: (desk, turn, rest) => ofApp(desk, turn, 'objectives', rest, objectives),
  },
  {
    ...looks,
    name: 'protection',
    words: ['protection', 'protected', 'backups', 'backup'],
    summary: 'What is protected and how, read from Azure',
    examples: ['protection'],
    run: (desk, turn, rest) => ofApp(desk, turn, 'protection', rest, protection),
  },
];

async function contacts(desk: Desk, turn: Turn): Promise<Worked> {
  await show(desk, turn, contactsParts(desk.readiness.contacts()));
  return 'done';
}

async function inventory(desk: Desk, turn: Turn, app: ProtectedApp): Promise<void> {
  await waiting(desk, turn, 'Inventory', app);
  const taken = await desk.readiness.inventory(app);
  await show(desk, turn, inventoryParts(taken, await desk.inventoryLink(app.name, turn.asker.person)));
}

async function objectives(desk: Desk, turn: Turn, app: ProtectedApp): Promise<void> {
  await show(desk, turn, objectivesParts(await desk.readiness.objectives(app)));
}

async function protection(desk: Desk, turn: Turn, app: ProtectedApp): Promise<void> {
  await waiting(desk, turn, 'Protection', app);
  await show(desk, turn, protectionParts(app.title, await desk.readiness.protection(app)));
}

const waiting = (desk: Desk, turn: Turn, title: string, { name }: ProtectedApp): Promise<void> =>
  answer(desk, turn, () => drawWaiting({ title, words: `Reading Azure for ${name}…` }));

const show = (desk: Desk, turn: Turn, parts: Omit<AtHand, 'now' | 'simulated'>): Promise<void> =>
  answer(desk, turn, () => drawAtHand({ ...parts, now: desk.now(), simulated: desk.estate.simulated }));

/** For the app that is named, whose channel this is, or that is the only one; else asks which. */
async function ofApp(
  desk: Desk,
  turn: Turn,
  command: string,
  rest: string,
  act: (desk: Desk, turn: Turn, app: ProtectedApp) => Promise<void>,
): Promise<Worked> {
  const { apps } = desk.estate;
  const here = apps.filter(({ channel }) => turn.asker.conversation.startsWith(channel));
  const [only, ...more] = here.length === 1 ? here : apps;
  const app = appNamed(desk.estate, rest.split(' ')[0] ?? '') ?? (more.length === 0 ? only : undefined);
  if (app) await act(desk, turn, app);
  else
    await notice(desk, turn, {
      title: `${command}: of which app?`,
      words: 'Choose one.',
      tone: 'info',
      choices: apps.slice(0, 8).map(({ name, title }) => ({
        label: title,
        action: { verb: 'say', words: `${command} ${name}` },
      })),
    });
  return 'done';
}

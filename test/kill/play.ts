import { setTimeout as sleep } from 'node:timers/promises';
import type { Message } from '../../src/simulator/teams/store';
import type { Name } from '../support/conversation';
import { markOf } from './boundary';
import type { Lane } from './lane';

/** How the run ends at its last gate. */
export type Ending = 'Keep' | 'Swap back';

/** A run that came to its end: where it was handled, and what its incident is called. */
export interface Played {
  readonly thread: string;
  readonly incident: string;
}

const PATIENCE_MS = 120_000;
const LOOK_EVERY_MS = 2_000;

/**
 * Restores the demo's database from a channel, as its people would: who gets no answer from a dead bot presses again,
 * and nobody does anything but answer. @throws when the run has not ended two minutes after the last answer.
 */
export async function play(lane: Lane, ending: Ending): Promise<Played> {
  const { teams, simulator } = lane.world;
  simulator.reset();
  const { thread } = await teams.say('Alex Wilber', '@dr restore db to 20 minutes ago', {
    conversation: lane.freshChannel(),
  });
  await press(lane, { thread, card: /^answer:/ }, 'Alex Wilber', 'Show the plan', { how: 'swap' });
  await press(lane, { thread, card: /^gate:.*:begin:1$/ }, 'Megan Bowen', 'Approve');
  await press(lane, { thread, card: /^gate:.*:swap:1$/ }, 'Megan Bowen', 'Approve');
  await press(lane, { thread, card: /^gate:.*:commit:1$/ }, 'Megan Bowen', ending);
  const incident = await settled(lane, thread);
  return { thread, incident };
}

/** Presses until the bot has taken it. */
async function press(
  lane: Lane,
  where: { readonly thread: string; readonly card: RegExp },
  person: Name,
  button: string,
  inputs: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { teams } = lane.world;
  const buttonOn = (message: Message) =>
    teams.buttons(person, message).find((title) => title.startsWith(button));
  const cardIn = () => teams.thread(where.thread).find((message) => where.card.test(markOf(message) ?? ''));
  const card = await teams.waitFor(cardIn, PATIENCE_MS);
  await sees(lane, person, card, () => buttonOn(card));
  // A press may have been taken with the bot's last breath: then the card was redrawn without the button.
  for (let title = buttonOn(card); title; title = buttonOn(card)) {
    const { status } = await teams.press(person, card, title, inputs);
    if (status < 500) return;
    await lane.up();
  }
}

/**
 * Waits until a person sees a button on a card. Who was sent their own view while the bot was dead does not get it
 * again by itself: Teams asks for it when the card comes into sight once more.
 */
async function sees(
  lane: Lane,
  person: Name,
  card: Message,
  button: () => string | undefined,
): Promise<void> {
  const { teams } = lane.world;
  for (let looks = 0; !button() && looks < PATIENCE_MS / LOOK_EVERY_MS; looks += 1) {
    await lane.up();
    teams.look(person, card);
    await teams.waitFor(button, LOOK_EVERY_MS).catch(() => undefined);
  }
  if (!button()) throw new Error(`${person} never saw the button on ${markOf(card)}.`);
}

/** Waits until a thread's run is over and everything about it stands in Teams; gives its incident. */
async function settled(lane: Lane, thread: string): Promise<string> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    await lane.up();
    const { rows } = await lane.store.query<{ incident: string; over: boolean; open: string }>(
      `select i.incident, t.over, (select count(*) from outbox
                where state <> 'sent' or shown is distinct from version) as open
         from incidents i join told t using (incident) where i.conversation = $1 and t.seq = i.head_seq`,
      [thread],
    );
    const [row] = rows;
    if (row?.over && Number(row.open) === 0) return row.incident;
    if (Date.now() > until)
      throw new Error(`The run has not ended: ${JSON.stringify(rows)}\n${lane.world.bot.log().slice(-4000)}`);
    await sleep(50);
  }
}

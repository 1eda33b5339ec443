import type { Message } from '../../src/simulator/teams/store';
import type { World } from './world';

/** A person of the demo's tenant, by name. */
export type Name = 'Alex Wilber' | 'Megan Bowen' | 'Adele Vance' | 'Isaiah Langer';

/** One incident thread in the channel, and what people do in it. */
export interface Conversation {
  readonly thread: string;
  /** The newest card in the thread or the person's own chat on which this person sees such a button. */
  readonly find: (person: Name, button: string, ms?: number) => Promise<Message>;
  /** Presses that button, filling in the card's inputs. */
  readonly press: (
    person: Name,
    button: string,
    inputs?: Readonly<Record<string, string>>,
  ) => Promise<Message>;
  readonly say: (person: Name, text: string) => Promise<void>;
  /** Waits until a message of the thread matches. */
  readonly hears: (pattern: RegExp, ms?: number) => Promise<string>;
  /** The entries in the channel: the thread's plain messages by the bot, oldest first. */
  readonly entries: () => readonly string[];
  /** All words that a person can read on the thread's cards right now. */
  readonly reads: (person: Name) => string;
}

/** A person says something to the bot in a new thread of the incident channel. */
async function starts(world: World, person: Name, text: string): Promise<Conversation> {
  const { teams } = world;
  const { thread } = await teams.say(person, text);
  return conversationIn(world, thread);
}

/** The conversation of a thread that is there already. */
export function conversationIn({ teams }: World, thread: string): Conversation {
  const ofBot = () => teams.thread(thread).filter((message) => message.from.kind === 'bot');
  const find: Conversation['find'] = (person, button, ms = 15_000) =>
    teams.waitFor(
      () =>
        [...ofBot(), ...teams.personal(person)]
          .reverse()
          .find((message) => !message.deletedAt && teams.buttons(person, message).includes(button)),
      ms,
    );
  const reads = (person: Name): string =>
    ofBot()
      .map((message) => wordsOf(teams.view(person, message)))
      .join('\n');
  return {
    thread,
    find,
    press: async (person, button, inputs = {}) => {
      const message = await find(person, button);
      await teams.press(person, message, button, inputs);
      return message;
    },
    say: async (person, text) => {
      await teams.say(person, text, { conversation: thread });
    },
    hears: (pattern, ms = 15_000) =>
      teams.waitFor(() => {
        const texts = [...ofBot().map((message) => message.text), reads('Isaiah Langer')];
        return texts.find((text) => pattern.test(text));
      }, ms),
    entries: () => ofBot().flatMap((message) => (message.card ? [] : [message.text])),
    reads,
  };
}

/** Every text on a card, in the order of the JSON. */
function wordsOf(card: unknown): string {
  if (Array.isArray(card)) return card.map(wordsOf).filter(Boolean).join('\n');
  if (typeof card !== 'object' || card === null) return '';
  return Object.entries(card)
    .map(([key, value]: [string, unknown]) =>
      ['text', 'title', 'value'].includes(key) && typeof value === 'string' ? value : wordsOf(value),
    )
    .filter(Boolean)
    .join('\n');
}

/** Restores the demo's database as the demo does, up to the first approval card. */
export async function asksForRestore(
  world: World,
  {
    how = 'swap',
    text = '@dr restore db to 20 minutes ago',
  }: { readonly how?: string; readonly text?: string } = {},
): Promise<Conversation> {
  const conversation = await starts(world, 'Alex Wilber', text);
  await conversation.press('Alex Wilber', 'Show the plan', { how });
  return conversation;
}

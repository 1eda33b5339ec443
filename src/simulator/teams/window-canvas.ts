import { setTimeout as wait } from 'node:timers/promises';
import { isObject, refreshOf } from './card';
import { membersOf } from './connector';
import type { Playground } from './playground-process';
import type { Message } from './store';
import type { Teams } from './teams';
import { type Person, partsOf } from './tenant';
import { frameOf, lookOf, spoken } from './window-look';

// What a page is given of what went before.
const remembered = 20;

/** Where a message of the tenant stands in a window. */
type Drawn = { readonly conversation: string; readonly id?: string; readonly content: string };

/** One person's window, drawn from the tenant: the same threads for all, each card as that person sees it. */
export type Canvas = {
  /** Draws everything anew, as for a page that was just opened. */
  redraw(): void;
  draw(message: Message): void;
  /** Shows words of the bot that are for this window only, and kept nowhere. */
  whisper(conversation: string, words: string): void;
  /** Notes that this window itself holds the message already, in its thread of that id. */
  hold(message: Message, conversation: string): void;
  /** The tenant's thread for a thread of the window. */
  tenantThread(windowThread: string): string | undefined;
  /** The tenant's message for a message of the window. */
  tenantMessage(windowMessage: string): string | undefined;
};

/** A canvas on a running Playground, by its connector (for what the bot says) and its page protocol (for what people say). */
export function createCanvas(
  teams: Teams,
  person: Person,
  playground: Playground,
  report: (trouble: string) => void,
): Canvas {
  const drawn = new Map<string, Drawn>();
  const threads = new Map<string, string>();
  let work: Promise<void> = Promise.resolve();

  const queue = (task: () => Promise<void>) => {
    work = work.then(task).catch((error: unknown) => report(String(error)));
  };

  async function drawNow(id: string): Promise<void> {
    const message = teams.store.get(id);
    if (message === undefined || !isVisibleTo(person, message)) return;
    const before = drawn.get(id);
    if (before === undefined) return message.deletedAt === undefined ? place(message) : undefined;
    if (message.from.kind === 'person' || before.id === undefined) return;
    await viewOf(message);
    const activity = lookOf(teams, person, message);
    const content = JSON.stringify(activity);
    if (content === before.content) return;
    await call(
      'PUT',
      `v3/conversations/${encodeURIComponent(before.conversation)}/activities/${before.id}`,
      activity,
    );
    drawn.set(id, { ...before, content });
  }

  /** Draws a message that this window does not have, its thread first when that is missing too. */
  async function place(message: Message): Promise<void> {
    const { top, root } = partsOf(message.conversation);
    if (root === undefined) return message.from.kind === 'bot' ? post(message, top) : paint(message, top);
    const thread = threads.get(message.conversation);
    if (thread !== undefined)
      return message.from.kind === 'bot' ? post(message, thread) : paint(message, thread);
    const first = teams.store.get(root);
    if (first !== undefined && first.id !== message.id && first.deletedAt === undefined) {
      await place(first);
      return place(message);
    }
    return message.from.kind === 'bot' ? startThread(message, top) : paintThread(message, top);
  }

  async function post(message: Message, conversation: string): Promise<void> {
    await viewOf(message);
    const activity = lookOf(teams, person, message);
    const answer = await call(
      'POST',
      `v3/conversations/${encodeURIComponent(conversation)}/activities`,
      activity,
    );
    remember(message, conversation, text(answer, 'id'), activity);
  }

  async function startThread(message: Message, channel: string): Promise<void> {
    await viewOf(message);
    const activity = lookOf(teams, person, message);
    const answer = await call('POST', 'v3/conversations', {
      isGroup: true,
      channelData: { channel: { id: channel } },
      activity,
    });
    const conversation = text(answer, 'id') ?? channel;
    threads.set(message.conversation, conversation);
    remember(message, conversation, text(answer, 'activityId'), activity);
  }

  /** A post of a person: made in the Playground as if by its own user (`painted`, so that an @ in it is no mention and nobody is told), shown as by its author. */
  async function paintThread(message: Message, channel: string): Promise<void> {
    const answer = await ask(
      `/_conversation/v1/conversations/${encodeURIComponent(channel)}/messages`,
      'POST',
      {
        from: { id: person.id },
        text: spoken(message),
        textFormat: 'plain',
        mentions: [],
        painted: true,
      },
    );
    const postConversationId = text(answer, 'postConversationId') ?? channel;
    threads.set(message.conversation, postConversationId);
    const id = text(answer, 'messageId') ?? message.id;
    playground.paint(frameOf(person, message, channel, { messageId: id, postConversationId }));
    remember(message, postConversationId, id, spoken(message));
  }

  async function paint(message: Message, conversation: string): Promise<void> {
    playground.paint(frameOf(person, message, conversation, { messageId: `${message.id}-${person.id}` }));
    remember(message, conversation, undefined, spoken(message));
  }

  function remember(message: Message, conversation: string, id: string | undefined, content: unknown): void {
    drawn.set(message.id, {
      conversation,
      content: JSON.stringify(content),
      ...(id === undefined ? {} : { id }),
    });
  }

  /** Waits a moment for this person's own view, so that no card is shown first with everybody's buttons. */
  async function viewOf({ card }: Message): Promise<void> {
    const refresh = card === undefined ? undefined : refreshOf(card);
    if (refresh === undefined) return;
    if (refresh.userIds === undefined || refresh.userIds.includes(person.id))
      await Promise.race([teams.settled(), wait(1_000, undefined, { ref: false })]);
  }

  const call = (method: string, path: string, body: unknown) => ask(`/_connector/${path}`, method, body);

  async function ask(path: string, method: string, body: unknown): Promise<unknown> {
    const headers = { 'content-type': 'application/json', connection: 'close' };
    const response = await fetch(`${playground.url}${path}`, { method, headers, body: JSON.stringify(body) });
    const answer: unknown = await response.json().catch(() => undefined);
    if (!response.ok) {
      throw new Error(
        `The Playground of ${person.name} refused ${method} ${path} (${response.status}): ${JSON.stringify(answer)}`,
      );
    }
    return answer;
  }

  return {
    redraw: () =>
      queue(async () => {
        drawn.clear();
        threads.clear();
        const recent = teams.store
          .all()
          .filter((message) => message.deletedAt === undefined && isVisibleTo(person, message))
          .slice(-remembered);
        for (const message of recent) teams.look(person, message);
        for (const { id } of recent) await drawNow(id);
      }),
    draw: ({ id }) => queue(() => drawNow(id)),
    whisper: (conversation, words) =>
      queue(async () => {
        const activity = { type: 'message', text: words };
        await call('POST', `v3/conversations/${encodeURIComponent(conversation)}/activities`, activity);
      }),
    hold: (message, conversation) => {
      if (partsOf(message.conversation).root !== undefined) threads.set(message.conversation, conversation);
      remember(message, conversation, undefined, spoken(message));
    },
    tenantThread: (windowThread) => [...threads].find(([, there]) => there === windowThread)?.[0],
    tenantMessage: (windowMessage) => [...drawn].find(([, { id }]) => id === windowMessage)?.[0],
  };

  function isVisibleTo(one: Person, message: Message): boolean {
    return membersOf(teams.tenant, message.conversation).some(({ id }) => id === one.id);
  }
}

function text(answer: unknown, key: string): string | undefined {
  const value = isObject(answer) ? answer[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}

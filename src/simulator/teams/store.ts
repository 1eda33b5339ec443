import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Activity } from './activity';
import { type Card, cardOf } from './card';
import { threadId } from './tenant';

/** A message as it stands in a conversation. */
export type Message = {
  readonly id: string;
  /** The thread (`<channel>;messageid=<root>`) or the 1:1 chat that it is in. */
  readonly conversation: string;
  readonly from: { readonly kind: 'bot' | 'person'; readonly id: string; readonly name: string };
  readonly text: string;
  /** The Adaptive Card that everybody without a view of their own sees. */
  readonly card?: Card;
  /** What was last sent for it, word for word. */
  readonly activity: Activity;
  readonly createdAt: string;
  readonly updatedAt?: string;
  readonly deletedAt?: string;
};

/** What can happen to a message; the store is the sum of these. */
export type StoreEvent =
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'update'; readonly message: Message }
  | { readonly type: 'delete'; readonly message: Message };

/** Where a new message goes: into a conversation that is there, or as the root of a new thread in a channel. */
export type Destination =
  | { readonly kind: 'conversation'; readonly id: string }
  | { readonly kind: 'new thread'; readonly channel: string };

/** All messages of the tenant, and what happens to them. */
export type Store = {
  /** Adds a message under the next free id, which is the time in milliseconds as in Teams. */
  add(to: Destination, from: Message['from'], activity: Activity): Message;
  update(id: string, activity: Activity): Message;
  remove(id: string): Message;
  get(id: string): Message | undefined;
  /** The messages of a thread or chat, oldest first, without those deleted. */
  in(conversation: string): readonly Message[];
  /** Every message there ever was, deleted ones too, oldest first. */
  all(): readonly Message[];
  /** The ids of all conversations with a message in them, in the order in which they began. */
  conversations(): readonly string[];
  listen(listener: (event: StoreEvent) => void): () => void;
};

/** A store that starts from what `dataDir` keeps (nothing, without one) and writes every event there before it is told to anyone. */
export function createStore(now: () => Date, dataDir?: string): Store {
  const messages = new Map<string, Message>();
  const listeners = new Set<(event: StoreEvent) => void>();
  const keep = dataDir === undefined ? () => undefined : keepIn(dataDir, messages);
  let lastId = [...messages.keys()].reduce((last, id) => Math.max(last, Number(id)), 0);

  const happen = (event: StoreEvent): Message => {
    keep(event);
    messages.set(event.message.id, event.message);
    for (const listener of listeners) listener(event);
    return event.message;
  };
  const present = (id: string): Message => {
    const message = messages.get(id);
    if (message === undefined || message.deletedAt !== undefined) {
      throw new Error(`There is no message ${id} in the tenant, or it was deleted.`);
    }
    return message;
  };

  return {
    add: (to, from, activity) => {
      const at = now();
      lastId = Math.max(lastId + 1, at.getTime());
      const id = String(lastId);
      const conversation = to.kind === 'conversation' ? to.id : threadId(to.channel, id);
      const content = contentOf(activity);
      return happen({
        type: 'message',
        message: { id, conversation, from, ...content, createdAt: at.toISOString() },
      });
    },
    update: (id, activity) => {
      const { card: _replaced, ...rest } = present(id);
      return happen({
        type: 'update',
        message: { ...rest, ...contentOf(activity), updatedAt: now().toISOString() },
      });
    },
    remove: (id) => happen({ type: 'delete', message: { ...present(id), deletedAt: now().toISOString() } }),
    get: (id) => messages.get(id),
    in: (conversation) =>
      [...messages.values()].filter(
        (message) => message.conversation === conversation && message.deletedAt === undefined,
      ),
    all: () => [...messages.values()],
    conversations: () => [...new Set([...messages.values()].map((message) => message.conversation))],
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function contentOf(activity: Activity): Pick<Message, 'text' | 'card' | 'activity'> {
  const card = cardOf(activity);
  return { text: activity.text ?? '', activity, ...(card === undefined ? {} : { card }) };
}

/** Reads the journal of an earlier start into `messages` and returns what appends to it; a line cut off by a crash is left out. */
function keepIn(dataDir: string, messages: Map<string, Message>): (event: StoreEvent) => void {
  const file = join(dataDir, 'teams.ndjson');
  mkdirSync(dataDir, { recursive: true });
  if (existsSync(file)) {
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      const message = messageFrom(line);
      if (message !== undefined) messages.set(message.id, message);
    }
  }
  // Rewritten at each start, so that a headline card redrawn a thousand times is kept once.
  const fresh = `${file}.new`;
  writeFileSync(fresh, [...messages.values()].map((message) => `${JSON.stringify(message)}\n`).join(''));
  renameSync(fresh, file);
  return ({ message }) => appendFileSync(file, `${JSON.stringify(message)}\n`);
}

function messageFrom(line: string): Message | undefined {
  try {
    return JSON.parse(line) as Message;
  } catch {
    return undefined;
  }
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type Activity, messageIn } from './activity';
import { isObject } from './card';
import type { HttpAnswer } from './connector';
import { type Delivered, parsed } from './delivery';
import type { SayOptions } from './people';
import { type Playground, startPlayground } from './playground-process';
import type { Message } from './store';
import type { Teams } from './teams';
import { channelOf, type PersonRef, partsOf, personalChatId } from './tenant';
import { type Canvas, createCanvas } from './window-canvas';

/** How a window is opened. */
export type WindowOptions = {
  readonly teams: Teams;
  readonly person: PersonRef;
  /** Preferred port for the page; another is taken when it is not free. */
  readonly port: number;
  /** Where the Playground's configuration and log are written; a temporary folder, unless told. */
  readonly directory?: string;
  /** Told in words when something could not be shown. */
  readonly report?: (trouble: string) => void;
};

/** One person's window into the tenant: an Agents Playground that shares channels with all other windows. */
export type PlaygroundWindow = { readonly url: string; readonly pid: number; close(): Promise<void> };

/**
 * Opens a Microsoft 365 Agents Playground as one person of the tenant. What the person does there happens in the tenant; what
 * happens in the tenant is shown there, each card as this person sees it. The bot is told of its installation as soon as it answers.
 */
export async function openWindow(options: WindowOptions): Promise<PlaygroundWindow> {
  const { teams, report = () => undefined } = options;
  const person = teams.person(options.person);
  const typed = new Map<string, string>();
  let canvas: Canvas | undefined;
  let pages = 0;

  const hears = (message: Message) => {
    const written = message.activity.id ?? '';
    const here = typed.get(written);
    if (here !== undefined) {
      typed.delete(written);
      canvas?.hold(message, here);
    }
    // With no page open the Playground would keep it for the next one, which is given everything anyway.
    else if (pages > 0) canvas?.draw(message);
  };
  const stops = (['message', 'update', 'delete', 'view'] as const).map((type) => teams.on(type, hears));

  /** What the person did in the Playground, done in the tenant; the answer goes back to the page. */
  async function happen(activity: Activity): Promise<HttpAnswer> {
    const how = spokenHow(activity);
    const conversation = activity.conversation?.id ?? '';
    if (activity.type === 'invoke') return execute(activity, how);
    // The bot hears of installations once, from us, and not at every page that is opened.
    if (activity.type !== 'message') return { status: 200 };
    if (activity.text === undefined) {
      const id = canvas?.tenantMessage(activity.replyToId ?? '');
      return id === undefined ? gone : answerOf(await teams.submit(person, id, activity.value, how));
    }
    const isKnown =
      conversation === personalChatId(person) || channelOf(teams.tenant, conversation) !== undefined;
    if (!isKnown) {
      const { bot, team } = teams.tenant;
      canvas?.whisper(
        conversation,
        `${bot.name} is not in this chat. Write to it in the channel ${team.channels[0]?.name}, or in the personal chat.`,
      );
      return { status: 200 };
    }
    if (activity.id !== undefined) typed.set(activity.id, conversation);
    const thread = canvas?.tenantThread(conversation);
    const { top, root } = partsOf(conversation);
    const said = await teams.receive(
      person,
      thread !== undefined
        ? { kind: 'conversation', id: thread }
        : root === undefined
          ? { kind: 'conversation', id: top }
          : { kind: 'new thread', channel: top },
      (place) => ({ ...messageIn(place, activity.text ?? '', false), ...wordsOf(activity) }),
      how,
    );
    return { status: said.status };
  }

  async function execute(activity: Activity, how: SayOptions): Promise<HttpAnswer> {
    const action = isObject(activity.value) ? activity.value['action'] : undefined;
    if (activity.name !== 'adaptiveCard/action' || !isObject(action)) return { status: 501 };
    const id = canvas?.tenantMessage(activity.replyToId ?? '');
    if (id === undefined) return gone;
    const { id: actionId, title, verb, data } = action;
    const answer = await teams.execute(
      person,
      id,
      {
        ...(typeof actionId === 'string' ? { id: actionId } : {}),
        ...(typeof title === 'string' ? { title } : {}),
        ...(typeof verb === 'string' ? { verb } : {}),
        data,
      },
      how,
    );
    return withoutRefresh(answerOf(answer));
  }

  const relay = createServer((request, response) => {
    bodyOf(request)
      .then((body) => (isActivity(body) ? happen(body) : { status: 400 }))
      .then((answer) => send(response, answer))
      .catch((error: unknown) => {
        report(String(error));
        send(response, { status: 500 });
      });
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(relay.address() as AddressInfo).port}/api/messages`;

  const playground: Playground = await startPlayground({
    tenant: teams.tenant,
    person,
    port: options.port,
    endpoint,
    ...(options.directory === undefined ? {} : { directory: options.directory }),
    onPages: (open) => {
      const opened = open > pages;
      pages = open;
      if (opened) canvas?.redraw();
    },
  });
  canvas = createCanvas(teams, person, playground, report);
  const installing = new AbortController();
  tellInstalled(teams, person.id, installing.signal).catch((error: unknown) => report(String(error)));

  return {
    url: playground.url,
    pid: playground.pid,
    close: async () => {
      installing.abort();
      for (const stop of stops) stop();
      await playground.close();
      relay.closeAllConnections();
      await new Promise<void>((resolve) => relay.close(() => resolve()));
    },
  };
}

const gone: HttpAnswer = {
  status: 200,
  body: {
    statusCode: 200,
    type: 'application/vnd.microsoft.activity.message',
    value: 'This card is out of date. Use the newest one, or reload the page.',
  },
};

/** Tells the bot of its installation until it answers: it may still be starting. */
async function tellInstalled(teams: Teams, person: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const answers = await teams.install([person]);
    if (answers.every(({ status }) => status < 500)) return;
    await wait(500, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

function spokenHow(activity: Activity): SayOptions {
  const { localTimezone, locale } = activity;
  return {
    ...(typeof localTimezone === 'string' ? { timezone: localTimezone } : {}),
    ...(typeof locale === 'string' ? { locale } : {}),
  };
}

/** What the person wrote, as the Playground sent it; where and who is the tenant's to say. */
function wordsOf({ id, text, textFormat, entities, attachments }: Activity): Partial<Activity> {
  return {
    ...(id === undefined ? {} : { id }),
    ...(text === undefined ? {} : { text }),
    ...(textFormat === undefined ? {} : { textFormat }),
    ...(entities === undefined ? {} : { entities }),
    ...(attachments === undefined ? {} : { attachments }),
  };
}

function answerOf({ status, body }: Delivered): HttpAnswer {
  return { status, body };
}

function withoutRefresh(answer: HttpAnswer): HttpAnswer {
  const { body } = answer;
  if (!isObject(body) || !isObject(body['value'])) return answer;
  const { refresh: _refresh, ...card } = body['value'];
  return { ...answer, body: { ...body, value: card } };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return parsed(Buffer.concat(chunks).toString());
}

function isActivity(body: unknown): body is Activity {
  return isObject(body) && typeof body['type'] === 'string';
}

function send(response: ServerResponse, { status, body }: HttpAnswer): void {
  // Two statements: restify, in the same process, replaces `writeHead` by one that returns nothing.
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(body === undefined ? '' : JSON.stringify(body));
}

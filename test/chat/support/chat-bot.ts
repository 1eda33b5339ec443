import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { pino } from 'pino';
import type { Arrived } from '../../../src/chat/arrived';
import { createArrived } from '../../../src/chat/arrived';
import { type Chat, type ChatPorts, createChat } from '../../../src/chat/chat';
import type { Credentials } from '../../../src/chat/credentials';
import { readConfig } from '../../../src/config';
import { createDirectory } from '../../../src/engine/directory';
import { createReadiness } from '../../../src/readiness/readiness';
import { createRollCalls } from '../../../src/readiness/roll-calls';
import { type Listening, serve } from '../../../src/server';
import type { Message } from '../../../src/simulator/teams/store';
import { startTeams, type Teams, type TeamsOptions } from '../../../src/simulator/teams/teams';
import { healthy } from '../../readiness/triage/seen';
import { createFakeAzure } from '../../support/fake-azure';
import { type SmallEngine, smallEngine } from './small-engine';

/** A bot in Teams on this machine, with an engine that the test drives. */
export interface ChatBot {
  readonly teams: Teams;
  readonly engine: SmallEngine;
  readonly pool: Pool;
  readonly url: string;
  /** Makes so many of the next readings from Microsoft Graph fail, for a while or for good. */
  readonly graph: { fails: { times: number; readonly passing: boolean } };
  /** What was logged, one line each. */
  readonly logged: readonly string[];
  /** Ends the bot's chat and starts another one on the same store, as a restart does. */
  readonly restart: () => Promise<void>;
  readonly stopChat: () => Promise<void>;
  /** The bot's lines in a thread, oldest first. */
  readonly lines: (thread: string) => readonly string[];
  /** Waits until nothing is to be sent, worked on or refreshed any more, but for redraws that have time. */
  readonly quiet: (ms?: number) => Promise<void>;
  /** The newest message by the bot in a conversation on whose card this person finds such a button. */
  readonly withButton: (who: string, button: string, thread?: string) => Promise<Message>;
  readonly close: () => Promise<void>;
}

/** The demo's people and app, as the tenant of the simulator has them. */
const { estate } = readConfig({});

/** An Entra that is never asked: the estate has no groups. */
const nobody = { user: async () => null, membersOf: async () => [] };

/** Starts a bot and Teams around it. */
export async function startChatBot(
  pool: Pool,
  options: {
    readonly teams?: Partial<TeamsOptions>;
    readonly credentials?: (teams: Teams) => Credentials;
    readonly arrived?: Arrived;
    readonly now?: () => Date;
    readonly host?: string;
    readonly chat?: Partial<ChatPorts>;
  } = {},
): Promise<ChatBot> {
  const now = options.now ?? (() => new Date());
  const engine = smallEngine(now);
  const logged: string[] = [];
  const graph: ChatBot['graph'] = { fails: { times: 0, passing: true } };
  const log = pino({ level: 'info' }, { write: (line: string) => logged.push(line) });
  let chat: Chat | undefined;
  const current = (): Chat => {
    if (!chat) throw new Error('The chat is stopped.');
    return chat;
  };
  const server: Listening = await serve(
    {
      alert: (delivered) => current().alert(delivered),
      messages: (delivery) => current().messages(delivery),
      incident: (asked) => current().incident(asked),
      value: (asked) => current().value(asked),
      inventory: (asked) => current().inventory(asked),
      version: '1.2.3',
      store: async () => true,
      azure: async () => true,
    },
    { port: 0, log, ...(options.host === undefined ? { host: '127.0.0.1' } : { host: options.host }) },
  );
  const url = `http://127.0.0.1:${server.port}`;
  const teams = await startTeams({ botEndpoint: `${url}/api/messages`, ...options.teams });
  const begin = (): void => {
    const directory = createDirectory(estate, nobody, () => new Date());
    const rollCalls = createRollCalls(pool);
    chat = createChat({
      ...{
        engine: engine.engine,
        estate,
        ...{ directory, rollCalls },
        readiness: createReadiness({
          ...{ azure: createFakeAzure({ now }), estate, engine: engine.engine, directory, rollCalls, now },
        }),
        pool,
        now,
        random: () => 0,
        log,
        publicUrl: () => url,
        look: async () => healthy,
        formPatienceMs: 300,
        readBackMs: 200,
      },
      credentials: options.credentials?.(teams) ?? null,
      arrived: (references) =>
        options.arrived ?? createArrived(references, graphOf(teams, graph), (error) => error === passing),
      ...options.chat,
    });
    chat.start();
  };
  begin();
  const stopChat = async () => {
    await chat?.stop();
    chat = undefined;
  };
  const isTold = async (): Promise<boolean> => {
    if (!chat) return true;
    const { rows } = await pool.query<{ incident: string; seq: number }>('select incident, seq from told');
    const told = new Map(rows.map(({ incident, seq }) => [incident, seq]));
    const views = await engine.engine.incidents('all');
    return views.every(({ incident, entries }) => (told.get(incident) ?? 0) >= entries.length);
  };
  const ofBot = (thread: string) => teams.thread(thread).filter((message) => message.from.kind === 'bot');
  return {
    ...{ teams, engine, pool, url, logged, graph, stopChat },
    restart: async () => {
      await stopChat();
      begin();
    },
    lines: (thread) => ofBot(thread).flatMap(({ text }) => (text === '' ? [] : [text])),
    quiet: async (ms = 8_000) => {
      const until = Date.now() + ms;
      for (;;) {
        await sleep(60);
        await teams.settled();
        // First, since what is told now is open only afterwards.
        const told = await isTold();
        const { rows } = await pool.query<{ open: number }>(
          `select (select count(*) from inbox where done_at is null)
                + (select count(*) from outbox where state in ('waiting', 'sending')
                      or (state = 'sent' and urgency = 'now' and shown is distinct from version)) as open`,
        );
        if (Number(rows[0]?.open) === 0 && told) return;
        if (Date.now() > until) throw new Error(`Not quiet after ${ms} ms:\n${logged.join('')}`);
      }
    },
    withButton: (who, button, thread) =>
      teams.waitFor(
        () =>
          teams.store
            .all()
            .filter(({ from, conversation }) => from.kind === 'bot' && (!thread || conversation === thread))
            .findLast((message) => !message.deletedAt && teams.buttons(who, message).includes(button)),
        6_000,
      ),
    close: async () => {
      await stopChat();
      await teams.close();
      await server.close();
    },
  };
}

const passing = new Error('Graph answers 503.');

interface Listed {
  readonly value: readonly {
    readonly id: string;
    readonly createdDateTime: string;
    readonly deletedDateTime: string | null;
    readonly body: { readonly content: string };
    readonly attachments: readonly { readonly content: string }[];
  }[];
  readonly '@odata.nextLink'?: string;
}

/** Reads messages back as Microsoft Graph shows them, page by page. */
function graphOf(teams: Teams, graph: ChatBot['graph']): Parameters<typeof createArrived>[1] {
  return async (place, since) => {
    if (graph.fails.times > 0) {
      graph.fails.times -= 1;
      throw graph.fails.passing ? passing : new Error('Graph answers 403.');
    }
    const path =
      'chat' in place
        ? `/v1.0/chats/${encodeURIComponent(place.chat)}/messages`
        : `/v1.0/teams/${place.team}/channels/${encodeURIComponent(place.channel)}/messages/${place.root}/replies`;
    const headers = { authorization: 'Bearer for-graph' };
    const found: Listed['value'][number][] = [];
    for (let url: string | undefined = `${path}?$top=50`; url !== undefined; ) {
      const { status, body } = teams.graph({ method: 'GET', url, headers });
      if (status !== 200) throw new Error(`Graph answers ${status} to ${path}.`);
      const { value, '@odata.nextLink': next } = body as Listed;
      found.push(...value);
      url = value.some(({ createdDateTime }) => new Date(createdDateTime) < since) ? undefined : next;
    }
    return found
      .filter(({ deletedDateTime }) => deletedDateTime === null)
      .map(({ id, body: { content }, attachments }) => ({
        id,
        text: content,
        cards: attachments.map((one) => JSON.parse(one.content) as unknown),
      }));
  };
}

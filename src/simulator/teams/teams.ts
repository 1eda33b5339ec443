import { type Activity, activityIn, executeIn, type Place } from './activity';
import { buttonsOf, type Card, nameOf, wordsOf } from './card';
import type { HttpAnswer } from './connector';
import { serveConnector } from './connector-server';
import { createDelivery, type Delivered } from './delivery';
import type { Call, Fault, LaidFault } from './faults';
import { answerGraph, type GraphRequest } from './graph';
import { createPeople, type SayOptions } from './people';
import { channelSettings, createSigning, type TokenKind } from './signing';
import { createStore, type Message } from './store';
import {
  findPerson,
  type Person,
  type PersonRef,
  partsOf,
  personalChatId,
  playgroundTenant,
  type Tenant,
} from './tenant';
import { createViews } from './views';
import { createWatch } from './watch';

/** How Teams on this machine is to be. */
export type TeamsOptions = {
  /** Where the bot listens, such as `http://127.0.0.1:3978/api/messages`; asked each time when it can move. */
  readonly botEndpoint: string | (() => string);
  /** The connector's port; any free one, unless told. */
  readonly port?: number;
  readonly now?: () => Date;
  /** Refuse, as Teams does, what the bot sends too fast (429 with Retry-After). */
  readonly limits?: boolean;
  readonly tenant?: Tenant;
  /** Sign activities for the bot `appId`; `admits` judges the bot's own Authorization header. */
  readonly authorize?: {
    readonly appId: string;
    readonly admits?: (authorization: string | undefined) => boolean;
  };
  /** Where conversations are kept over a restart; without it they end with the process. */
  readonly dataDir?: string;
};

/** What `send` may change about the delivery: another token, or none. */
export type SendOptions = { readonly token?: TokenKind | 'none' };

/** Teams, as far as a bot can tell: a Bot Connector with people in it. */
export type Teams = Awaited<ReturnType<typeof startTeams>>;

/** Starts the Bot Connector on 127.0.0.1 with an empty tenant, or the one kept in `dataDir`. */
export async function startTeams(options: TeamsOptions) {
  const { tenant = playgroundTenant, now = () => new Date(), authorize } = options;
  const store = createStore(now, options.dataDir);
  const signing = authorize === undefined ? undefined : createSigning(authorize.appId, now);
  const delivery = createDelivery(options.botEndpoint);

  const connector = await serveConnector({
    port: options.port ?? 0,
    now,
    limits: options.limits ?? false,
    state: (serviceUrl) => ({ tenant, store, serviceUrl }),
    documents: (path, url) => {
      if (path === '/.well-known/openidconfiguration') return signing?.openIdConfiguration(url);
      return path === '/.well-known/jwks' ? signing?.keys() : undefined;
    },
    admits: authorize?.admits ?? (() => true),
  });
  const { url } = connector;

  const views = createViews(
    tenant,
    store,
    (person, message, action, trigger) =>
      send(executeIn(placeOf(person, message.conversation), message.id, action, trigger)),
    (person, message) => watch.tell({ type: 'view', person, message }),
  );
  const watch = createWatch(store);
  const people = createPeople({ tenant, store, views, send, placeOf });

  function placeOf(person: Person, conversation: string, how: SayOptions = {}): Place {
    const { timezone = 'UTC', locale = 'en-US' } = how;
    return { tenant, serviceUrl: url, person, conversation, at: now(), timezone, locale };
  }

  async function send(activity: Activity, { token = 'proper' }: SendOptions = {}): Promise<Delivered> {
    const signed = signing === undefined || token === 'none' ? undefined : signing.token(token, url);
    return delivery.deliver(activity, signed === undefined ? undefined : `Bearer ${signed}`);
  }

  function seen(who: PersonRef, message: Message | string): Card | undefined {
    return views.cardFor(findPerson(tenant, who), typeof message === 'string' ? message : message.id);
  }

  return {
    /** The service URL: what the bot answers to. */
    url,
    tenant,
    /** Every message, and the way to hear of new ones; for relays. */
    store,
    ...people,
    on: watch.on,
    waitFor: watch.waitFor,
    /** Sends any activity as it is. */
    send,
    /** Sends the same activity again and again, as Teams does when an answer is late. */
    resend: async (activity: Activity, times: number): Promise<readonly Delivered[]> =>
      Promise.all(Array.from({ length: times }, () => send(activity))),
    /** An activity of this person with nothing in it but who and where, for tests that write the rest. */
    blank: (who: PersonRef, type: string, conversation?: string): Activity => {
      const person = findPerson(tenant, who);
      return activityIn(placeOf(person, conversation ?? personalChatId(person)), type);
    },
    person: (who: PersonRef): Person => findPerson(tenant, who),
    thread: (id: string): readonly Message[] => store.in(id),
    /** The threads of a channel (General, unless told), oldest first. */
    threads: (channel = tenant.team.id): readonly string[] =>
      store.conversations().filter((id) => partsOf(id).root !== undefined && partsOf(id).top === channel),
    personal: (who: PersonRef): readonly Message[] => store.in(personalChatId(findPerson(tenant, who))),
    /** The card this person sees: their own view of it, else the one for all. */
    view: seen,
    /** What Teams does when a card scrolls into this person's sight: fetches their view, if they should have one and do not. */
    look: (who: PersonRef, message: Message): void => views.look(findPerson(tenant, who), message),
    /** The titles of the buttons this person sees on a card. */
    buttons: (who: PersonRef, message: Message | string): readonly string[] => {
      const card = seen(who, message);
      return card === undefined ? [] : buttonsOf(card).map(nameOf);
    },
    /** All that this person can read on a card, a line each. */
    words: (who: PersonRef, message: Message | string): string => wordsOf(seen(who, message)).join('\n'),
    settled: views.settled,
    fail: (fault: Fault): LaidFault => connector.fail(fault),
    calls: (): readonly Call[] => connector.calls(),
    /** Microsoft Graph's side of the same messages. */
    graph: (request: GraphRequest): HttpAnswer => answerGraph(tenant, store, request),
    /** The botbuilder settings by which a bot trusts the tokens of `authorize`. */
    channelSettings: () => channelSettings(url),
    close: async (): Promise<void> => {
      views.close();
      delivery.close();
      await connector.close();
    },
  };
}

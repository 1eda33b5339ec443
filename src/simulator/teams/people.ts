import {
  type Activity,
  executeIn,
  installationIn,
  messageActionIn,
  messageIn,
  type Place,
  submitIn,
} from './activity';
import { type Button, buttonsOf, type Card, filledIn, isObject, nameOf } from './card';
import type { Delivered } from './delivery';
import type { Destination, Message, Store } from './store';
import { channelOf, findPerson, type Person, type PersonRef, personalChatId, type Tenant } from './tenant';
import type { Views } from './views';

/** How a person says something; see `Teams.say`. */
export type SayOptions = {
  /** `channel` (a new thread in General, the default), `personal`, the id of a channel (a new thread there), or the id of a thread. */
  readonly conversation?: string;
  readonly activityId?: string;
  /** Whether the bot is mentioned: in a channel yes, in a 1:1 chat no, unless told. */
  readonly mention?: boolean;
  readonly timezone?: string;
  readonly locale?: string;
};

/** What became of something said: the bot's HTTP status, the thread or chat it is in, and the activity as sent. */
export type Said = { readonly status: number; readonly thread: string; readonly activity: Activity };

/** What people act on: the tenant and its messages, their views of cards, and the way to the bot. */
export type Surroundings = {
  readonly tenant: Tenant;
  readonly store: Store;
  readonly views: Views;
  readonly send: (activity: Activity) => Promise<Delivered>;
  readonly placeOf: (person: Person, conversation: string, how?: SayOptions) => Place;
};

/** What people can do in Teams: say something, press a button, install the bot. */
export function createPeople({ tenant, store, views, send, placeOf }: Surroundings) {
  /** Puts a person's message into the tenant and, when the bot is to hear it, sends it on under its id in the tenant. */
  async function receive(
    person: Person,
    to: Destination,
    write: (place: Place) => Activity,
    { activityId, heard = true, ...options }: SayOptions & { readonly heard?: boolean } = {},
  ): Promise<Said> {
    const from = { kind: 'person', id: person.id, name: person.name } as const;
    const draft = write(placeOf(person, to.kind === 'conversation' ? to.id : to.channel, options));
    const { id, conversation } = store.add(to, from, draft);
    const activity = { ...write(placeOf(person, conversation, options)), id: activityId ?? id };
    const { status } = heard ? await send(activity) : { status: 200 };
    return { status, thread: conversation, activity };
  }

  async function say(who: PersonRef, text: string, how: SayOptions = {}): Promise<Said> {
    const person = findPerson(tenant, who);
    const to = destination(tenant, person, how.conversation ?? 'channel');
    const inChannel = to.kind === 'new thread' || channelOf(tenant, to.id) !== undefined;
    const mention = how.mention ?? inChannel;
    return receive(person, to, (place) => messageIn(place, text, mention), {
      ...how,
      heard: mention || !inChannel,
    });
  }

  function current(message: Message | string): Message {
    const id = typeof message === 'string' ? message : message.id;
    const found = store.get(id);
    if (found === undefined || found.deletedAt !== undefined) {
      throw new Error(`Message ${id} is not in Teams, or it was deleted.`);
    }
    return found;
  }

  /** Sends an `adaptiveCard/action` of this person and shows them the card that comes back. */
  async function execute(
    who: PersonRef,
    message: Message | string,
    action: Parameters<typeof executeIn>[2],
    how: SayOptions = {},
  ): Promise<Delivered> {
    const person = findPerson(tenant, who);
    const { id, conversation } = current(message);
    const answer = await send(executeIn(placeOf(person, conversation, how), id, action, 'manual'));
    const after = store.get(id);
    if (after !== undefined && after.deletedAt === undefined) views.take(person, after, answer);
    return answer;
  }

  async function press(
    who: PersonRef,
    message: Message | string,
    named: string,
    inputs: Readonly<Record<string, string>> = {},
    how: SayOptions = {},
  ): Promise<Delivered> {
    const person = findPerson(tenant, who);
    const { id } = current(message);
    const button = buttonNamed(views.cardFor(person, id), named, person);
    const { data } = button;
    const values = filledIn(button, inputs);
    const merged = typeof data === 'string' ? data : { ...(isObject(data) ? data : {}), ...values };
    if (button.type === 'Action.Submit') {
      return submit(person, id, merged, how);
    }
    const { title, verb, id: actionId } = button;
    return execute(
      person,
      id,
      {
        ...(actionId === undefined ? {} : { id: actionId }),
        ...(title === undefined ? {} : { title }),
        ...(verb === undefined ? {} : { verb }),
        data: merged,
      },
      how,
    );
  }

  /** Sends what an `Action.Submit` of this person sends: a message without text, not shown to anybody. */
  async function submit(
    who: PersonRef,
    message: Message | string,
    value: unknown,
    how: SayOptions = {},
  ): Promise<Delivered> {
    const { id, conversation } = current(message);
    return send(submitIn(placeOf(findPerson(tenant, who), conversation, how), id, value));
  }

  /** Chooses an action of the app on a message, as its menu offers it; gives what the bot answered. */
  async function choose(who: PersonRef, message: Message | string, command: string): Promise<Delivered> {
    const { id, conversation, from, text, createdAt } = current(message);
    const place = placeOf(findPerson(tenant, who), conversation);
    return send(messageActionIn(place, command, { id, text, author: from.name, at: new Date(createdAt) }));
  }

  /** Tells the bot that it was installed: in the team, and in a 1:1 chat with each of `people` (everybody, unless told). */
  async function install(people: readonly PersonRef[] = tenant.people): Promise<readonly Delivered[]> {
    const everyone = people.map((ref) => findPerson(tenant, ref));
    const [installer] = everyone;
    const places = [
      ...(installer === undefined ? [] : [placeOf(installer, tenant.team.id)]),
      ...everyone.map((person) => placeOf(person, personalChatId(person))),
    ];
    const answers: Delivered[] = [];
    for (const activity of places.flatMap(installationIn)) answers.push(await send(activity));
    return answers;
  }

  return { receive, say, execute, submit, press, choose, install };
}

function destination(tenant: Tenant, person: Person, conversation: string): Destination {
  if (conversation === 'personal') return { kind: 'conversation', id: personalChatId(person) };
  const channel = conversation === 'channel' ? tenant.team.id : conversation;
  const startsThread = tenant.team.channels.some(({ id }) => id === channel);
  return startsThread ? { kind: 'new thread', channel } : { kind: 'conversation', id: conversation };
}

function buttonNamed(card: Card | undefined, named: string, person: Person): Button {
  const buttons = card === undefined ? [] : buttonsOf(card);
  const found = buttons.find(({ title, verb, id }) => [title, verb, id].includes(named));
  if (found !== undefined) return found;
  const there = buttons.map(nameOf).join(', ') || 'none';
  throw new Error(`${person.name} sees no button "${named}" on this card. Buttons there: ${there}.`);
}

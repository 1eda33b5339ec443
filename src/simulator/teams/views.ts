import { type Card, isObject, type Refresh, refreshOf } from './card';
import { membersOf } from './connector';
import type { Delivered } from './delivery';
import type { Message, Store } from './store';
import type { Person, Tenant } from './tenant';

// Teams fetches at most 60 user-specific views of a card by itself.
const mostViews = 60;

/** What each person sees where it differs from what all see. */
export type Views = {
  /** The card this person sees: their own view, else the shared one. */
  cardFor(person: Person, id: string): Card | undefined;
  /** Takes the answer to an `adaptiveCard/action` of this person; a card in it becomes their view. */
  take(person: Person, message: Message, answer: Delivered): void;
  /** Fetches this person's view if the card asks for one and there is none yet: what Teams does when a card scrolls into sight. */
  look(person: Person, message: Message): void;
  /** Ends when no view is being fetched any more. */
  settled(): Promise<void>;
  close(): void;
};

/** Fetches one person's view of a card from the bot, by the card's `refresh` action. */
export type FetchView = (
  person: Person,
  message: Message,
  action: Refresh['action'],
  trigger: 'automatic',
) => Promise<Delivered>;

/** Keeps user-specific views as Teams does: a card that comes or changes replaces everybody's view, then each person named in its `refresh` is asked for once. */
export function createViews(
  tenant: Tenant,
  store: Store,
  fetchView: FetchView,
  changed: (person: Person, message: Message) => void,
): Views {
  const own = new Map<string, Map<string, Card>>();
  const underway = new Set<Promise<void>>();
  let closed = false;

  const take = (person: Person, message: Message, answer: Delivered): void => {
    const card = cardInAnswer(answer);
    // A card answered to a message that changed meanwhile is out of date: its refresh is on the way.
    if (card === undefined || store.get(message.id)?.activity !== message.activity) return;
    const views = own.get(message.id) ?? new Map<string, Card>();
    own.set(message.id, views.set(person.id, card));
    changed(person, message);
  };

  const fetchFor = (person: Person, message: Message): void => {
    const action = message.card === undefined ? undefined : refreshOf(message.card)?.action;
    if (action === undefined) return;
    // After the bot has its answer: Teams, too, asks only once the message stands.
    const fetching = new Promise<void>((resolve) => setImmediate(resolve)).then(async () => {
      if (!closed) take(person, message, await fetchView(person, message, action, 'automatic'));
    });
    underway.add(fetching);
    fetching.finally(() => underway.delete(fetching)).catch(() => undefined);
  };

  const stop = store.listen(({ type, message }) => {
    own.delete(message.id);
    if (type === 'delete' || message.from.kind !== 'bot') return;
    for (const person of audience(tenant, message)) fetchFor(person, message);
  });

  return {
    cardFor: (person, id) => own.get(id)?.get(person.id) ?? store.get(id)?.card,
    take,
    look: (person, message) => {
      const isMissing = own.get(message.id)?.has(person.id) !== true;
      if (isMissing && audience(tenant, message).some(({ id }) => id === person.id))
        fetchFor(person, message);
    },
    settled: async () => {
      while (underway.size > 0) await Promise.allSettled(underway);
    },
    close: () => {
      closed = true;
      stop();
    },
  };
}

/** For whom Teams fetches a view without being asked: those named, or everybody where no more than 60 are in the conversation. */
function audience(tenant: Tenant, message: Message): readonly Person[] {
  const refresh = message.card === undefined ? undefined : refreshOf(message.card);
  if (refresh === undefined) return [];
  const present = membersOf(tenant, message.conversation);
  if (refresh.userIds === undefined) return present.length <= mostViews ? present : [];
  const named = refresh.userIds.slice(0, mostViews);
  return present.filter((person) => named.includes(person.id));
}

/** The card in the answer to an `adaptiveCard/action`, if it holds one. */
function cardInAnswer({ status, body }: Delivered): Card | undefined {
  if (status !== 200 || !isObject(body)) return undefined;
  if (body['type'] !== 'application/vnd.microsoft.card.adaptive') return undefined;
  return isObject(body['value']) ? body['value'] : undefined;
}

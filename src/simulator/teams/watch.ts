import type { Message, Store, StoreEvent } from './store';
import type { Person } from './tenant';

/** What a listener is told: the store's events, and a `view` when what one person sees of a card changed. */
export type TeamsEvent =
  | StoreEvent
  | { readonly type: 'view'; readonly person: Person; readonly message: Message };

/** Ways to learn of what happens in Teams. */
export function createWatch(store: Store) {
  const listeners = new Set<(event: TeamsEvent) => void>();
  const tell = (event: TeamsEvent): void => {
    for (const listener of listeners) listener(event);
  };
  store.listen(tell);

  function on(type: TeamsEvent['type'], listener: (message: Message) => void): () => void {
    const hears = (event: TeamsEvent) => {
      if (event.type === type) listener(event.message);
    };
    listeners.add(hears);
    return () => listeners.delete(hears);
  }

  /** The first true value of `look`, tried now and after every event; throws, saying what was said, when `ms` pass without one. */
  async function waitFor<T>(look: () => T | undefined | null | false, ms = 5_000): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const attempt = () => {
        try {
          const found = look();
          if (found) done(() => resolve(found));
        } catch (error) {
          done(() => reject(error));
        }
      };
      const done = (finish: () => void) => {
        clearTimeout(timer);
        clearInterval(ticker);
        listeners.delete(attempt);
        finish();
      };
      const timer = setTimeout(
        () =>
          done(() =>
            reject(
              new Error(`Nothing of the kind in Teams after ${ms} ms. Last said:\n${lastSaid(store.all())}`),
            ),
          ),
        ms,
      );
      // `look` may also look outside Teams, where no event tells of a change.
      const ticker = setInterval(attempt, 50);
      listeners.add(attempt);
      attempt();
    });
  }

  return { tell, on, waitFor };
}

function lastSaid(messages: readonly Message[]): string {
  return messages
    .slice(-8)
    .map(
      ({ from, conversation, text, card }) =>
        `${from.name} in ${conversation}: ${text}${card ? ' [card]' : ''}`,
    )
    .join('\n');
}

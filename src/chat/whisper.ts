import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../incidents/json';
import { addressOf, chatWith } from './addresses';
import type { Connector } from './connector';
import type { Governor } from './governor';
import { postPaced } from './post-paced';
import type { References } from './references';

/** How long Teams may take for it while somebody waits for the answer to a press. */
const PATIENCE_MS = 5_000;

/** Sends one person a card in their 1:1 chat, past the outbox: what must not be kept is not kept. False when it did not arrive. */
export type Whisper = (person: string, card: JsonObject) => Promise<boolean>;

/** Cards for one person alone that nobody writes down. */
export function createWhisper(ports: {
  readonly references: References;
  readonly connector: Connector;
  readonly governor: Governor;
  readonly now: () => Date;
}): Whisper {
  const send = async (person: string, card: JsonObject, until: number): Promise<boolean> => {
    const address = await addressOf(chatWith(person), ports);
    if (address.kind !== 'done') return false;
    const { reference, conversation } = address.value;
    const message = {
      attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }],
    };
    const isWanted = () => performance.now() < until;
    const sent = await postPaced(ports, { to: reference, conversation, message }, isWanted);
    return sent?.kind === 'done';
  };
  return (person, card) =>
    Promise.race([
      send(person, card, performance.now() + PATIENCE_MS),
      sleep(PATIENCE_MS, false, { ref: false }),
    ]);
}

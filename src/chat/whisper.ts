import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../incidents/json';
import { addressOf, chatWith } from './addresses';
import type { Connector } from './connector';
import type { References } from './references';

/** How long Teams may take for it while somebody waits for the answer to a press. */
const PATIENCE_MS = 5_000;

/** Sends one person a card in their 1:1 chat, past the outbox: what must not be kept is not kept. False when it did not arrive. */
export type Whisper = (person: string, card: JsonObject) => Promise<boolean>;

/** Cards for one person alone that nobody writes down. */
export function createWhisper(ports: {
  readonly references: References;
  readonly connector: Connector;
  readonly now: () => Date;
}): Whisper {
  const send = async (person: string, card: JsonObject): Promise<boolean> => {
    const address = await addressOf(chatWith(person), ports);
    if (address.kind !== 'done') return false;
    const { reference, conversation } = address.value;
    const sent = await ports.connector.post(reference, conversation, {
      attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }],
    });
    return sent.kind === 'done';
  };
  return (person, card) => Promise.race([send(person, card), sleep(PATIENCE_MS, false, { ref: false })]);
}

import type { Connector, Sent } from './connector';
import type { Reference, References } from './references';

/** Where a wanted message goes: an existing conversation, or a new thread in a channel. */
export interface Address {
  readonly reference: Reference;
  readonly conversation: string;
  readonly newThread: boolean;
}

/** The outbox's word for somebody's 1:1 chat with the bot. */
export const chatWith = (person: string): string => `person:${person.toLowerCase()}`;

/** The outbox's word for a new thread in a channel. */
export const newThreadIn = (channel: string): string => `new:${channel}`;

/**
 * Finds where the outbox's conversations really are; a 1:1 chat with somebody who never wrote to the bot is opened.
 * `refused` when Teams does not let the bot reach them, or the bot has never heard from that place.
 */
export async function addressOf(
  conversation: string,
  { references, connector, now }: { references: References; connector: Connector; now: () => Date },
): Promise<Sent<Address>> {
  if (conversation.startsWith('person:')) {
    const person = conversation.slice('person:'.length);
    const known = await references.chatWith(person);
    if (known) return at(known, known.conversation);
    return openChat(person, { references, connector, now });
  }
  const newThread = conversation.startsWith('new:');
  const place = newThread ? conversation.slice('new:'.length) : conversation;
  const reference = (await references.of(place)) ?? (newThread ? await references.newest() : null);
  return reference
    ? at(reference, place, newThread)
    : { kind: 'refused', problem: `The bot has never heard from the conversation ${place}.` };
}

/**
 * The reference of a thread that the bot itself has begun: nobody needs to have written there, or anywhere in its
 * channel, before the bot can go on in it.
 */
export function threadOf({ reference, conversation: channel }: Address, thread: string): Reference {
  const isThere = reference.channel === channel;
  return {
    ...{ conversation: thread, kind: 'channel', person: null, channel },
    ...{ serviceUrl: reference.serviceUrl, bot: reference.bot, tenant: reference.tenant },
    team: isThere ? reference.team : null,
    teamGroup: isThere ? reference.teamGroup : null,
  };
}

const at = (reference: Reference, conversation: string, newThread = false): Sent<Address> => ({
  kind: 'done',
  value: { reference, conversation, newThread },
});

async function openChat(
  person: string,
  { references, connector, now }: { references: References; connector: Connector; now: () => Date },
): Promise<Sent<Address>> {
  const by = await references.newest();
  if (!by) return { kind: 'refused', problem: 'The bot has not been installed anywhere yet.' };
  const met = (await references.acquaintances()).get(person);
  const opened = await connector.openChat(by, met?.mri ?? person);
  if (opened.kind !== 'done') return opened;
  const reference: Reference = {
    ...by,
    conversation: opened.value,
    kind: 'personal',
    person,
    channel: null,
    team: null,
    teamGroup: null,
  };
  await references.save(reference, now());
  return at(reference, opened.value);
}

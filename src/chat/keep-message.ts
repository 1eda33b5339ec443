import { z } from 'zod/v4';
import type { Engine } from '../engine/engine';
import { DECIDES, roleRefusal } from '../engine/may';
import { withoutSecrets } from '../without-secrets';
import type { Asker } from './asker';
import type { Incoming } from './incoming';
import { meantIncident } from './meant-run';
import { saidAt } from './said-at';

/** A message that somebody chose "Add to the timeline" on (Bot Framework, messaging extension action). */
const chosen = z.looseObject({
  messagePayload: z.looseObject({
    id: z.string().min(1).max(200),
    createdDateTime: z.string().optional(),
    from: z
      .looseObject({
        user: z.looseObject({ displayName: z.string().nullish() }).nullish(),
        application: z.looseObject({ displayName: z.string().nullish() }).nullish(),
      })
      .nullish(),
    body: z.looseObject({ content: z.string().nullish() }).nullish(),
  }),
});

const LONGEST = 2_000;

/**
 * Adds a message of the chat to the timeline of the incident in whose thread it stands, with its own time and author;
 * the same message once. Gives the words for the one who chose it.
 */
export async function keepMessage(
  engine: Engine,
  { person }: Asker,
  activity: Incoming,
  heardAt: Date,
): Promise<string> {
  const refusal = roleRefusal(person, DECIDES);
  if (refusal !== null) return refusal;
  const read = chosen.safeParse(activity.value);
  const text = read.success ? textOf(read.data.messagePayload.body?.content ?? '') : '';
  if (!read.success || text === '')
    return 'This message has no words that could be kept. Use "@dr note …" instead.';
  const meant = await meantIncident(engine, activity.conversation.id, '', 'all');
  if (meant.kind !== 'one' || meant.view.conversation !== activity.conversation.id)
    return 'This message does not stand in the thread of an incident. Choose one that does, or use "@dr note".';
  const { messagePayload: message } = read.data;
  const of = message.from?.user?.displayName ?? message.from?.application?.displayName ?? 'somebody';
  const { at, own } = saidAt(message.createdDateTime, heardAt);
  const { incident } = meant.view;
  const answered = await engine.note({
    ...{ id: `message:${message.id}`, incident, by: person, at },
    // Cut afterwards: half a secret no longer looks like one.
    event: { type: 'note.added', text: shortened(withoutSecrets(text)), of: of.slice(0, 120) },
  });
  if (!answered.ok) return answered.words;
  if (!answered.added)
    return `It is on the timeline of ${incident} already, as #${answered.seq}, with the words that it had then. If they were changed since: "@dr amend #${answered.seq} …".`;
  const time = own
    ? 'with the time of the message'
    : 'with the time of now: Teams gave none that can be right';
  const left =
    text.length > LONGEST ? ' It is long: the timeline has its beginning, the thread the whole.' : '';
  return `Added to the timeline of ${incident} as #${answered.seq}, ${time}.${left}`;
}

/** So much of a message as an entry holds, marked where it was cut. */
const shortened = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);

/** The words of a message that Teams hands over as HTML. */
const textOf = (html: string): string =>
  html
    .replace(/<(?:br|\/p|\/div)[^>]*>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&nbsp;/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
    .trim();

/** The body of an answer to a messaging extension action that shows words and nothing else. */
export const taskAnswer = (words: string) => ({ task: { type: 'message', value: words } });

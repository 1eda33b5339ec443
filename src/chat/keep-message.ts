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
    return 'This message has no words that could be kept. Use "@dr note <text>" instead.';
  const meant = await meantIncident(engine, activity.conversation.id, '', 'all');
  if (meant.kind !== 'one' || meant.view.conversation !== activity.conversation.id)
    return 'This message does not stand in the thread of an incident. Choose one that does, or use "@dr note".';
  const { messagePayload: message } = read.data;
  const of = message.from?.user?.displayName ?? message.from?.application?.displayName ?? 'somebody';
  const answered = await engine.note({
    ...{ id: `message:${message.id}`, incident: meant.view.incident, by: person },
    // Cut afterwards: half a secret no longer looks like one.
    event: { type: 'note.added', text: withoutSecrets(text).slice(0, LONGEST), of: of.slice(0, 120) },
    at: saidAt(message.createdDateTime, heardAt),
  });
  return answered.ok
    ? `Added to the timeline of ${meant.view.incident}, with the time of the message.`
    : answered.words;
}

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

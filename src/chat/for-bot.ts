import { z } from 'zod/v4';
import type { Incoming } from './incoming';
import { cleanMention } from './words/clean-mention';

const mention = z.looseObject({ type: z.literal('mention'), mentioned: z.looseObject({ id: z.string() }) });

/**
 * Whether a message is meant for the bot. In a channel or a group only what mentions it is: being allowed to read
 * the channel (to find its own messages again after a crash) makes Teams deliver everybody's, which are not kept.
 */
export function isForBot(activity: Incoming): boolean {
  const { conversationType } = activity.conversation;
  if (conversationType !== 'channel' && conversationType !== 'groupChat') return true;
  const { entities, recipient, text } = activity;
  if (!text?.trim()) return activity.value !== undefined;
  const isOurs = (entity: unknown) => mention.safeParse(entity).data?.mentioned.id === recipient.id;
  if (entities?.some(isOurs)) return true;
  const cleaned = cleanMention({ text }, addressee(activity));
  return cleaned.kind === 'words' && cleaned.mentioned;
}

/** The bot as people mention it in this activity. */
export const addressee = ({ recipient }: Incoming) => ({
  id: recipient.id,
  names: [recipient.name ?? '', 'dr'].filter(Boolean),
});

import type { Card } from './card';
import type { Message } from './store';
import type { Teams } from './teams';
import type { Person } from './tenant';

/** What the window is to show for a message of the bot as `person` sees it, in the Playground's terms. */
export function lookOf(teams: Teams, person: Person, message: Message) {
  if (message.deletedAt !== undefined)
    return { type: 'message', text: '*(removed)*', textFormat: 'markdown' };
  const { activity, text: words } = message;
  const own = teams.view(person, message);
  // The Playground splits text and card into two messages and can then update neither.
  const card = own === undefined ? undefined : withText(withoutRefresh(own), words);
  const [, ...others] = activity.attachments ?? [];
  const attachments =
    card === undefined
      ? activity.attachments
      : [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }, ...others];
  return {
    type: 'message',
    ...(card === undefined && words !== ''
      ? { text: words, textFormat: activity.textFormat ?? 'markdown' }
      : {}),
    ...(attachments === undefined ? {} : { attachments }),
    ...(card === undefined && activity.entities !== undefined ? { entities: activity.entities } : {}),
  };
}

/** What a person said, with mentions as people read them. */
export function spoken({ text: words }: Message): string {
  return words.replace(/<at>(.*?)<\/at>/g, '@$1');
}

/** The page's own message for something a person said (the Playground's `createMessage`). */
export function frameOf(
  reader: Person,
  message: Message,
  conversation: string,
  ids: { readonly messageId: string; readonly postConversationId?: string },
) {
  const { from } = message;
  // The page draws the author's initials, but names everybody except its reader after the bot.
  const named =
    from.id === reader.id
      ? {}
      : { text: `**${from.name}:** ${literally(spoken(message))}`, textFormat: 'markdown' };
  return {
    action: 'createMessage',
    actionConversationId: conversation,
    message: {
      ...ids,
      timestamp: Date.parse(message.createdAt),
      from: { id: from.id },
      text: spoken(message),
      textFormat: 'plain',
      ...named,
      attachments: [],
      attachmentLayout: 'list',
      mentions: [],
    },
  };
}

/** Words as Markdown that shows just these words. */
function literally(words: string): string {
  return words.replace(/[\\`*_{}[\]()#+!|~<>&]/g, '\\$&');
}

// The Playground knows no user-specific views and says so above every card that asks for one.
function withoutRefresh({ refresh: _refresh, ...card }: Card): Card {
  return card;
}

function withText(card: Card, words: string): Card {
  if (words === '') return card;
  const body = Array.isArray(card['body']) ? card['body'] : [];
  return { ...card, body: [{ type: 'TextBlock', text: words, wrap: true }, ...body] };
}
